// SPDX-License-Identifier: Apache-2.0
// Other services: their keys, and what they may read with them.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { atEnd } from '../process/program.mjs';
import { asked, command } from './operator.mjs';
import { given, newEmail, refused, serve, Site } from './site.mjs';

const CONFIGURED = 'a-key-of-the-settings-0123456789-abcdef';
const site = serve({
  settings: { SERVICE_KEYS: `grader:${CONFIGURED}`, QUESTIONNAIRE: 'seed-levels' },
});
const BACKGROUND = {
  software_experience: 'expert',
  programming_background: 'advanced',
  hardware_knowledge: 'none',
};
const path = (id) => `/api/service/readers/${encodeURIComponent(id)}/background`;
const BATCH = '/api/service/backgrounds';

async function newService(name) {
  const [made] = await asked(site, ['service', 'add', name]);
  assert.match(made.key, /^bps_[A-Za-z0-9_-]{43}$/);
  return { ...made, caller: site.caller({ token: made.key }) };
}

const audit = (name) =>
  site.sql('SELECT * FROM bookplate_audit WHERE event = $1 AND actor = $2', [
    'service-read',
    `service:${name}`,
  ]);

test('a service reads one background, and nothing more', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const { caller } = await newService('one');
  const answer = given(await caller.get(path(reader.id)));
  assert.deepEqual(Object.keys(answer).sort(), [
    'background',
    'levels',
    'updated_at',
    'user_id',
    'version',
  ]);
  assert.equal(answer.user_id, reader.id);
  assert.deepEqual(answer.background, BACKGROUND);
  assert.equal(answer.version, 1);
  assert.ok(Object.values(answer.levels).includes(3));
  assert.ok(!JSON.stringify(answer).includes(reader.email));
});

test('a reader without answers has none, at version 0', async () => {
  const reader = await site.reader();
  const { caller } = await newService('empty');
  const answer = given(await caller.get(path(reader.id)));
  assert.deepEqual(answer.background, {});
  assert.equal(answer.version, 0);
  assert.equal(answer.updated_at, null);
});

test('a change is seen by the next request', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const { caller } = await newService('change');
  const background = { software_experience: 'beginner' };
  given(await reader.put('/auth/profile', { body: { background } }));
  const answer = given(await caller.get(path(reader.id)));
  assert.deepEqual(answer.background, { ...BACKGROUND, ...background });
  assert.equal(answer.version, 2);
});

test('several at once, in their order, unknown ones null', async () => {
  const readers = [];
  for (let i = 0; i < 3; i += 1) {
    readers.push(await site.reader(i === 1 ? {} : { background: BACKGROUND }));
  }
  const { caller } = await newService('several');
  const [a, b, c] = readers.map((reader) => reader.id);
  const ids = [c, 'nobody', a, b, c, "'; DROP TABLE user; --", '\u{1F4D6}'];
  const { backgrounds } = given(await caller.post(BATCH, { body: { ids } }));
  assert.deepEqual(
    backgrounds.map((item) => item?.user_id ?? null),
    [c, null, a, b, c, null, null],
  );
  assert.deepEqual(backgrounds[0].background, BACKGROUND);
  assert.deepEqual(backgrounds[3].background, {});
  const rows = await audit('several');
  assert.equal(rows.length, 4, 'a row for each who was found');
  for (const { detail, subject } of rows) {
    assert.equal(detail, 'one of 7 readers');
    assert.ok(subject.startsWith('p_') || [a, b, c].includes(subject), subject);
  }
  given(await caller.post(BATCH, { body: { ids: ['nobody', 'else'] } }));
  const last = (await audit('several')).filter(({ subject }) => subject === '');
  assert.deepEqual(
    last.map(({ detail }) => detail),
    ['no reader found'],
  );
});

test('a hundred at most, and one at least', async () => {
  const { caller } = await newService('hundred');
  const ids = (count) => Array.from({ length: count }, (_, i) => `reader-${i}`);
  const full = given(await caller.post(BATCH, { body: { ids: ids(100) } }));
  assert.equal(full.backgrounds.length, 100);
  for (const wrong of [ids(101), [], 'x', [1], [null], ['']]) {
    const answer = await caller.post(BATCH, { body: { ids: wrong } });
    refused(answer, 422, 'VALIDATION_ERROR');
  }
  assert.equal((await audit('hundred')).length, 1);
});

