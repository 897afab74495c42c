// SPDX-License-Identifier: Apache-2.0
// How far a reader got: one page or many, from several devices, and nothing
// of anybody else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import {
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  given,
  newEmail,
  openBook,
  openReplica,
  refused,
  stopPostgres,
  suite,
  until,
} from './people.mjs';

const PATH = '/api/progress';
const BATCH = 500;
const DAY_MS = 86_400_000;
const BODY_MAX = 524_288;

after(stopPostgres);

/** Numbers from 0 to below `sides`, the same in every run. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function shuffled(list, roll) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

const byPage = (marks) =>
  Object.fromEntries(marks.map((mark) => [mark.page, mark]));

/** What must count in the end, whatever came first. */
function newest(words) {
  const model = {};
  for (const { page, state, place = '', seconds = 0, at } of words) {
    const held = model[page];
    const isNewer = held === undefined || at >= held.at;
    model[page] = {
      page,
      state: isNewer ? state : held.state,
      place: isNewer ? place : held.place,
      seconds: Math.max(seconds, held?.seconds ?? 0),
      at: isNewer ? at : held.at,
    };
  }
  return model;
}

for (const engine of ENGINES) {
  describe(`progress on ${engine}`, { skip: SKIP }, () => {
    const scope = suite();
    let book;
    before(async () => {
      book = await openBook(scope, { engine });
    });

    const put = ({ token }, body, more) =>
      book.call('PUT', PATH, { token, body, ...more });
    const list = async ({ token }, query = '') =>
      given(await book.call('GET', PATH + query, { token })).progress;

    test('keeps a page and gives it back', async () => {
      const ann = await book.reader();
      assert.deepEqual(await list(ann), []);
      const at = Date.now() - 1000;
      const mark = { page: '/docs/intro', state: 'reading', place: '#setup' };
      const answer = given(await put(ann, { ...mark, seconds: 42, at }));
      const whole = { ...mark, seconds: 42, at };
      assert.deepEqual(answer, { progress: [whole] });
      assert.deepEqual(await list(ann), [whole]);
      const [now] = given(await put(ann, { ...mark, state: 'read' })).progress;
      assert.equal(now.state, 'read');
      assert.equal(now.seconds, 42);
      assert.ok(Math.abs(now.at - Date.now()) < 60_000, `${now.at}`);
    });

    test('hears the newest word of three devices in any order', async () => {
      const roll = dice(engine.length);
      const states = ['unread', 'visited', 'reading', 'read'];
      for (let round = 0; round < 8; round++) {
        const ann = await book.reader();
        const words = Array.from({ length: 24 }, (_, i) => ({
          page: `/p${roll(4)}`,
          state: states[roll(4)],
          seconds: roll(100),
          at: 1_000_000 + i,
          ...(roll(2) === 1 && { place: `#${i}` }),
        }));
        const devices = [[], [], []];
        shuffled(words, roll).forEach((word) => devices[roll(3)].push(word));
        await Promise.all(
          devices.map(async (sent) => {
            for (const word of sent) {
              given(await put(ann, roll(2) ? word : { progress: [word] }));
            }
          }),
        );
        assert.deepEqual(byPage(await list(ann)), newest(words));
      }
    });

    test('an older word changes nothing but the seconds', async () => {
      const ann = await book.reader();
      const page = '/a';
      given(await put(ann, { page, state: 'read', at: 2000, seconds: 5 }));
      const older = { page, state: 'visited', at: 1000, seconds: 9 };
      const now = { page, state: 'read', place: '', seconds: 9, at: 2000 };
      assert.deepEqual(given(await put(ann, older)).progress, [now]);
      given(await put(ann, { page, state: 'unread', at: 3000 }));
      assert.equal((await list(ann))[0].state, 'unread');
    });

    test('a device whose clock is ahead does not have the last word', async () => {
      const ann = await book.reader();
      const far = Date.now() + 365 * DAY_MS;
      given(await put(ann, { page: '/a', state: 'read', at: far }));
      const [held] = await list(ann);
      assert.ok(held.at <= Date.now() + 1000, `${held.at}`);
      given(await put(ann, { page: '/a', state: 'unread' }));
      assert.equal((await list(ann))[0].state, 'unread');
    });

    test(`takes ${BATCH} pages at once, and no more`, async () => {
      const ann = await book.reader();
      const many = (count) =>
        Array.from({ length: count }, (_, i) => ({
          page: `/docs/${'chapter/'.repeat(30)}${i}`,
          state: 'read',
          place: `#heading-${i}`,
          seconds: i,
          at: 1000 + i,
        }));
      const answer = await put(ann, { progress: many(BATCH) });
      assert.equal(given(answer).progress.length, BATCH);
      assert.equal((await list(ann)).length, BATCH);
      const fields = refused(
        await put(ann, { progress: many(BATCH + 1) }),
        422,
        'VALIDATION_ERROR',
      );
      assert.ok('progress' in fields, JSON.stringify(fields));
      assert.equal((await list(ann)).length, BATCH);
      assert.deepEqual(given(await put(ann, { progress: [] })).progress, []);
    });

    test('a batch with one wrong entry changes nothing', async () => {
      const ann = await book.reader();
      const good = { page: '/a', state: 'read' };
      const answer = await put(ann, {
        progress: [good, { page: '/b', state: 'finished' }],
      });
      const fields = refused(answer, 422, 'VALIDATION_ERROR');
      assert.deepEqual(Object.keys(fields), ['progress[1].state']);
      assert.match(fields['progress[1].state'], /unread.*visited.*read/);
      assert.deepEqual(await list(ann), []);
    });

    const wrong = [
      ['no page', { state: 'read' }, 'page'],
      ['no state', { page: '/a' }, 'state'],
      ['a page that is null', { page: null, state: 'read' }, 'page'],
      ['a page without a slash', { page: 'docs', state: 'read' }, 'page'],
      ['another site', { page: '//evil.example', state: 'read' }, 'page'],
      ['a URL', { page: 'https://evil.example/', state: 'read' }, 'page'],
      ['a backslash', { page: '/\\evil.example', state: 'read' }, 'page'],
      ['a query', { page: '/a?b', state: 'read' }, 'page'],
      ['a fragment', { page: '/a#b', state: 'read' }, 'page'],
      ['a line break', { page: '/a\nb', state: 'read' }, 'page'],
      ['an escape', { page: '/a\u001b[2J', state: 'read' }, 'page'],
      ['a C1 control', { page: '/a\u009b', state: 'read' }, 'page'],
      ['too long a page', { page: `/${'a'.repeat(512)}`, state: 'read' }, 'page'],
      ['many bytes in few letters', { page: `/${'ü'.repeat(300)}`, state: 'read' }, 'page'],
      ['an unknown state', { page: '/a', state: 'READ' }, 'state'],
      ['a list as state', { page: '/a', state: ['read'] }, 'state'],
      ['too long a place', { page: '/a', state: 'read', place: 'x'.repeat(257) }, 'place'],
      ['a place with NUL in it', { page: '/a', state: 'read', place: '\u0001' }, 'place'],
      ['seconds below 0', { page: '/a', state: 'read', seconds: -1 }, 'seconds'],
      ['half seconds', { page: '/a', state: 'read', seconds: 0.5 }, 'seconds'],
      ['years of seconds', { page: '/a', state: 'read', seconds: 1e9 }, 'seconds'],
      ['time as text', { page: '/a', state: 'read', at: '2026-01-01' }, 'at'],
      ['time before 1970', { page: '/a', state: 'read', at: -1 }, 'at'],
      ['somebody else', { page: '/a', state: 'read', user_id: 'x' }, 'user_id'],
      ['both forms', { page: '/a', state: 'read', progress: [] }, 'progress'],
      ['an object as list', { progress: {} }, 'progress'],
    ];

    test('refuses what is no progress, by name', async () => {
      const ann = await book.reader();
      for (const [what, body, field] of wrong) {
        const fields = refused(await put(ann, body), 422, 'VALIDATION_ERROR');
        assert.ok(field in fields, `${what}: ${JSON.stringify(fields)}`);
      }
      for (const body of [[], 'text', 7, null]) {
        const answer = await put(ann, undefined, { raw: JSON.stringify(body) });
        assert.equal(answer.status, 422, answer.text);
      }
      const nul = '{"page":"/a\\u0000","state":"read"}';
      assert.equal((await put(ann, undefined, { raw: nul })).status, 400);
      const large = `{"page":"/a","state":"${'x'.repeat(BODY_MAX)}"}`;
      assert.equal((await put(ann, undefined, { raw: large })).status, 413);
      assert.deepEqual(await list(ann), []);
    });

    test('gives unusual names back as they came', async () => {
      const ann = await book.reader();
      const pages = ['/', '/ur/تعارف', '/a%20b', "/'; DROP TABLE user; --", '/"\\u0041"', '/😀'];
      given(
        await put(ann, {
          progress: pages
            .filter((page) => !page.includes('\\'))
            .map((page) => ({ page, state: 'read', place: page.slice(1) })),
        }),
      );
      const held = await list(ann);
      assert.deepEqual(
        held.map((mark) => mark.page).sort(),
        pages.filter((page) => !page.includes('\\')).sort(),
      );
      held.forEach((mark) => assert.equal(mark.place, mark.page.slice(1)));
    });

    test('keeps readers apart, and strangers out', async () => {
      const [ann, bob] = [await book.reader(), await book.reader()];
      given(await put(ann, { page: '/a', state: 'read' }));
      given(await put(bob, { page: '/a', state: 'visited' }));
      assert.equal((await list(ann))[0].state, 'read');
      assert.equal((await list(bob))[0].state, 'visited');
      refused(await book.call('GET', PATH), 401, 'UNAUTHORIZED');
      const body = { page: '/a', state: 'read' };
      refused(await book.call('PUT', PATH, { body }), 401, 'UNAUTHORIZED');
      given(await book.call('POST', '/auth/signout', { token: ann.token }));
      refused(await put(ann, body), 401, 'UNAUTHORIZED');
    });

    test('answers a browser of ours, and none of another site', async () => {
      const { email } = await book.reader();
      const { cookie } = await book.browser(email);
      const send = (origin) =>
        book.call('PUT', PATH, {
          cookie,
          body: { page: '/a', state: 'read' },
          headers: { origin },
        });
      assert.equal((await send('https://evil.example')).status, 403);
      given(await send(book.origin));
    });

    test('says when nothing has changed', async () => {
      const ann = await book.reader();
      given(await put(ann, { page: '/a', state: 'visited' }));
      const { headers } = await book.call('GET', PATH, { token: ann.token });
      const ask = (tag) =>
        book.call('GET', PATH, {
          token: ann.token,
          headers: { 'if-none-match': tag },
        });
      assert.match(headers.etag, /^"[0-9a-f]{32}"$/);
      assert.match(headers['cache-control'], /private/);
      const same = await ask(headers.etag);
      assert.equal(same.status, 304);
      assert.equal(same.text, '');
      given(await put(ann, { page: '/a', state: 'read' }));
      const now = await ask(headers.etag);
      assert.equal(given(now).progress[0].state, 'read');
      assert.notEqual(now.headers.etag, headers.etag);
    });

    test('gives what reached it after a time, however old it was', async () => {
      const ann = await book.reader();
      given(await put(ann, { page: '/a', state: 'read' }));
      const since = Date.now();
      while (Date.now() === since) {
        // the next millisecond
      }
      given(await put(ann, { page: '/b', state: 'read', at: 1000 }));
      const pages = async (query) =>
        (await list(ann, query)).map((mark) => mark.page);
      assert.deepEqual(await pages(`?since=${since}`), ['/b']);
      assert.deepEqual(
        await pages(`?since=${new Date(since).toISOString()}`),
        ['/b'],
      );
      assert.deepEqual(await pages(`?since=${since + DAY_MS}`), []);
      for (const bad of ['', 'yesterday', '-1', '1e3', '99999999999999999999']) {
        const { token } = ann;
        const answer = await book.call('GET', `${PATH}?since=${bad}`, { token });
        assert.ok('since' in refused(answer, 422, 'VALIDATION_ERROR'), bad);
      }
    });

    test('comes along at sign-up, with the account or not at all', async () => {
      const page = '/docs/intro';
      const progress = [
        { page, state: 'read', at: 1000 },
        { page: '/docs/next', state: 'visited', seconds: 7 },
      ];
      const ann = await book.reader({ progress });
      assert.deepEqual((await list(ann)).map((mark) => mark.page), ['/docs/next', page]);
      const tables = ['user', 'account', 'session', 'bookplate_progress'];
      const before = await countRows(book, tables);
      const body = { email: newEmail(), password: PASSWORD };
      for (const wrong of [
        [{ page, state: 'finished' }],
        [{ page: 'https://evil.example', state: 'read' }],
        Array.from({ length: BATCH + 1 }, (_, i) => ({ page: `/${i}`, state: 'read' })),
        { page, state: 'read' },
      ]) {
        const answer = await book.call('POST', '/auth/signup', {
          body: { ...body, progress: wrong },
        });
        refused(answer, 422, 'VALIDATION_ERROR');
      }
      assert.deepEqual(await countRows(book, tables), before);
    });

    test('is seen by the next request to another server', async (t) => {
      const replica = await openReplica(t, book);
      const { token } = await book.reader();
      for (let i = 0; i < 20; i++) {
        const body = { page: '/a', state: 'read', seconds: i };
        given(await book.call('PUT', PATH, { token, body }));
        const seen = given(await replica.call('GET', PATH, { token }));
        assert.equal(seen.progress[0].seconds, i);
      }
    });
  });
}

