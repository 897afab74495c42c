// SPDX-License-Identifier: Apache-2.0
// Signing up with e-mail address and password.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { PASSWORD, given, newEmail, refused, serve } from '../target.mjs';

const TOKEN = /^[a-zA-Z0-9]{32}$/;

describe('sign-up', () => {
  const book = serve();

  const signUp = (fields, visitor = book.visitor()) =>
    visitor.client.signUp.email({
      email: newEmail(),
      name: 'A Reader',
      password: PASSWORD,
      ...fields,
    });

  test('answers with a token and the user', async () => {
    const email = newEmail();
    const { token, user } = given(await signUp({ email, name: 'Ada' }));
    assert.match(token, TOKEN);
    assert.match(user.id, TOKEN);
    assert.equal(user.email, email);
    assert.equal(user.name, 'Ada');
    assert.equal(user.emailVerified, false);
    assert.equal(user.image, null);
    assert.ok(user.createdAt instanceof Date);
    assert.ok(user.updatedAt instanceof Date);
  });

  test('signs in as well', async () => {
    const visitor = book.visitor();
    const { token, user } = given(await signUp({}, visitor));
    const data = given(await visitor.client.getSession());
    assert.equal(data.user.id, user.id);
    assert.equal(data.session.token, token);
  });

  test('writes user, account and session', async () => {
    const { user, token } = given(await signUp());
    const [account] = await book.sql(
      'SELECT * FROM account WHERE "userId" = $1',
      [user.id],
    );
    assert.equal(account.providerId, 'credential');
    assert.equal(account.accountId, user.id);
    assert.match(account.password, /^[0-9a-f]{32}:[0-9a-f]{128}$/);
    const [session] = await book.sql('SELECT * FROM session WHERE token = $1', [
      token,
    ]);
    assert.equal(session.userId, user.id);
  });

  test('lower-cases the address', async () => {
    const email = newEmail('Mixed-Case');
    const { user } = given(await signUp({ email }));
    assert.equal(user.email, email.toLowerCase());
  });

  test('keeps an image and a name with every script', async () => {
    const fields = { image: 'https://x.example/i.png', name: 'Ünïcødé 漢字 😀' };
    const { user } = given(await signUp(fields));
    assert.equal(user.image, fields.image);
    assert.equal(user.name, fields.name);
  });

  test('accepts an empty name', async () => {
    assert.equal(given(await signUp({ name: '' })).user.name, '');
  });

  test('keeps quotes and control characters in a name', async () => {
    const name = `"'\\ </script>\u0001\n\t`;
    assert.equal(given(await signUp({ name })).user.name, name);
  });

  test('refuses an address that is taken, in any case', async () => {
    const email = newEmail();
    given(await signUp({ email }));
    const code = 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
    refused(await signUp({ email }), 422, code);
    refused(await signUp({ email: email.toUpperCase() }), 422, code);
  });

  test('the second of two sign-ups at once is refused', async () => {
    const email = newEmail();
    const answers = await Promise.all([signUp({ email }), signUp({ email })]);
    const statuses = answers.map(({ error }) => error?.status ?? 200);
    assert.deepEqual(statuses.sort(), [200, 422]);
    const [{ n }] = await book.sql(
      'SELECT count(*) AS n FROM "user" WHERE email = $1',
      [email],
    );
    assert.equal(Number(n), 1);
  });

  for (const email of [
    'plain',
    'a@b',
    'a..b@example.org',
    '.a@example.org',
    'ü@example.org',
    ' a@example.org',
    'a@example.org ',
    'a@exam ple.org',
    'a@example.o',
  ]) {
    test(`refuses the address ${JSON.stringify(email)}`, async () => {
      const answer = await signUp({ email });
      refused(answer, 400, 'VALIDATION_ERROR');
      assert.equal(answer.error.message, '[body.email] Invalid email address');
    });
  }

  for (const word of ["o'brien", 'with+tag', 'under_score', 'dot.ted']) {
    test(`accepts ${word} before the @`, async () => {
      const email = newEmail(word);
      assert.equal(given(await signUp({ email })).user.email, email);
    });
  }

  test('accepts a domain in punycode', async () => {
    const email = newEmail().replace('example.org', 'xn--bcher-kva.example');
    assert.equal(given(await signUp({ email })).user.email, email);
  });

  test('refuses a password of 7 characters', async () => {
    const answer = await signUp({ password: '1234567' });
    refused(answer, 400, 'PASSWORD_TOO_SHORT');
    assert.equal(answer.error.message, 'Password too short');
  });

  test('refuses a password of 129 characters', async () => {
    const answer = await signUp({ password: 'a'.repeat(129) });
    refused(answer, 400, 'PASSWORD_TOO_LONG');
    assert.equal(answer.error.message, 'Password too long');
  });

  test('counts a character beyond the BMP twice', async () => {
    given(await signUp({ password: '😀'.repeat(4) }));
    given(await signUp({ password: '😀'.repeat(64) }));
    const code = 'PASSWORD_TOO_LONG';
    refused(await signUp({ password: '😀'.repeat(65) }), 400, code);
  });

  test('refuses an empty password as not valid', async () => {
    const answer = await signUp({ password: '' });
    refused(answer, 400, 'VALIDATION_ERROR');
    assert.equal(
      answer.error.message,
      '[body.password] Too small: expected string to have >=1 characters',
    );
  });

  test('names each field that is missing', async () => {
    const answer = await book.visitor().post('/sign-up/email', {});
    const missing = (field) =>
      `[body.${field}] Invalid input: expected string, received undefined`;
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      message: ['name', 'email', 'password'].map(missing).join('; '),
      code: 'VALIDATION_ERROR',
    });
  });

  test('refuses a name that is no text', async () => {
    const answer = await signUp({ name: 5 });
    refused(answer, 400, 'VALIDATION_ERROR');
    assert.equal(
      answer.error.message,
      '[body.name] Invalid input: expected string, received number',
    );
  });

  test('refuses a body that is a list', async () => {
    const answer = await book.visitor().post('/sign-up/email', []);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
  });

  test('refuses a body that is no JSON', async () => {
    const answer = await book.visitor().post('/sign-up/email', '{"a":');
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      message: 'Invalid JSON in request body',
      code: 'BAD_REQUEST',
    });
  });

  test('refuses another content type', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await book.visitor().post('/sign-up/email', '{}', headers);
    assert.equal(answer.status, 415);
    assert.equal(answer.json.code, 'UNSUPPORTED_MEDIA_TYPE');
    assert.match(answer.json.message, /^Content-Type "text\/plain" is not allowed/);
  });

  test('takes a form', async () => {
    const email = newEmail();
    const body = new URLSearchParams({ email, name: 'F', password: PASSWORD });
    const answer = await book
      .visitor()
      .post('/sign-up/email', body.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.user.email, email);
  });

  test('cannot be used to set id, emailVerified or createdAt', async () => {
    const fields = {
      id: 'x',
      emailVerified: true,
      createdAt: '2000-01-01T00:00:00.000Z',
    };
    const { user } = given(await signUp(fields));
    assert.notEqual(user.id, 'x');
    assert.equal(user.emailVerified, false);
    assert.ok(Date.now() - user.createdAt.getTime() < 60_000);
  });

  test('drops a field nobody knows', async () => {
    const { user } = given(await signUp({ shoeSize: 44 }));
    assert.equal('shoeSize' in user, false);
  });

  test('refuses a callbackURL of somebody else', async () => {
    const callbackURL = 'https://evil.example/';
    refused(await signUp({ callbackURL }), 403, 'INVALID_CALLBACK_URL');
  });

  test('is POST only', async () => {
    assert.equal((await book.visitor().get('/sign-up/email')).status, 404);
  });

  test('does not answer with the password', async () => {
    const visitor = book.visitor();
    given(await signUp({}, visitor));
    assert.equal(visitor.last.text.includes(PASSWORD), false);
    assert.equal('password' in visitor.last.json.user, false);
  });
});

describe('sign-up switched off', () => {
  const book = serve({ emailAndPassword: { disableSignUp: true } });

  test('is refused', async () => {
    const answer = await book.visitor().client.signUp.email({
      email: newEmail(),
      name: 'A',
      password: PASSWORD,
    });
    refused(answer, 400, 'EMAIL_PASSWORD_SIGN_UP_DISABLED');
  });

  test('is refused only after the fields were looked at', async () => {
    const answer = await book.visitor().client.signUp.email({
      email: 'nobody',
      name: 'A',
      password: PASSWORD,
    });
    refused(answer, 400, 'VALIDATION_ERROR');
  });
});
