// SPDX-License-Identifier: Apache-2.0
// Keys as their operator meets them: other secrets, DATA_KEYS given later and
// changed, a signing key rotated by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atEnd, run, until } from '../process/program.mjs';
import { asked, begin, command, settingsOf } from './operator.mjs';
import { given, serve, Site } from './site.mjs';

const OTHER = 'another-secret-9876543210-zyxwvutsrqponm';
const BACKGROUND = { software_experience: 'expert' };
const QUESTIONNAIRE = 'seed-levels';

const site = serve({ settings: { QUESTIONNAIRE } });

const newKey = async () => {
  const { code, stdout } = await run(['key', 'new']);
  assert.equal(code, 0);
  assert.match(stdout, /^1:[A-Za-z0-9+/]{43}=\n$/);
  return stdout.trim().slice(2);
};

/** A start that must not succeed: what it said. */
async function refusedStart(more) {
  const env = settingsOf(site, { HOST: '127.0.0.1', PORT: '0', ...more });
  const { code, stdout, stderr } = await run(['serve'], { env });
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  return stderr;
}

test('another secret: neither started nor passed over', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const other = { BETTER_AUTH_SECRET: OTHER };
  assert.match(
    await refusedStart(other),
    /DATA_KEYS: data key 1 was sealed with another key; give .*BETTER_AUTH_SECRETS/,
  );
  const check = await command(site, ['check'], other);
  assert.equal(check.code, 1, check.stderr);
  assert.match(check.stdout, /problem: signing key \S+ was sealed with another secret/);
  assert.match(check.stdout, /problem: DATA_KEYS: data key 1 /);
  const right = await command(site, ['check']);
  assert.equal(right.code, 0, right.stdout + right.stderr);
  assert.match(right.stdout, /data keys: all of them open/);
  const both = { BETTER_AUTH_SECRETS: `2:${OTHER},1:${site.server.secret}` };
  const passed = await command(site, ['check'], { ...both, BETTER_AUTH_SECRET: '' });
  assert.equal(passed.code, 0, passed.stdout + passed.stderr);
  assert.deepEqual(given(await reader.get('/api/profile')).answers, BACKGROUND);
});

test('a wrong DATA_KEYS is named and not shown', async () => {
  const key = await newKey();
  const values = {
    [`2:${key},1:${key}`]: /DATA_KEYS: entry 2 is the same key/,
    [`1:${key},1:${await newKey()}`]: /DATA_KEYS: entry 2 has the number/,
    [`${key}${'A'.repeat(4)}`]: /DATA_KEYS: entry 1 does not begin with a number/,
    [`1:${key.slice(0, 43)}!`]: /DATA_KEYS: entry 1 is not 32 bytes in base64/,
  };
  for (const [value, expected] of Object.entries(values)) {
    const said = await refusedStart({ DATA_KEYS: value });
    assert.match(said, expected);
    assert.ok(!said.includes(key.slice(0, 12)));
    const check = await command(site, ['check'], { DATA_KEYS: value });
    assert.equal(check.code, 2, check.stdout);
    assert.match(check.stderr, expected);
  }
  const services = { SERVICE_KEYS: `tutor:${key},x:short` };
  assert.match(await refusedStart(services), /SERVICE_KEYS: entry 2 has a key/);
  const check = await command(site, ['check'], services);
  assert.equal(check.code, 2);
  assert.match(check.stderr, /SERVICE_KEYS: entry 2 has a key/);
});

const kidOf = (token) =>
  JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

const published = async () =>
  given(await site.api.get('/api/auth/jwks', { unchecked: true })).keys.map(
    (key) => key.kid,
  );

test('a signing key rotated by hand makes no token invalid', async () => {
  const reader = await site.reader();
  const [old] = await published();
  const again = async () =>
    given(await site.api.post('/auth/refresh', { token: reader.token })).session_token;
  const { code, stdout, stderr } = await command(site, ['key', 'rotate', '--signing']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /a new key is published, and signs from/);
  await until(async () => (await published()).length === 2, 'the new key');
  assert.equal(kidOf(await again()), old, 'it is too new to sign');
  const now = await command(site, ['key', 'rotate', '--signing', '--now']);
  assert.equal(now.code, 0, now.stderr);
  await until(async () => kidOf(await again()) !== old, 'a token of the newest');
  given(await reader.get('/auth/me'));
  assert.ok((await published()).includes(old));
  const rows = await asked(site, ['key', 'list']);
  const states = rows.filter((row) => row.kind === 'signing').map((row) => row.state);
  assert.deepEqual(states, ['signs', 'verifies', 'verifies']);
});

test('DATA_KEYS given later, then changed: in the order of docs/keys.md', async (t) => {
  const reader = await site.reader({ background: BACKGROUND });
  const [first, second] = [await newKey(), await newKey()];
  const under = async (settings) => {
    const rows = await asked(site, ['key', 'list'], settings);
    const master = rows.find((row) => row.kind === 'master' && row.state === 'seals');
    const data = rows.filter((row) => row.kind === 'data');
    return data.every((row) => row.sealedUnder === master.id);
  };
  const rotate = async (settings) => {
    const { code, stderr } = await begin(site, ['key', 'rotate'], settings).exit;
    assert.equal(code, 0, stderr);
  };
  const steps = [
    { DATA_KEYS: `1:${first}` },
    { DATA_KEYS: `2:${second},1:${first}` },
  ];
  for (const settings of steps) {
    assert.equal(await under(settings), false);
    await rotate(settings);
    assert.equal(await under(settings), true);
  }
  // The secret alone opens it no more, and the first key is free to go.
  assert.match(await refusedStart({}), /DATA_KEYS: data key \d+ was sealed/);
  assert.match(await refusedStart({ DATA_KEYS: `1:${first}` }), /DATA_KEYS: data key/);
  const seen = await command(site, ['key', 'list', '--json']);
  assert.equal(seen.code, 1);
  assert.match(seen.stdout, /"kind":"data"/);
  assert.match(seen.stderr, /DATA_KEYS: data key/);
  const { database, secret } = site.server;
  const next = new Site({
    database,
    engine: site.engine,
    options: { secret },
    settings: { QUESTIONNAIRE, DATA_KEYS: `2:${second}` },
  });
  await next.open();
  atEnd(t, () => next.close());
  const there = await next.browser(reader);
  assert.deepEqual(given(await there.get('/api/profile')).answers, BACKGROUND);
  const put = { body: { answers: { software_experience: 'beginner' } } };
  given(await there.put('/api/profile', put));
});