test('hostile ids are nobody', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const { caller } = await newService('hostile');
  const ids = [
    'nobody',
    `${reader.id}'`,
    `${reader.id}%00`,
    ' ',
    '%',
    '*',
    '..',
    '0',
    '1 OR 1=1',
    'x'.repeat(129),
    'x'.repeat(8000),
    '\u{1F4D6}',
    '../../api/profile',
    reader.email,
    reader.id.toUpperCase() === reader.id
      ? reader.id.toLowerCase()
      : reader.id.toUpperCase(),
  ];
  for (const id of ids) {
    refused(await caller.get(path(id)), 404, 'READER_NOT_FOUND');
  }
  const raw = ['%00', '%ff', '%', '%zz', ''];
  for (const id of raw) {
    const answer = await caller.get(`/api/service/readers/${id}/background`);
    assert.ok([400, 404].includes(answer.status), `${id}: ${answer.status}`);
  }
  for (const tail of ['', '/', '/x', `${reader.id}`, `${reader.id}/background/x`]) {
    const answer = await caller.get(`/api/service/readers/${tail}`);
    assert.equal(answer.status, 404, tail);
  }
  assert.equal((await audit('hostile')).length, 0, 'nothing was read');
});

test('without a key, with a wrong one, with a reader\'s token: 401', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const wrong = `bps_${randomBytes(32).toString('base64url')}`;
  const tokens = [undefined, '', 'bps_', wrong, reader.token, `${CONFIGURED}x`];
  for (const token of tokens) {
    const caller = site.caller({ token });
    const one = await caller.get(path(reader.id));
    refused(one, 401, 'SERVICE_KEY_NEEDED');
    assert.equal(one.headers['www-authenticate'], 'Bearer');
    const batch = await caller.post(BATCH, { body: { ids: [reader.id] } });
    refused(batch, 401, 'SERVICE_KEY_NEEDED');
  }
  const browser = await site.browser(reader);
  refused(await browser.get(path(reader.id)), 401, 'SERVICE_KEY_NEEDED');
});

test('a service key opens nothing else', async () => {
  const { caller } = await newService('else');
  refused(await caller.get('/api/profile'), 401, 'UNAUTHORIZED');
  refused(await caller.get('/auth/me'), 401, 'UNAUTHORIZED');
});

test('the wrong scope is 403', async () => {
  const reader = await site.reader();
  const { caller, name } = await newService('scoped');
  await site.sql('UPDATE bookplate_service_key SET scopes = $1 WHERE name = $2', [
    'background:readx other',
    name,
  ]);
  refused(await caller.get(path(reader.id)), 403, 'SCOPE_MISSING');
  const batch = await caller.post(BATCH, { body: { ids: [reader.id] } });
  refused(batch, 403, 'SCOPE_MISSING');
  assert.equal((await audit('scoped')).length, 0);
});

test('a revoked key counts for nothing from the next request on', async () => {
  const reader = await site.reader();
  const { caller, name } = await newService('leaver');
  given(await caller.get(path(reader.id)));
  const revoked = await command(site, ['service', 'revoke', name]);
  assert.equal(revoked.code, 0, revoked.stderr);
  refused(await caller.get(path(reader.id)), 401, 'SERVICE_KEY_NEEDED');
  const again = await command(site, ['service', 'revoke', name]);
  assert.equal(again.code, 1);
  // The name is free; the old key stays what it is.
  const next = await newService(name);
  given(await next.caller.get(path(reader.id)));
  refused(await caller.get(path(reader.id)), 401, 'SERVICE_KEY_NEEDED');
});

test('keys of the settings work alike', async () => {
  const reader = await site.reader({ background: BACKGROUND });
  const caller = site.caller({ token: CONFIGURED });
  assert.deepEqual(given(await caller.get(path(reader.id))).background, BACKGROUND);
  const rows = await audit('grader');
  assert.equal(rows.length, 1);
});

