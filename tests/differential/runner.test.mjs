// SPDX-License-Identifier: Apache-2.0
// The runner itself: two originals are equal to it, and whatever a server
// could get wrong is found.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ACCEPTED, ACCEPTED_LIMIT } from './accepted.mjs';
import { compare, summary } from './compare.mjs';
import { normalise } from './normalise.mjs';
import { allScenarios, harness, runScenarios } from './run.mjs';
import { sample } from './sample.mjs';

const PROTOCOL = new URL('../../docs/protocol.md', import.meta.url);

/** The differing fields of two answers to the same request. */
function fieldsThatDiffer(ours) {
  const plays = [sample(), ours].map(normalise);
  const results = compare({ name: 'sample' }, ...plays, []);
  return results.flatMap(({ open }) => open.map(({ field }) => field));
}

test('two runs that differ in random values only are equal', () => {
  assert.deepEqual(fieldsThatDiffer(sample()), []);
});

const PLANTED = {
  'another status': [(a) => (a.status = 201), 'status'],
  'a header more': [(a) => a.fields.push(['x-more', '1']), 'header x-more'],
  'a header less': [(a) => a.fields.shift(), 'header content-type'],
  'another value': [
    (a) => (a.fields[0][1] = 'application/json; charset=utf-8'),
    'header content-type',
  ],
  'attributes in another order': [
    (a) =>
      (a.fields[1][1] = a.fields[1][1].replace(
        'Path=/; HttpOnly',
        'HttpOnly; Path=/',
      )),
    'cookies',
  ],
  'a cookie twice': [(a) => a.fields.push(a.fields[1]), 'cookies'],
  'a wrong signature': [
    (a) => (a.fields[1][1] = a.fields[1][1].replace(/\.[^%]{4}/, '.AAAA')),
    'cookies',
  ],
  'a shorter token': [
    (a) => (a.body = a.body.replace(/"token":"./, '"token":"')),
    'body',
  ],
  'a token with other letters': [
    (a) => (a.body = a.body.replace(/"token":"./, '"token":"-')),
    'body',
  ],
  'not the token of the cookie': [
    (a) =>
      (a.body = a.body.replace(
        /"token":"\w{32}/,
        `"token":"${'aB'.repeat(16)}`,
      )),
    'body',
  ],
  'members in another order': [
    (a) => (a.body = a.body.replace(/"a":1,"b":2/, '"b":2,"a":1')),
    'body',
  ],
  'null for nothing': [
    (a) => (a.body = a.body.replace('"a":1', '"a":1,"c":null')),
    'body',
  ],
  'a date without fraction': [
    (a) => (a.body = a.body.replace(/\.\d{3}Z/, 'Z')),
    'body',
  ],
  'a date an hour later': [
    (a) =>
      (a.body = a.body.replace(
        /2\d{3}-[^"]*/,
        new Date(Date.now() + 3_600_000).toISOString(),
      )),
    'body',
  ],
  'a space in JSON': [
    (a) => (a.body = a.body.replace('"a":1', '"a": 1')),
    'body',
  ],
};

for (const [what, [plant, field]] of Object.entries(PLANTED)) {
  test(`found: ${what}`, () => {
    const ours = sample();
    plant(ours.records[0].answer);
    assert.ok(fieldsThatDiffer(ours).includes(field));
  });
}

test('found: a token that changes between two answers', () => {
  const ours = sample();
  const [first, second] = ours.records;
  second.answer.body = first.answer.body.replace(/\w{32}/, 'bC'.repeat(16));
  assert.deepEqual(fieldsThatDiffer(ours), ['body']);
});

test('found: a request that was not sent', () => {
  const ours = sample();
  ours.records.pop();
  assert.ok(fieldsThatDiffer(ours).includes('status'));
});

test('the accepted differences are those of docs/protocol.md', () => {
  const text = readFileSync(PROTOCOL, 'utf8');
  const section = text
    .split('\n## Accepted differences\n')[1]
    .split('\n## ')[0];
  const ids = [...section.matchAll(/^\| ([a-z][\w-]*) \|/gm)].map((m) => m[1]);
  assert.deepEqual(
    ids.filter((id) => id !== 'id'),
    ACCEPTED.map(({ id }) => id),
  );
  assert.ok(ACCEPTED.length < ACCEPTED_LIMIT);
  assert.equal(new Set(ids).size, ids.length);
});

/** Runs the first scenarios on two originals; null without them. */
async function compareOriginals(change = (options) => options) {
  const servers = await harness().catch(() => null);
  if (servers === null) {
    console.log('# skipped: the original is not installed');
    return null;
  }
  const { startOriginal } = servers;
  const outcomes = await runScenarios(await allScenarios('sign-up'), {
    left: startOriginal,
    right: ({ options, engine }) =>
      startOriginal({ options: change(options), engine }),
    engine: 'sqlite',
    rows: [],
  });
  const results = outcomes.flatMap((outcome) => outcome.results);
  console.log(`# ${summary(results)}`);
  return results.filter(({ kind }) => kind === 'different');
}

test('two originals are equal', async () => {
  const different = await compareOriginals();
  assert.deepEqual(different ?? [], []);
});

test('an original with another option is not', async () => {
  const different = await compareOriginals((options) => ({
    ...options,
    session: { ...options.session, expiresIn: 3600 },
  }));
  assert.ok(different === null || different.length > 0);
});
