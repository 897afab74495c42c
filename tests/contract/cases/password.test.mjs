// SPDX-License-Identifier: Apache-2.0
// Passwords: changed, verified, and reset by mail.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import {
  MAIL,
  PASSWORD,
  given,
  merge,
  newEmail,
  refused,
  serve,
} from '../target.mjs';

const NEW = 'another horse 43';
const isSignedIn = async (visitor) =>
  given(await visitor.client.getSession()) !== null;

describe('change-password', () => {
  const book = serve();
  const change = (visitor, fields) =>
    visitor.client.changePassword({
      currentPassword: PASSWORD,
      newPassword: NEW,
      ...fields,
    });

  test('the new one opens, the old one does not', async () => {
    const visitor = await book.reader();
    const data = given(await change(visitor));
    assert.equal(data.token, null);
    assert.equal(data.user.id, visitor.user.id);
    await book.signIn(visitor.email, NEW);
    refused(
      await book.visitor().client.signIn.email({
        email: visitor.email,
        password: PASSWORD,
      }),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('keeps all sessions unless told otherwise', async () => {
    const visitor = await book.reader();
    const other = await book.signIn(visitor.email);
    given(await change(visitor));
    assert.equal(await isSignedIn(visitor), true);
    assert.equal(await isSignedIn(other), true);
  });

  test('ends the other sessions when told, and renews mine', async () => {
    const visitor = await book.reader();
    const other = await book.signIn(visitor.email);
    const old = book.visitor({ like: visitor });
    const data = given(await change(visitor, { revokeOtherSessions: true }));
    assert.match(data.token, /^[a-zA-Z0-9]{32}$/);
    assert.notEqual(data.token, visitor.token);
    const { session } = given(await visitor.client.getSession());
    assert.equal(session.token, data.token);
    assert.equal(await isSignedIn(other), false);
    assert.equal(await isSignedIn(old), false);
  });

  test('needs the current password', async () => {
    const visitor = await book.reader();
    const answer = await change(visitor, { currentPassword: 'wrong one 1' });
    refused(answer, 400, 'INVALID_PASSWORD');
    await book.signIn(visitor.email, PASSWORD);
  });

  test('minds the length of the new one', async () => {
    const visitor = await book.reader();
    const answers = ['1234567', 'a'.repeat(129)].map((newPassword) =>
      change(visitor, { newPassword }),
    );
    refused(await answers[0], 400, 'PASSWORD_TOO_SHORT');
    refused(await answers[1], 400, 'PASSWORD_TOO_LONG');
  });

  test('minds the length before the current password', async () => {
    const visitor = await book.reader();
    refused(
      await change(visitor, { newPassword: 'a', currentPassword: 'wrong' }),
      400,
      'PASSWORD_TOO_SHORT',
    );
  });

  test('needs both fields', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/change-password', {});
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
    assert.match(answer.json.message, /\[body\.newPassword\].*\[body\.currentPassword\]/);
  });

  test('without a password to change says so', async () => {
    const visitor = await book.reader();
    await book.sql('UPDATE account SET password = NULL WHERE "userId" = $1', [
      visitor.user.id,
    ]);
    refused(await change(visitor), 400, 'CREDENTIAL_ACCOUNT_NOT_FOUND');
  });
});

describe('verify-password', () => {
  const book = serve();
  const verify = (visitor, password) =>
    visitor.post('/verify-password', { password });

  test('tells right from wrong', async () => {
    const visitor = await book.reader();
    const right = await verify(visitor, PASSWORD);
    assert.equal(right.status, 200);
    assert.deepEqual(right.json, { status: true });
    const wrong = await verify(visitor, 'wrong one 1');
    assert.equal(wrong.status, 400);
    assert.equal(wrong.json.code, 'INVALID_PASSWORD');
  });

  test('refuses a stranger', async () => {
    assert.equal((await verify(book.visitor(), PASSWORD)).status, 401);
  });

  test('set-password is not for the network', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/set-password', { newPassword: NEW });
    assert.equal(answer.status, 404);
  });
});

describe('a password reset by mail', () => {
  const book = serve(MAIL);
  const ANSWER = {
    status: true,
    message:
      'If this email exists in our system, check your email for the reset link',
  };
  const request = (visitor, email, fields = {}) =>
    visitor.client.requestPasswordReset({ email, ...fields });

  /** Asks for a link and gives its token. */
  async function link(email, fields) {
    const sent = book.mailsTo(email, '/reset-password/').length;
    assert.deepEqual(given(await request(book.visitor(), email, fields)), ANSWER);
    return book.mailTo(email, '/reset-password/', sent + 1);
  }
  const reset = (token, newPassword = NEW) =>
    book.visitor().client.resetPassword({ token, newPassword });

  test('works once', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    assert.match(token, /^[a-zA-Z0-9]{24}$/);
    assert.deepEqual(given(await reset(token)), { status: true });
    await book.signIn(email, NEW);
    refused(await reset(token, 'third horse 44'), 400, 'INVALID_TOKEN');
    await book.signIn(email, NEW);
  });

  test('of two at once one succeeds', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    const answers = await Promise.all([reset(token), reset(token)]);
    const statuses = answers.map(({ error }) => error?.status ?? 200);
    assert.deepEqual(statuses.sort(), [200, 400]);
  });

  test('does not sign in', async () => {
    const { email } = await book.reader();
    const visitor = book.visitor();
    const { token } = await link(email);
    given(await visitor.client.resetPassword({ token, newPassword: NEW }));
    assert.deepEqual(visitor.jar.names(), []);
  });

  test('keeps the sessions there are', async () => {
    const visitor = await book.reader();
    given(await reset((await link(visitor.email)).token));
    assert.equal(await isSignedIn(visitor), true);
  });

  test('says the same of an unknown address, and mails nobody', async () => {
    const email = newEmail('nobody');
    assert.deepEqual(given(await request(book.visitor(), email)), ANSWER);
    await book.noMailTo(email);
  });

  test('does not mind the case of the address', async () => {
    const { email } = await book.reader();
    given(await request(book.visitor(), email.toUpperCase()));
    await book.mailTo(email, '/reset-password/');
  });

  test('the link leads on with the token', async () => {
    const { email } = await book.reader();
    const redirectTo = `${book.origin}/new-password?a=1`;
    const { url, token, callbackURL } = await link(email, { redirectTo });
    assert.equal(callbackURL, redirectTo);
    const answer = await book.visitor().follow(url);
    assert.equal(answer.status, 302);
    const target = new URL(answer.headers.location);
    assert.equal(target.pathname, '/new-password');
    assert.equal(target.searchParams.get('token'), token);
    assert.equal(target.searchParams.get('a'), '1');
  });

  test('following the link does not use it up', async () => {
    const { email } = await book.reader();
    const { url, token } = await link(email, { redirectTo: '/new' });
    await book.visitor().follow(url);
    await book.visitor().follow(url);
    assert.deepEqual(given(await reset(token)), { status: true });
  });

  test('a bad link leads on with an error', async () => {
    const path = `/reset-password/nonsense?callbackURL=${encodeURIComponent('/new')}`;
    const answer = await book.visitor().get(path);
    assert.equal(answer.status, 302);
    assert.match(answer.headers.location, /\/new\?error=INVALID_TOKEN$/);
  });

  test('a link needs a callbackURL, and one of ours', async () => {
    const none = await book.visitor().get('/reset-password/x');
    assert.equal(none.status, 400);
    assert.equal(none.json.code, 'VALIDATION_ERROR');
    const evil = encodeURIComponent('https://evil.example/');
    const path = `/reset-password/x?callbackURL=${evil}`;
    const answer = await book.visitor().get(path);
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_CALLBACK_URL');
  });

  test('redirectTo elsewhere is refused', async () => {
    const { email } = await book.reader();
    const redirectTo = 'https://evil.example/';
    refused(
      await request(book.visitor(), email, { redirectTo }),
      403,
      'INVALID_REDIRECT_URL',
    );
  });

  test('something that is no address is refused', async () => {
    refused(await request(book.visitor(), 'nobody'), 400, 'VALIDATION_ERROR');
  });

  test('minds the length of the password, and keeps the token', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    refused(await reset(token, '1234567'), 400, 'PASSWORD_TOO_SHORT');
    refused(await reset(token, 'a'.repeat(129)), 400, 'PASSWORD_TOO_LONG');
    assert.deepEqual(given(await reset(token)), { status: true });
  });

  test('takes the token from the query as well', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    const path = `/reset-password?token=${token}`;
    const answer = await book.visitor().post(path, { newPassword: NEW });
    assert.equal(answer.status, 200);
    await book.signIn(email, NEW);
  });

  test('without a token, or with another, is refused', async () => {
    const answer = await book.visitor().post('/reset-password', {
      newPassword: NEW,
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
    refused(await reset('A'.repeat(24)), 400, 'INVALID_TOKEN');
  });

  test('gives a password to an account that had none', async () => {
    const { email, user } = await book.reader();
    await book.sql('DELETE FROM account WHERE "userId" = $1', [user.id]);
    given(await reset((await link(email)).token));
    await book.signIn(email, NEW);
  });

  test('an expired link is refused', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    await book.sql(
      'UPDATE verification SET "expiresAt" = $1 WHERE identifier = $2',
      [new Date(Date.now() - 1000).toISOString(), `reset-password:${token}`],
    );
    refused(await reset(token), 400, 'INVALID_TOKEN');
  });

  test('the link lives one hour', async () => {
    const { email } = await book.reader();
    const { token } = await link(email);
    const [{ expiresAt }] = await book.sql(
      'SELECT "expiresAt" FROM verification WHERE identifier = $1',
      [`reset-password:${token}`],
    );
    const left = new Date(expiresAt).getTime() - Date.now();
    assert.ok(Math.abs(left - 3_600_000) < 10_000, `${left} ms`);
  });
});

