// SPDX-License-Identifier: Apache-2.0
// How far readers got: what several devices say, how much one request carries,
// how long somebody read, where they go on.
import assert from 'node:assert/strict';
import test from 'node:test';

import { theme } from './theme.mjs';

const { NOBODY } = theme('core/local');
const { joined, newest, owned } = theme('core/reader');
const { fits, nextBatch } = theme('core/batches');
const { STILL_MS, STOPPED, seen, taken } = theme('core/stopwatch');
const { nextOf, overviewOf } = theme('core/overview');

const local = (part) => ({ ...NOBODY, owner: 'ann', ...part });
const profileOf = (id) => ({ user: { id }, answers: {}, levels: {} });
const heard = (progress = []) => ({ progress, now: 99 });

test('the_newest_word_about_a_page_counts', () => {
  const ours = {
    '/a': { state: 'read', at: 5 },
    '/b': { state: 'read', at: 9 },
  };
  const all = newest(ours, [
    { page: '/a', state: 'visited', at: 6 },
    { page: '/b', state: 'visited', at: 6 },
  ]);
  assert.equal(all['/a'].state, 'visited');
  assert.equal(all['/b'].state, 'read');
});

test('a_look_at_a_page_unreads_nothing', () => {
  const ours = { '/a': { state: 'visited', at: 9 } };
  const theirs = [{ page: '/a', state: 'read', at: 6, seconds: 60 }];
  assert.equal(newest(ours, theirs, ['/a'])['/a'].state, 'read');
  assert.equal(newest(ours, theirs, ['/a'])['/a'].seconds, 60);
  assert.equal(newest(ours, theirs)['/a'].state, 'visited');
  const both = joined({ state: 'read', place: '#x', at: 1 }, ours['/a']);
  assert.deepEqual([both.state, both.place, both.at], ['read', '#x', 9]);
});

test('another_reader_gets_nothing_of_the_last_one', () => {
  const ann = local({
    progress: { '/a': { state: 'read', at: 1 } },
    answers: { gpu: 'none' },
    version: 'expert',
    guest: { answers: { x: 'y' }, levels: {}, progress: {} },
  });
  const bob = owned(ann, profileOf('bob'), heard());
  assert.equal(bob.owner, 'bob');
  assert.deepEqual([bob.progress, bob.answers], [{}, {}]);
  assert.deepEqual([bob.guest, bob.version], [null, null]);
});

test('a_guests_progress_waits_for_the_readers_word', () => {
  const progress = { '/a': { state: 'read', at: 1 } };
  const ann = owned(
    { ...NOBODY, progress },
    profileOf('ann'),
    heard([{ page: '/b', state: 'read', at: 2 }]),
  );
  assert.deepEqual(Object.keys(ann.progress), ['/b']);
  assert.deepEqual(ann.guest.progress, progress);
  assert.equal(ann.since, 99);
});

test('a_request_carries_500_pages_the_newest_first', () => {
  const pages = Array.from({ length: 501 }, (_, at) => `/chapter-${at}`);
  const progress = Object.fromEntries(
    pages.map((page, at) => [page, { state: 'read', at }]),
  );
  const batch = nextBatch(local({ progress, unsentPages: pages }), false);
  assert.equal(batch.length, 500);
  assert.equal(batch[0].page, '/chapter-500');
});

test('the_last_request_of_a_page_stays_below_64_kib', () => {
  const pages = Array.from(
    { length: 400 },
    (_, at) => `/${at}${'ک'.repeat(99)}`,
  );
  const progress = Object.fromEntries(
    pages.map((page, at) => [page, { state: 'read', at, place: '#x' }]),
  );
  const unsent = local({ progress, unsentPages: pages });
  const body = JSON.stringify({ progress: nextBatch(unsent, true) });
  assert.ok(Buffer.byteLength(body) < 64 * 1024);
  assert.ok(Buffer.byteLength(body) > 50_000);
  assert.equal(nextBatch(unsent, false).length, 400);
});

test('what_the_server_refuses_is_not_sent', () => {
  assert.ok(fits('/'.repeat(512)));
  assert.ok(!fits('ک'.repeat(257)));
  const progress = { '/a': { state: 'read', at: 1, place: 'x'.repeat(257) } };
  const [told] = nextBatch(local({ progress, unsentPages: ['/a'] }), false);
  assert.equal(told.place, '');
});

test('time_counts_between_signs_of_life_while_visible', () => {
  let watch = seen(STOPPED, 1000, true);
  watch = seen(watch, 11_500, true);
  watch = seen(watch, 12_000, false);
  watch = seen(watch, 900_000, true);
  watch = seen(watch, 10_000_000, true);
  const { seconds, watch: rest } = taken(watch, 5);
  assert.equal(seconds, 5 + 11 + STILL_MS / 1000);
  assert.equal(rest.counted, 0);
  assert.equal(taken(rest, 5).seconds, 5);
  assert.equal(taken({ counted: 1e12, last: null }).seconds, 86_400);
});

test('a_reader_goes_on_where_they_were_last', () => {
  const chapters = ['/a', '/b', '/c'].map((page) => ({ page, minutes: 10 }));
  assert.equal(nextOf(chapters, {}).chapter.page, '/a');
  const progress = {
    '/a': { state: 'read', at: 9 },
    '/b': { state: 'visited', at: 1 },
    '/c': { state: 'reading', at: 2, place: '#x' },
  };
  const next = nextOf(chapters, progress);
  assert.deepEqual([next.chapter.page, next.place], ['/c', '#x']);
  assert.deepEqual(overviewOf(chapters, progress), {
    read: 1,
    total: 3,
    minutesLeft: 20,
  });
  assert.equal(nextOf([], {}), null);
});
