// SPDX-License-Identifier: Apache-2.0
// get-session: what it shows, to whom, and how a session lives on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { PASSWORD, given, refused, serve } from '../target.mjs';

const DAY_MS = 86_400_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const ahead = (ms) => ago(-ms);

/** Makes a session look as if it had been used last at another time. */
const setExpiry = (book, token, expiresAt) =>
  book.sql('UPDATE session SET "expiresAt" = $1 WHERE token = $2', [
    expiresAt,
    token,
  ]);

const row = async (book, token) =>
  (await book.sql('SELECT * FROM session WHERE token = $1', [token]))[0];

describe('get-session', () => {
  const book = serve();

  test('shows session and user', async () => {
    const visitor = await book.reader({ name: 'Ada' });
    const { session, user } = given(await visitor.client.getSession());
    assert.equal(user.name, 'Ada');
    assert.equal(user.email, visitor.email);
    assert.equal(session.userId, user.id);
    assert.equal(session.token, visitor.token);
    assert.equal(typeof session.ipAddress, 'string');
    for (const key of ['expiresAt', 'createdAt', 'updatedAt']) {
      assert.ok(session[key] instanceof Date, key);
    }
  });

  test('has exactly the members of both rows', async () => {
    const visitor = await book.reader();
    const { session, user } = (await visitor.get('/get-session')).json;
    assert.deepEqual(
      Object.keys(user).sort(),
      ['createdAt', 'email', 'emailVerified', 'id', 'image', 'name', 'updatedAt'],
    );
    assert.deepEqual(
      Object.keys(session).sort(),
      ['createdAt', 'expiresAt', 'id', 'ipAddress', 'token', 'updatedAt']
        .concat(['userAgent', 'userId'])
        .sort(),
    );
  });

  test('writes dates with milliseconds and Z', async () => {
    const visitor = await book.reader();
    const { session, user } = (await visitor.get('/get-session')).json;
    for (const date of [session.expiresAt, session.updatedAt, user.createdAt]) {
      assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });

  test('is null for a stranger, who gets no cookie', async () => {
    const visitor = book.visitor();
    assert.equal(given(await visitor.client.getSession()), null);
    assert.equal(visitor.last.text, 'null');
    assert.deepEqual(visitor.last.cookies, []);
  });

  test('is never stored by a cache', async () => {
    for (const visitor of [book.visitor(), await book.reader()]) {
      await visitor.client.getSession();
      assert.match(visitor.last.headers['cache-control'], /no-store/);
      assert.equal(visitor.last.headers['content-type'], 'application/json');
    }
  });

  test('a bad signature is nobody, and keeps the cookie', async () => {
    const visitor = await book.reader();
    const value = visitor.jar.get('session_token');
    const forged = value.replace(/\..{6}/, '.AAAAAA');
    visitor.jar.set('better-auth.session_token', forged);
    assert.equal(given(await visitor.client.getSession()), null);
    assert.deepEqual(visitor.last.cookies, []);
  });

  test('a cookie without a signature is nobody', async () => {
    const visitor = await book.reader();
    for (const value of [visitor.token, `${visitor.token}.`, '.', 'x', '%']) {
      visitor.jar.set('better-auth.session_token', value);
      assert.equal(given(await visitor.client.getSession()), null, value);
    }
  });

  test("another session's signature is nobody", async () => {
    const [one, two] = [await book.reader(), await book.reader()];
    const [, signature] = two.jar.get('session_token').split('.');
    one.jar.set('better-auth.session_token', `${one.token}.${signature}`);
    assert.equal(given(await one.client.getSession()), null);
  });

  test('a session that is gone is null, and its cookies go', async () => {
    const visitor = await book.reader();
    await book.sql('DELETE FROM session WHERE token = $1', [visitor.token]);
    assert.equal(given(await visitor.client.getSession()), null);
    assert.deepEqual(visitor.jar.names(), []);
    assert.equal(visitor.last.cookies.length, 3);
  });

  test('a session that has expired is null, and its row goes', async () => {
    const visitor = await book.reader();
    await setExpiry(book, visitor.token, ago(1000));
    assert.equal(given(await visitor.client.getSession()), null);
    assert.deepEqual(visitor.jar.names(), []);
    assert.equal(await row(book, visitor.token), undefined);
  });

  test('the user deleted beside us is nobody', async () => {
    const visitor = await book.reader();
    await book.sql('DELETE FROM session WHERE "userId" = $1', [visitor.user.id]);
    await book.sql('DELETE FROM account WHERE "userId" = $1', [visitor.user.id]);
    await book.sql('DELETE FROM "user" WHERE id = $1', [visitor.user.id]);
    assert.equal(given(await visitor.client.getSession()), null);
  });

  test('sees at once what was written beside us', async () => {
    const visitor = await book.reader();
    await book.sql('UPDATE "user" SET name = $1 WHERE id = $2', [
      'Renamed',
      visitor.user.id,
    ]);
    assert.equal(given(await visitor.client.getSession()).user.name, 'Renamed');
  });

  test('is not extended within a day', async () => {
    const visitor = await book.reader();
    const before = await row(book, visitor.token);
    given(await visitor.client.getSession());
    assert.deepEqual(visitor.last.cookies, []);
    assert.deepEqual(await row(book, visitor.token), before);
  });

  test('is extended after a day: row and cookie', async () => {
    const visitor = await book.reader();
    await setExpiry(book, visitor.token, ahead(6 * DAY_MS - 1000));
    const { session } = given(await visitor.client.getSession());
    assert.equal(session.token, visitor.token);
    const { expiresAt } = await row(book, visitor.token);
    const left = new Date(expiresAt).getTime() - Date.now();
    assert.ok(Math.abs(left - 7 * DAY_MS) < 5000, `${left} ms left`);
    assert.equal(session.expiresAt.toISOString(), expiresAt);
    const cookie = visitor.last.cookies.find(({ name }) =>
      name.endsWith('session_token'),
    );
    assert.equal(cookie.attributes['max-age'], '604800');
  });

  test('is not extended just before a day is over', async () => {
    const visitor = await book.reader();
    const expiresAt = ahead(6 * DAY_MS + 60_000);
    await setExpiry(book, visitor.token, expiresAt);
    given(await visitor.client.getSession());
    assert.equal((await row(book, visitor.token)).expiresAt, expiresAt);
  });

  test('is not extended when asked not to', async () => {
    const visitor = await book.reader();
    const expiresAt = ahead(5 * DAY_MS);
    await setExpiry(book, visitor.token, expiresAt);
    const query = { disableRefresh: true };
    given(await visitor.client.getSession({ query }));
    assert.equal((await row(book, visitor.token)).expiresAt, expiresAt);
    assert.deepEqual(visitor.last.cookies, []);
  });

  test('is never extended without rememberMe', async () => {
    const { email } = await book.reader();
    const visitor = await book.signIn(email, PASSWORD, { rememberMe: false });
    const expiresAt = ahead(DAY_MS / 2);
    await setExpiry(book, visitor.token, expiresAt);
    given(await visitor.client.getSession());
    assert.equal((await row(book, visitor.token)).expiresAt, expiresAt);
  });

  test('POST is refused', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/get-session');
    assert.equal(answer.status, 405);
    assert.equal(answer.json.code, 'METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED');
  });

  test('many at once all see the same', async () => {
    const visitor = await book.reader();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => visitor.client.getSession()),
    );
    assert.ok(all.every(({ data }) => data.session.token === visitor.token));
  });
});