/** The frames of SQLite's log that end a transaction, from its start on. */
function commits(file) {
  const log = readFileSync(`${file}-wal`);
  const size = log.length > 0 ? log.readUInt32BE(8) + 24 : 1;
  const salt = log.subarray(16, 24);
  let count = 0;
  for (let at = 32; at + size <= log.length; at += size) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) {
      break; // of an earlier round
    }
    count += log.readUInt32BE(at + 4) > 0 ? 1 : 0;
  }
  return { salt: salt.toString('hex'), count };
}

/** Whoever signs up is noted, and the note chained: that is over. */
const settled = (book) =>
  until(async () => {
    const [row] = await book.sql(
      'SELECT count(*) AS count FROM bookplate_audit WHERE seq IS NULL',
    );
    return Number(row.count) === 0;
  }, 'the audit is chained');

const manyPages = Array.from({ length: BATCH }, (_, i) => ({
  page: `/p${i}`,
  state: 'read',
}));

describe('what a call costs', { skip: SKIP }, () => {
  test('one commit of SQLite, whatever the length', async (t) => {
    const book = await openBook(t, { engine: 'sqlite' });
    const { token } = await book.reader();
    await settled(book);
    const { file } = book.database;
    for (const body of [{ progress: manyPages }, manyPages[0]]) {
      const before = commits(file);
      given(await book.call('PUT', PATH, { token, body }));
      const after = commits(file);
      const isNewRound = before.salt !== after.salt;
      assert.equal(after.count - (isNewRound ? 0 : before.count), 1);
    }
    given(await book.call('GET', PATH, { token }));
    const before = commits(file);
    given(await book.call('GET', PATH, { token }));
    assert.deepEqual(commits(file), before, 'reading writes nothing');
  });

  test('one transaction on PostgreSQL, whatever the length', async (t) => {
    const book = await openBook(t, { engine: 'postgres' });
    const { token, id } = await book.reader();
    const body = { progress: manyPages };
    given(await book.call('PUT', PATH, { token, body }));
    // All rows of a transaction have its number.
    const [{ count }] = await book.sql(
      `SELECT count(DISTINCT xmin::text) AS count FROM bookplate_progress
       WHERE user_id = $1`,
      [id],
    );
    assert.equal(Number(count), 1);
  });
});