describe('a reset that signs out, and expires soon', () => {
  const short = {
    emailAndPassword: {
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 1,
    },
  };
  const book = serve(merge(MAIL, short));

  test('ends every session', async () => {
    const visitor = await book.reader();
    given(await visitor.client.requestPasswordReset({ email: visitor.email }));
    const { token } = await book.mailTo(visitor.email, '/reset-password/');
    given(await visitor.client.resetPassword({ token, newPassword: NEW }));
    assert.equal(await isSignedIn(visitor), false);
  });

  test('is too late after its time', async () => {
    const visitor = await book.reader();
    const { email, client } = visitor;
    given(await client.requestPasswordReset({ email }));
    const { token } = await book.mailTo(email, '/reset-password/');
    await delay(1100); // the link expires by the clock of the server
    refused(
      await client.resetPassword({ token, newPassword: NEW }),
      400,
      'INVALID_TOKEN',
    );
  });
});

describe('a reset where the database counts', () => {
  const counted = { advanced: { database: { generateId: 'serial' } } };
  const book = serve(merge(MAIL, counted));

  test('gives a first password an account of its own', async () => {
    const { email, user, client } = await book.reader();
    await book.sql('DELETE FROM account WHERE "userId" = $1', [user.id]);
    given(await client.requestPasswordReset({ email }));
    const { token } = await book.mailTo(email, '/reset-password/');
    given(await client.resetPassword({ token, newPassword: NEW }));
    await book.signIn(email, NEW);
  });
});

describe('a reset without mail', () => {
  const book = serve();

  test('is not there', async () => {
    const { client } = book.visitor();
    refused(
      await client.requestPasswordReset({ email: newEmail() }),
      400,
      'RESET_PASSWORD_DISABLED',
    );
  });
});