describe('get-session of short sessions', () => {
  const book = serve({ session: { expiresIn: 2, updateAge: 1 } });

  test('ends by itself', async () => {
    const visitor = await book.reader();
    const cookie = visitor.jar.find('session_token');
    assert.equal(cookie.attributes['max-age'], '2');
    const keeper = book.visitor();
    keeper.jar.set(cookie.name, cookie.value);
    await delay(2100); // what expires does so by the clock of the server
    assert.equal(given(await keeper.client.getSession()), null);
  });

  test('lives on while it is used', async () => {
    const visitor = await book.reader();
    for (let i = 0; i < 3; i++) {
      await delay(1100);
      assert.notEqual(given(await visitor.client.getSession()), null);
    }
  });
});

describe('get-session that does not refresh', () => {
  const book = serve({ session: { disableSessionRefresh: true } });

  test('leaves an old session as it is', async () => {
    const visitor = await book.reader();
    const expiresAt = ahead(2 * DAY_MS);
    await setExpiry(book, visitor.token, expiresAt);
    given(await visitor.client.getSession());
    assert.equal((await row(book, visitor.token)).expiresAt, expiresAt);
    assert.deepEqual(visitor.last.cookies, []);
  });
});

describe('get-session that defers its refresh', () => {
  const book = serve({ session: { deferSessionRefresh: true } });

  test('says that none is due', async () => {
    const visitor = await book.reader();
    const data = (await visitor.get('/get-session')).json;
    assert.equal(data.needsRefresh, false);
  });

  test('GET writes nothing, POST refreshes', async () => {
    const visitor = await book.reader();
    const expiresAt = ahead(2 * DAY_MS);
    await setExpiry(book, visitor.token, expiresAt);
    const asked = (await visitor.get('/get-session')).json;
    assert.equal(asked.needsRefresh, true);
    assert.equal((await row(book, visitor.token)).expiresAt, expiresAt);
    const answer = await visitor.post('/get-session');
    assert.equal(answer.status, 200);
    assert.ok((await row(book, visitor.token)).expiresAt > expiresAt);
    assert.ok(answer.cookies.some(({ name }) => name.endsWith('session_token')));
  });

  test('POST is checked for its origin', async () => {
    const visitor = await book.reader();
    const headers = { origin: 'https://evil.example' };
    const answer = await visitor.post('/get-session', {}, headers);
    assert.equal(answer.status, 403);
  });

  test('POST of a stranger is null', async () => {
    const answer = await book.visitor().post('/get-session');
    assert.equal(answer.status, 200);
    assert.equal(answer.json, null);
  });
});

describe('routes that need a session', () => {
  const book = serve();
  const CALLS = {
    'list-sessions': (client) => client.listSessions(),
    'revoke-session': (client) => client.revokeSession({ token: 'x' }),
    'revoke-sessions': (client) => client.revokeSessions(),
    'revoke-other-sessions': (client) => client.revokeOtherSessions(),
    'update-user': (client) => client.updateUser({ name: 'x' }),
    'list-accounts': (client) => client.listAccounts(),
    'change-password': (client) =>
      client.changePassword({ newPassword: PASSWORD, currentPassword: 'x' }),
    'unlink-account': (client) => client.unlinkAccount({ accountId: 'x' }),
  };

  for (const [name, call] of Object.entries(CALLS)) {
    test(`${name} refuses a stranger`, async () => {
      const answer = await call(book.visitor().client);
      refused(answer, 401, 'UNAUTHORIZED');
      assert.equal(answer.error.message, 'Unauthorized');
    });
  }

  test('none of them takes an expired session', async () => {
    const visitor = await book.reader();
    await setExpiry(book, visitor.token, ago(1000));
    for (const [name, call] of Object.entries(CALLS)) {
      const { error } = await call(book.visitor({ like: visitor }).client);
      assert.equal(error.status, 401, name);
    }
  });
});
