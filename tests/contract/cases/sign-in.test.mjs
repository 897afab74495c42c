// SPDX-License-Identifier: Apache-2.0
// Signing in with e-mail address and password, and signing out.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { PASSWORD, given, newEmail, refused, serve } from '../target.mjs';

const DAY_MS = 86_400_000;

describe('sign-in', () => {
  const book = serve();
  let email;
  before(async () => {
    ({ email } = await book.reader());
  });

  const signIn = (fields, visitor = book.visitor()) =>
    visitor.client.signIn.email({ email, password: PASSWORD, ...fields });

  test('answers with token and user', async () => {
    const data = given(await signIn());
    assert.equal(data.redirect, false);
    assert.match(data.token, /^[a-zA-Z0-9]{32}$/);
    assert.equal(data.user.email, email);
    assert.ok(data.user.createdAt instanceof Date);
  });

  test('sets a cookie that is a session', async () => {
    const visitor = book.visitor();
    const { token } = given(await signIn({}, visitor));
    assert.ok(visitor.jar.get('session_token').startsWith(`${token}.`));
    const { session } = given(await visitor.client.getSession());
    assert.equal(session.token, token);
  });

  test('makes a session of its own each time', async () => {
    const tokens = await Promise.all([signIn(), signIn()]);
    assert.notEqual(given(tokens[0]).token, given(tokens[1]).token);
  });

  test('keeps the session the visitor had before', async () => {
    const visitor = await book.signIn(email);
    const before = visitor.jar.copy();
    given(await signIn({}, visitor));
    const old = book.visitor({ like: { jar: before } });
    assert.equal(given(await old.client.getSession()).user.email, email);
  });

  test('does not mind the case of the address', async () => {
    assert.equal(given(await signIn({ email: email.toUpperCase() })).user.email, email);
  });

  test('a wrong password and an unknown address get one answer', async () => {
    const wrong = await signIn({ password: 'not the password' });
    refused(wrong, 401, 'INVALID_EMAIL_OR_PASSWORD');
    const unknown = await signIn({ email: newEmail('nobody') });
    assert.deepEqual(unknown.error, wrong.error);
  });

  test('sets no cookie when it fails', async () => {
    const visitor = book.visitor();
    await signIn({ password: 'not the password' }, visitor);
    assert.deepEqual(visitor.last.cookies, []);
  });

  test('a short password is wrong, not too short', async () => {
    refused(await signIn({ password: 'a' }), 401, 'INVALID_EMAIL_OR_PASSWORD');
    refused(await signIn({ password: '' }), 401, 'INVALID_EMAIL_OR_PASSWORD');
  });

  test('a password of 129 characters is too long', async () => {
    const password = 'a'.repeat(129);
    const { error } = await signIn({ password });
    assert.ok([400, 401].includes(error.status), JSON.stringify(error));
  });

  test('something that is no address is refused as such', async () => {
    const answer = await signIn({ email: 'nobody' });
    refused(answer, 400, 'INVALID_EMAIL');
    assert.equal(answer.error.message, 'Invalid email');
  });

  test('names the fields that are missing', async () => {
    const answer = await book.visitor().post('/sign-in/email', {});
    const missing = (field) =>
      `[body.${field}] Invalid input: expected string, received undefined`;
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      message: ['email', 'password'].map(missing).join('; '),
      code: 'VALIDATION_ERROR',
    });
  });

  test('a password of another type is refused', async () => {
    refused(await signIn({ password: null }), 400, 'VALIDATION_ERROR');
    refused(await signIn({ password: ['a'] }), 400, 'VALIDATION_ERROR');
  });

  test('a password is compared in its NFKC form', async () => {
    const { email: mine } = await book.reader({ password: 'pa\u212Bngstrom' });
    await book.signIn(mine, 'pa\u00C5ngstrom');
    await book.signIn(mine, 'paA\u030Angstrom');
  });

  test('a password is compared in every byte', async () => {
    const { email: mine } = await book.reader({ password: 'With Space 1 ' });
    refused(
      await signIn({ email: mine, password: 'With Space 1' }),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('callbackURL comes back as url and location', async () => {
    const visitor = book.visitor();
    const data = given(await signIn({ callbackURL: '/home' }, visitor));
    assert.equal(data.redirect, true);
    assert.equal(data.url, '/home');
    assert.equal(visitor.last.status, 200);
    assert.equal(visitor.last.headers.location, '/home');
  });

  test('callbackURL elsewhere is refused', async () => {
    const callbackURL = 'https://evil.example/';
    refused(await signIn({ callbackURL }), 403, 'INVALID_CALLBACK_URL');
  });

  test('callbackURL that is no text is refused', async () => {
    const { error } = await signIn({ callbackURL: 5 });
    assert.equal(error.status, 400);
    assert.match(error.message, /callbackURL/);
  });

  test('lasts seven days', async () => {
    const { session } = given(await (await book.signIn(email)).client.getSession());
    const life = session.expiresAt.getTime() - session.createdAt.getTime();
    assert.ok(Math.abs(life - 7 * DAY_MS) < 5000, `${life} ms`);
  });

  test('without rememberMe lasts one day and the browser', async () => {
    const visitor = await book.signIn(email, PASSWORD, { rememberMe: false });
    const cookie = visitor.jar.find('session_token');
    assert.equal('max-age' in cookie.attributes, false);
    assert.ok(visitor.jar.get('dont_remember').startsWith('true.'));
    const { session } = given(await visitor.client.getSession());
    const life = session.expiresAt.getTime() - session.createdAt.getTime();
    assert.ok(Math.abs(life - DAY_MS) < 5000, `${life} ms`);
  });

  test('takes a form', async () => {
    const body = new URLSearchParams({ email, password: PASSWORD });
    const answer = await book
      .visitor()
      .post('/sign-in/email', body.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.user.email, email);
  });

  test('keeps the User-Agent with the session', async () => {
    const visitor = book.visitor({ headers: { 'user-agent': 'Book/7 (x)' } });
    given(await signIn({}, visitor));
    const { session } = given(await visitor.client.getSession());
    assert.equal(session.userAgent, 'Book/7 (x)');
  });

  test('a session without a User-Agent has an empty one', async () => {
    const visitor = book.visitor({ headers: { 'user-agent': null } });
    given(await signIn({}, visitor));
    const { session } = given(await visitor.client.getSession());
    assert.equal(session.userAgent, '');
  });
});

describe('sign-out', () => {
  const book = serve();

  test('ends the session', async () => {
    const visitor = await book.reader();
    const thief = book.visitor({ like: visitor });
    assert.deepEqual(given(await visitor.client.signOut()), { success: true });
    assert.equal(given(await thief.client.getSession()), null);
    const rows = await book.sql('SELECT 1 FROM session WHERE token = $1', [
      visitor.token,
    ]);
    assert.deepEqual(rows, []);
  });

  test('takes the cookies away', async () => {
    const visitor = await book.reader();
    given(await visitor.client.signOut());
    assert.deepEqual(visitor.jar.names(), []);
    const gone = visitor.last.cookies.map(({ name }) => name.split('.')[1]);
    assert.deepEqual(gone, ['session_token', 'session_data', 'dont_remember']);
    for (const { value, attributes } of visitor.last.cookies) {
      assert.equal(value, '');
      assert.equal(attributes['max-age'], '0');
      assert.equal(attributes.path, '/');
      assert.equal(attributes.httponly, true);
    }
  });

  test('leaves the other sessions alone', async () => {
    const visitor = await book.reader();
    const other = await book.signIn(visitor.email);
    given(await visitor.client.signOut());
    assert.equal(given(await other.client.getSession()).user.email, visitor.email);
  });

  test('succeeds without a session, and twice', async () => {
    const visitor = book.visitor();
    assert.deepEqual(given(await visitor.client.signOut()), { success: true });
    assert.deepEqual(given(await visitor.client.signOut()), { success: true });
  });

  test('with a forged cookie ends nobody', async () => {
    const visitor = await book.reader();
    const forger = book.visitor();
    const value = visitor.jar.get('session_token');
    forger.jar.set('better-auth.session_token', `${value.slice(0, -12)}AAAAAAAAA%3D`);
    given(await forger.client.signOut());
    assert.notEqual(given(await visitor.client.getSession()), null);
  });
});
