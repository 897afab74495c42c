// SPDX-License-Identifier: Apache-2.0
// Deleting one's account.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  MAIL,
  PASSWORD,
  given,
  merge,
  refused,
  serve,
} from '../target.mjs';

const CALLBACK = '/delete-user/callback';

async function assertGone(book, visitor) {
  for (const [table, column] of [
    ['"user"', 'id'],
    ['account', '"userId"'],
    ['session', '"userId"'],
  ]) {
    const rows = await book.sql(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [
      visitor.user.id,
    ]);
    assert.deepEqual(rows, [], table);
  }
}

const age = (book, { token }) =>
  book.sql('UPDATE session SET "createdAt" = $1 WHERE token = $2', [
    new Date(Date.now() - 2 * 86_400_000).toISOString(),
    token,
  ]);

describe('delete-user', () => {
  const book = serve({ user: { deleteUser: { enabled: true } } });
  const DELETED = { success: true, message: 'User deleted' };

  test('with a fresh session takes everything', async () => {
    const visitor = await book.reader();
    assert.deepEqual(given(await visitor.client.deleteUser()), DELETED);
    await assertGone(book, visitor);
    assert.deepEqual(visitor.jar.names(), []);
  });

  test('ends the sessions in other browsers', async () => {
    const visitor = await book.reader();
    const other = await book.signIn(visitor.email);
    given(await visitor.client.deleteUser());
    assert.equal(given(await other.client.getSession()), null);
  });

  test('leaves the address free', async () => {
    const visitor = await book.reader();
    given(await visitor.client.deleteUser());
    const again = await book.reader({ email: visitor.email });
    assert.notEqual(again.user.id, visitor.user.id);
  });

  test('leaves other people alone', async () => {
    const [visitor, other] = [await book.reader(), await book.reader()];
    given(await visitor.client.deleteUser());
    assert.notEqual(given(await other.client.getSession()), null);
    await book.signIn(other.email);
  });

  test('takes the password', async () => {
    const visitor = await book.reader();
    const answer = await visitor.client.deleteUser({ password: PASSWORD });
    assert.deepEqual(given(answer), DELETED);
    await assertGone(book, visitor);
  });

  test('refuses a wrong password', async () => {
    const visitor = await book.reader();
    refused(
      await visitor.client.deleteUser({ password: 'wrong one 1' }),
      400,
      'INVALID_PASSWORD',
    );
    assert.notEqual(given(await visitor.client.getSession()), null);
  });

  test('an old session needs the password', async () => {
    const visitor = await book.reader();
    await age(book, visitor);
    refused(await visitor.client.deleteUser(), 400, 'SESSION_EXPIRED');
    given(await visitor.client.deleteUser({ password: PASSWORD }));
    await assertGone(book, visitor);
  });

  test('refuses a token nobody sent', async () => {
    const visitor = await book.reader();
    const answer = await visitor.client.deleteUser({ token: 'x' });
    refused(answer, 404, 'INVALID_TOKEN');
  });

  test('refuses a stranger', async () => {
    refused(await book.visitor().client.deleteUser(), 401, 'UNAUTHORIZED');
  });
});

describe('delete-user by mail', () => {
  const deleteUser = { enabled: true, sendDeleteAccountVerification: true };
  const book = serve(merge(MAIL, { user: { deleteUser } }));
  const SENT = { success: true, message: 'Verification email sent' };

  async function link(visitor, fields) {
    assert.deepEqual(given(await visitor.client.deleteUser(fields)), SENT);
    return book.mailTo(visitor.email, CALLBACK);
  }

  test('deletes nothing before the link is followed', async () => {
    const visitor = await book.reader();
    const { token } = await link(visitor);
    assert.match(token, /^[a-z0-9]{32}$/);
    assert.notEqual(given(await visitor.client.getSession()), null);
  });

  test('the link deletes, and leads on', async () => {
    const visitor = await book.reader();
    const { url } = await link(visitor, { callbackURL: '/bye' });
    const answer = await visitor.follow(url);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/bye');
    assert.deepEqual(visitor.jar.names(), []);
    await assertGone(book, visitor);
  });

  test('the token deletes', async () => {
    const visitor = await book.reader();
    const { token } = await link(visitor);
    const answer = await visitor.client.deleteUser({ token });
    assert.equal(given(answer).success, true);
    await assertGone(book, visitor);
  });

  test('the link is for its own reader only', async () => {
    const [visitor, other] = [await book.reader(), await book.reader()];
    const { token } = await link(visitor);
    const answer = await other.get(`${CALLBACK}?token=${token}`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
    assert.notEqual(given(await visitor.client.getSession()), null);
    assert.notEqual(given(await other.client.getSession()), null);
  });

  test('the link needs a session', async () => {
    const visitor = await book.reader();
    const { token } = await link(visitor);
    const answer = await book.visitor().get(`${CALLBACK}?token=${token}`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json.code, 'FAILED_TO_GET_USER_INFO');
  });

  test('a bad link is refused', async () => {
    const visitor = await book.reader();
    const answer = await visitor.get(`${CALLBACK}?token=nonsense`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
  });

  test('a callbackURL elsewhere is refused', async () => {
    const visitor = await book.reader();
    const callbackURL = 'https://evil.example/';
    refused(
      await visitor.client.deleteUser({ callbackURL }),
      403,
      'INVALID_CALLBACK_URL',
    );
  });

  test('an expired link is refused', async () => {
    const visitor = await book.reader();
    const { token } = await link(visitor);
    await book.sql(
      'UPDATE verification SET "expiresAt" = $1 WHERE identifier = $2',
      [new Date(Date.now() - 1000).toISOString(), `delete-account-${token}`],
    );
    const answer = await visitor.get(`${CALLBACK}?token=${token}`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
  });
});

describe('delete-user switched off', () => {
  const book = serve();

  test('is not there', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/delete-user');
    assert.equal(answer.status, 404);
    assert.equal(answer.text, '');
  });

  test('its callback is not there either', async () => {
    const visitor = await book.reader();
    const answer = await visitor.get(`${CALLBACK}?token=x`);
    assert.equal(answer.status, 404);
    assert.equal(answer.json.code, 'NOT_FOUND');
  });
});
