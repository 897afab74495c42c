// SPDX-License-Identifier: Apache-2.0
// The original and ours on one database: what a reader does with one is so
// with the other, and what one shows the other shows to the letter.
import assert from 'node:assert/strict';
import { describe } from 'node:test';

import {
  ENGINES,
  PASSWORD,
  bothWays,
  given,
  newEmail,
  serve,
  sessionAt,
} from './site.mjs';

const NEW = 'another horse 43';
const DAY_MS = 86_400_000;
const FIELDS = {
  background: { type: 'string', required: true },
  level: { type: ['low', 'high'], required: false },
  age: { type: 'number', required: false },
  newsletter: { type: 'boolean', required: false, defaultValue: false },
  birthday: { type: 'date', required: false },
  tags: { type: 'string[]', required: false },
  scores: { type: 'number[]', required: false },
  hardware: { type: 'json', required: false },
  tier: { type: 'string', required: false, defaultValue: 'free', input: false },
  note: { type: 'string', required: false, returned: false },
};
const BIG = { type: 'number', required: false, bigint: true, returned: false };
const FILLED = {
  background: 'Ünïcødé "\\\u2028😀',
  level: 'high',
  age: 42,
  newsletter: true,
  birthday: '2001-02-03T04:05:06.789Z',
  tags: ['a', 'ü', '', '{"x":1}'],
  scores: [1, 2, -3],
  hardware: { gpu: 'rtx', cards: [1, { x: null }], 'a b': false },
  note: 'kept to ourselves',
};
const CHANGED = {
  background: '',
  level: 'low',
  age: 0,
  newsletter: false,
  birthday: '1999-12-31T23:59:59.999Z',
  tags: [],
  scores: null,
  // The original on PostgreSQL takes no list here: its driver has its own.
  hardware: { list: [1.5, 'x', null], none: {} },
};
const OPTIONS = {
  plugins: ['bearer'],
  user: { additionalFields: { ...FIELDS, steps: BIG } },
  session: {
    additionalFields: { device: { type: 'string', required: false } },
  },
};
/** The tables are made once by either. */
const FIRST = { sqlite: 'ours', postgres: 'original' };

/** The text of an answer; lists by id, as the original's have no order. */
function textOf({ status, text }) {
  assert.equal(status, 200, text);
  return text.startsWith('[')
    ? JSON.stringify(JSON.parse(text).sort((a, b) => (a.id < b.id ? -1 : 1)))
    : text;
}

/** Both servers give the very same text for a GET. */
async function assertAlike(reader, path) {
  const original = textOf(await reader.original.get(path));
  assert.equal(textOf(await reader.ours.get(path)), original);
  return JSON.parse(original);
}

/** Makes a session as old as that many days, with 7 from its last use. */
const age = (site, token, days) =>
  site.sql('UPDATE session SET "expiresAt" = $1 WHERE token = $2', [
    new Date(Date.now() + (7 - days) * DAY_MS).toISOString(),
    token,
  ]);

const rowOf = async (site, token) =>
  (await site.sql('SELECT * FROM session WHERE token = $1', [token]))[0];