test('every read is in the audit when it is answered', async () => {
  const reader = await site.reader();
  const { caller } = await newService('noted');
  for (let i = 1; i <= 5; i += 1) {
    given(await caller.get(path(reader.id)));
    assert.equal((await audit('noted')).length, i);
  }
  const made = await site.sql(
    "SELECT detail FROM bookplate_audit WHERE event = 'key' AND detail LIKE $1",
    ['service key noted %'],
  );
  assert.deepEqual(made, [{ detail: 'service key noted made' }]);
});

test('when it was last used is known to the minute', async () => {
  const reader = await site.reader();
  const { caller, name } = await newService('used');
  const used = async () => {
    const rows = await site.sql(
      'SELECT last_used_at FROM bookplate_service_key WHERE name = $1',
      [name],
    );
    return rows[0].last_used_at === null ? null : Number(rows[0].last_used_at);
  };
  assert.equal(await used(), null);
  given(await caller.get(path(reader.id)));
  const first = await used();
  assert.ok(Math.abs(first - Date.now()) < 60_000);
  given(await caller.get(path(reader.id)));
  assert.equal(await used(), first, 'once a minute');
  await site.sql(
    'UPDATE bookplate_service_key SET last_used_at = $1 WHERE name = $2',
    [first - 61_000, name],
  );
  given(await caller.get(path(reader.id)));
  assert.ok((await used()) >= first);
});

test('keys are stored as hashes, and shown once', async () => {
  const { key, name } = await newService('hashed');
  const rows = await site.sql(
    'SELECT hash FROM bookplate_service_key WHERE name = $1',
    [name],
  );
  assert.equal(rows[0].hash, createHash('sha256').update(key).digest('hex'));
  const listed = await asked(site, ['service', 'list']);
  assert.ok(listed.some((row) => row.name === name));
  const text = JSON.stringify(listed);
  assert.ok(!text.includes(key) && !text.includes(rows[0].hash));
  const taken = await command(site, ['service', 'add', name]);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /there is a service 'hashed' already/);
});

test('names and scopes are checked', async () => {
  for (const words of [['a b'], ['x'.repeat(65)], ['ok', '--scope', 'all']]) {
    const answer = await command(site, ['service', 'add', ...words]);
    assert.equal(answer.code, 2, answer.stderr);
  }
});

test('an erased reader is nobody', async () => {
  const reader = await site.reader({ email: newEmail(), background: BACKGROUND });
  const { caller } = await newService('erased');
  given(await caller.get(path(reader.id)));
  const gone = await command(site, ['user', 'delete', reader.id, '--yes']);
  assert.equal(gone.code, 0, gone.stderr);
  refused(await caller.get(path(reader.id)), 404, 'READER_NOT_FOUND');
  const { backgrounds } = given(
    await caller.post(BATCH, { body: { ids: [reader.id] } }),
  );
  assert.deepEqual(backgrounds, [null]);
});

for (const type of ['serial', 'uuid']) {
  test(`ids of type ${type}, and what only looks like one`, async (t) => {
    const settings = { ID_TYPE: type, QUESTIONNAIRE: 'seed-levels' };
    const there = await new Site({ settings }).open();
    atEnd(t, () => there.close());
    const reader = await there.reader({ background: BACKGROUND });
    const [{ key }] = await asked(there, ['service', 'add', 'typed']);
    const caller = there.caller({ token: key });
    const { id } = reader;
    assert.deepEqual(given(await caller.get(path(id))).background, BACKGROUND);
    const wrong = ['abc', `${id}.0`, `0${id}`, `+${id}`, `${id}e0`, '-1', ` ${id}`, `${id} `];
    const ids = [...wrong, id, '99999999999999999999'];
    const { backgrounds } = given(
      await caller.post(BATCH, { body: { ids } }),
    );
    assert.deepEqual(
      backgrounds.map((item) => item?.user_id ?? null),
      [...wrong.map(() => null), id, null],
    );
    for (const one of wrong) {
      refused(await caller.get(path(one)), 404, 'READER_NOT_FOUND');
    }
  });
}