function signing(site) {
  const signUp = (at, fields) => site.signUp(at, { background: 'x', ...fields });

  bothWays('an account made by one is opened by the other', async (a, b) => {
    const { email, user } = await signUp(a);
    const reader = await site.signIn(b, email.toUpperCase());
    assert.equal(reader.user.id, user.id);
    assert.equal((await sessionAt(reader[a])).user.id, user.id);
    assert.equal(await site.trySignIn(b, email, 'wrong horse 42'), 401);
  });

  bothWays('the cookie of one is good for the other', async (a, b) => {
    const reader = await signUp(a);
    const { session, user } = await sessionAt(reader[b]);
    assert.equal(session.token, reader.token);
    assert.deepEqual(user, reader.user);
    await assertAlike(reader, '/get-session');
    await assertAlike(reader, '/list-sessions');
    await assertAlike(reader, '/list-accounts');
  });

  bothWays('an address taken with one is taken with the other', async (a, b) => {
    const { email } = await signUp(a);
    const entry = { email, name: 'B', password: PASSWORD, background: 'x' };
    const answer = await site.browser()[b].post('/sign-up/email', entry);
    assert.equal(answer.status, 422);
    assert.equal(answer.json.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
  });

  bothWays('a password is the same however it is composed', async (a, b) => {
    const { email } = await signUp(a, { password: 'p\u00e4ss\u212bord ﬁ' });
    const password = 'pa\u0308ss\u00c5ord fi';
    assert.equal(await site.trySignIn(b, email, password), 200);
    assert.equal(await site.trySignIn(b, email, 'passAord fi'), 401);
  });

  bothWays('a password changed with one is so with the other', async (a, b) => {
    const { email } = await signUp(a);
    const [here, there] = [await site.signIn(a, email), await site.signIn(b, email)];
    given(
      await here[b].client.changePassword({
        currentPassword: PASSWORD,
        newPassword: NEW,
        revokeOtherSessions: true,
      }),
    );
    assert.notEqual(await sessionAt(here[a]), null);
    assert.equal(await sessionAt(there[a]), null);
    assert.equal(await site.trySignIn(a, email, PASSWORD), 401);
    assert.equal(await site.trySignIn(a, email, NEW), 200);
    const answer = await here[a].post('/verify-password', { password: NEW });
    assert.equal(answer.status, 200);
  });

  bothWays('a bearer token of one is good for the other', async (a, b) => {
    const { email, user } = await signUp(a);
    const { token, ...reader } = await site.signIn(a, email);
    for (const value of [token, reader[a].last.headers['set-auth-token']]) {
      const headers = { authorization: `Bearer ${value}` };
      const stranger = site.browser({ headers });
      assert.equal((await sessionAt(stranger[b])).user.id, user.id);
    }
  });
}

function sessions(site) {
  const signUp = (at) => site.signUp(at, { background: 'x' });

  bothWays('a session is extended by whoever sees it', async (a, b) => {
    const reader = await signUp(a);
    await age(site, reader.token, 2);
    const { session } = await sessionAt(reader[b]);
    const left = session.expiresAt - Date.now();
    assert.ok(Math.abs(left - 7 * DAY_MS) < 60_000, String(left));
    const { 'max-age': maxAge } = reader.jar.find('session_token').attributes;
    assert.equal(maxAge, '604800');
    await assertAlike(reader, '/get-session');
    assert.deepEqual((await sessionAt(reader[a])).session, session);
  });

  bothWays('one that is not due is left alone', async (a, b) => {
    const reader = await signUp(a);
    await age(site, reader.token, 0.5);
    const row = await rowOf(site, reader.token);
    await sessionAt(reader[b]);
    assert.deepEqual(await rowOf(site, reader.token), row);
  });

  bothWays('one that is over is over for both', async (a, b) => {
    const reader = await signUp(a);
    await age(site, reader.token, 8);
    assert.equal(await sessionAt(reader[b]), null);
    assert.equal(await sessionAt(reader[a]), null);
    assert.equal(await rowOf(site, reader.token), undefined);
  });

  bothWays('one not to be remembered is not extended', async (a, b) => {
    const { email } = await signUp(a);
    const reader = await site.signIn(a, email, { rememberMe: false });
    await age(site, reader.token, 6.5);
    const row = await rowOf(site, reader.token);
    assert.notEqual(await sessionAt(reader[b]), null);
    assert.deepEqual(await rowOf(site, reader.token), row);
    assert.equal(
      'max-age' in reader.jar.find('session_token').attributes,
      false,
    );
  });

  bothWays('signing out of one is out of both', async (a, b) => {
    const reader = await signUp(a);
    const copy = site.browser({ like: reader });
    given(await reader[b].client.signOut());
    assert.deepEqual(reader.jar.names(), []);
    assert.equal(await sessionAt(copy[a]), null);
    assert.deepEqual(copy.jar.names(), []);
  });

  bothWays('a session is revoked by the other', async (a, b) => {
    const reader = await signUp(a);
    const { email } = reader;
    const [one, two] = [await site.signIn(a, email), await site.signIn(b, email)];
    await assertAlike(reader, '/list-sessions');
    given(await reader[b].client.revokeSession({ token: one.token }));
    assert.equal(await sessionAt(one[a]), null);
    assert.notEqual(await sessionAt(two[a]), null);
    given(await reader[b].client.revokeOtherSessions());
    assert.equal(await sessionAt(two[a]), null);
    given(await reader[b].client.revokeSessions());
    assert.equal(await sessionAt(reader[a]), null);
  });

  bothWays("nobody else's session is", async (a, b) => {
    const [reader, other] = [await signUp(a), await signUp(b)];
    given(await reader[b].client.revokeSession({ token: other.token }));
    assert.notEqual(await sessionAt(other[a]), null);
  });

  bothWays('a field of the session is seen by both', async (a, b) => {
    const reader = await signUp(a);
    given(await reader[a].client.updateSession({ device: 'laptop "1"' }));
    const { session } = await sessionAt(reader[b]);
    assert.equal(session.device, 'laptop "1"');
    await assertAlike(reader, '/get-session');
  });

  bothWays('a cookie signed by somebody else is nobody', async (a, b) => {
    const reader = await signUp(a);
    const value = reader.jar.get('session_token');
    const forged = value.replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`);
    reader.jar.set('better-auth.session_token', forged);
    assert.equal(await sessionAt(reader[b]), null);
  });
}

function users(site) {
  const signUp = (at, fields) => site.signUp(at, { background: 'x', ...fields });

  bothWays('fields of every type are the same to both', async (a, b) => {
    const reader = await signUp(a, FILLED);
    const { user } = await assertAlike(reader, '/get-session');
    const { note, ...shown } = FILLED;
    assert.deepEqual({ ...user, ...shown }, user);
    assert.equal(user.tier, 'free');
    assert.equal('note' in user, false);
    given(await reader[b].client.updateUser({ ...CHANGED, name: 'B' }));
    const after = await assertAlike(reader, '/get-session');
    assert.deepEqual({ ...after.user, ...CHANGED, name: 'B' }, after.user);
    const sql = 'SELECT note FROM "user" WHERE id = $1';
    assert.deepEqual(await site.sql(sql, [user.id]), [{ note }]);
  });

  // Not shown: the original's driver for PostgreSQL makes text of it.
  bothWays('a number past 32 bits is kept whole', async (a, b) => {
    const steps = Number.MAX_SAFE_INTEGER;
    const { user, ...reader } = await signUp(a, { steps });
    const stored = async () => {
      const sql = 'SELECT steps FROM "user" WHERE id = $1';
      return Number((await site.sql(sql, [user.id]))[0].steps);
    };
    assert.equal(await stored(), steps);
    given(await reader[b].client.updateUser({ steps: -steps }));
    assert.equal(await stored(), -steps);
    assert.notEqual(await sessionAt(reader[a]), null);
  });

  bothWays('fields left out are the same to both', async (a, b) => {
    const reader = await signUp(a);
    const before = await assertAlike(reader, '/get-session');
    assert.equal(before.user.age, null);
    given(await reader[b].client.updateUser({ age: 1 }));
    const { user } = await assertAlike(reader, '/get-session');
    const { updatedAt } = user;
    assert.deepEqual(user, { ...before.user, age: 1, updatedAt });
  });

  bothWays('an account at another service is shown and taken off', async (a, b) => {
    const reader = await signUp(a);
    const id = `row-of-${reader.user.id}`;
    const now = new Date().toISOString();
    const row = {
      id,
      accountId: '12345',
      providerId: 'github',
      userId: reader.user.id,
      accessToken: 'not for clients',
      accessTokenExpiresAt: now,
      scope: 'read:user,user:email',
      createdAt: now,
      updatedAt: now,
    };
    const names = Object.keys(row).map((name) => `"${name}"`);
    const marks = names.map((_, i) => `$${i + 1}`);
    const sql = `INSERT INTO account (${names.join()}) VALUES (${marks.join()})`;
    await site.sql(sql, Object.values(row));
    const list = await assertAlike(reader, '/list-accounts');
    assert.deepEqual(list.find((account) => account.id === id).scopes, [
      'read:user',
      'user:email',
    ]);
    assert.equal(JSON.stringify(list).includes('not for clients'), false);
    const body = { accountId: id };
    assert.equal((await reader[b].post('/unlink-account', body)).status, 200);
    const [left, ...none] = await assertAlike(reader, '/list-accounts');
    assert.equal(left.providerId, 'credential');
    assert.deepEqual(none, []);
    const last = await reader[b].post('/unlink-account', { accountId: left.id });
    assert.equal(last.json.code, 'FAILED_TO_UNLINK_LAST_ACCOUNT');
  });

  bothWays('a field that one must have the other asks for', async (a) => {
    const entry = { email: newEmail(), name: 'A', password: PASSWORD };
    const answer = await site.browser()[a].post('/sign-up/email', entry);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'MISSING_FIELD');
  });
}

for (const engine of ENGINES) {
  describe(`accounts on one ${engine}`, () => {
    const site = serve({ engine, options: OPTIONS, first: FIRST[engine] });

    describe('signing', () => signing(site));
    describe('sessions', () => sessions(site));
    describe('users', () => users(site));
  });
}
