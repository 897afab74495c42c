// SPDX-License-Identifier: Apache-2.0
// Options that change what signing up and signing in do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  MAIL,
  PASSWORD,
  given,
  merge,
  newEmail,
  refused,
  serve,
} from '../target.mjs';

const VERIFY = '/verify-email';
const signUp = (book, fields = {}, visitor = book.visitor()) =>
  visitor.client.signUp.email({
    email: newEmail(),
    name: 'A Reader',
    password: PASSWORD,
    ...fields,
  });

/** A taken address gets the answer of a free one. */
async function assertHidden(book) {
  const email = newEmail();
  const first = given(await signUp(book, { email, name: 'First' }));
  const visitor = book.visitor();
  const fields = { email, name: 'Second', password: 'other horse 44' };
  const second = given(await signUp(book, fields, visitor));
  assert.deepEqual(visitor.last.cookies, []);
  assert.equal(second.token, null);
  assert.deepEqual(Object.keys(second.user), Object.keys(first.user));
  assert.equal(second.user.email, email);
  assert.equal(second.user.name, 'Second');
  assert.equal(second.user.emailVerified, false);
  assert.notEqual(second.user.id, first.user.id);
  assert.match(second.user.id, /^[a-zA-Z0-9]{32}$/);
  const rows = await book.sql('SELECT * FROM "user" WHERE email = $1', [email]);
  assert.equal(rows.length, 1);
  assert.equal(rows[0].name, 'First');
}

describe('with verification required', () => {
  const over = {
    emailAndPassword: { requireEmailVerification: true },
    emailVerification: { sendOnSignIn: true },
  };
  const book = serve(merge(MAIL, over));

  test('signing up signs nobody in, and sends the mail', async () => {
    const visitor = book.visitor();
    const email = newEmail();
    const data = given(await signUp(book, { email }, visitor));
    assert.equal(data.token, null);
    assert.equal(data.user.email, email);
    assert.deepEqual(visitor.jar.names(), []);
    await book.mailTo(email, VERIFY);
  });

  test('the door opens after the link', async () => {
    const email = newEmail();
    given(await signUp(book, { email }));
    const { client } = book.visitor();
    refused(
      await client.signIn.email({ email, password: PASSWORD }),
      403,
      'EMAIL_NOT_VERIFIED',
    );
    const { token } = await book.mailTo(email, VERIFY);
    given(await client.verifyEmail({ query: { token } }));
    await book.signIn(email);
  });

  test('signing in sends the mail once more', async () => {
    const email = newEmail();
    given(await signUp(book, { email }));
    await book.mailTo(email, VERIFY);
    await book.visitor().client.signIn.email({ email, password: PASSWORD });
    await book.mailTo(email, VERIFY, 2);
  });

  test('a wrong password does not tell', async () => {
    const email = newEmail();
    given(await signUp(book, { email }));
    refused(
      await book.visitor().client.signIn.email({ email, password: 'wrong one 1' }),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('a taken address does not show', () => assertHidden(book));
});

describe('without autoSignIn', () => {
  const book = serve({ emailAndPassword: { autoSignIn: false } });

  test('signing up signs nobody in', async () => {
    const visitor = book.visitor();
    const email = newEmail();
    const data = given(await signUp(book, { email }, visitor));
    assert.equal(data.token, null);
    assert.deepEqual(visitor.jar.names(), []);
    assert.equal(given(await visitor.client.getSession()), null);
    await book.signIn(email);
  });

  test('a taken address does not show', () => assertHidden(book));
});

describe('with other lengths of passwords', () => {
  const book = serve({
    emailAndPassword: { minPasswordLength: 12, maxPasswordLength: 64 },
  });

  test('they are minded', async () => {
    const up = (length) => signUp(book, { password: 'a'.repeat(length) });
    refused(await up(11), 400, 'PASSWORD_TOO_SHORT');
    refused(await up(65), 400, 'PASSWORD_TOO_LONG');
    given(await up(12));
    given(await up(64));
  });
});

describe('without e-mail and password', () => {
  const book = serve({ emailAndPassword: { enabled: false } });

  test('nobody signs up or in', async () => {
    refused(await signUp(book), 400, 'EMAIL_PASSWORD_SIGN_UP_DISABLED');
    refused(
      await book.visitor().client.signIn.email({
        email: newEmail(),
        password: PASSWORD,
      }),
      400,
      'EMAIL_PASSWORD_DISABLED',
    );
  });
});

describe('with other identifiers', () => {
  const book = serve({ advanced: { database: { generateId: 'uuid' } } });

  test('they are uuids', async () => {
    const visitor = await book.reader();
    const { user, session } = given(await visitor.client.getSession());
    const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    assert.match(user.id, UUID);
    assert.match(session.id, UUID);
    assert.equal(session.userId, user.id);
  });
});

describe('with numbers as identifiers', () => {
  const book = serve({ advanced: { database: { generateId: 'serial' } } });

  test('they are texts all the same', async () => {
    const visitor = await book.reader();
    const { user, session } = given(await visitor.client.getSession());
    assert.match(user.id, /^[1-9]\d*$/);
    assert.equal(session.userId, user.id);
    const [account] = given(await visitor.client.listAccounts());
    assert.equal(account.userId, user.id);
    assert.equal(account.accountId, user.id);
  });

  test('signing in finds them', async () => {
    const { email, user } = await book.reader();
    const visitor = await book.signIn(email);
    assert.equal(visitor.user.id, user.id);
    given(await visitor.client.updateUser({ name: 'New' }));
    given(await visitor.client.signOut());
  });
});

describe('with other names of tables and columns', () => {
  const book = serve({
    user: { modelName: 'users', fields: { emailVerified: 'email_verified' } },
    session: { modelName: 'sessions', fields: { userId: 'user_id' } },
    account: { modelName: 'accounts' },
  });

  test('everything works, and stands where it should', async () => {
    const reader = await book.reader();
    const visitor = await book.signIn(reader.email);
    const { user, session } = given(await visitor.client.getSession());
    assert.equal(user.emailVerified, false);
    const [row] = await book.sql(
      'SELECT email_verified AS verified FROM users WHERE email = $1',
      [reader.email],
    );
    assert.equal(Boolean(row.verified), false);
    const rows = await book.sql('SELECT token FROM sessions WHERE user_id = $1', [
      user.id,
    ]);
    assert.ok(rows.some(({ token }) => token === session.token));
    assert.equal(given(await visitor.client.listAccounts()).length, 1);
  });
});

describe('with several secrets', () => {
  const book = serve({
    secrets: [
      { version: 2, value: 'the-new-secret-0123456789-abcdefghijklmno' },
      { version: 1, value: 'the-old-secret-0123456789-abcdefghijklmno' },
    ],
    plugins: ['jwt'],
  });

  test('signing in works, and keys are kept with the newest', async () => {
    const visitor = await book.reader();
    assert.notEqual(given(await visitor.client.getSession()), null);
    assert.equal((await visitor.get('/token')).status, 200);
    const [row] = await book.sql('SELECT * FROM jwks');
    assert.match(row.privateKey, /^"\$ba\$2\$[0-9a-f]+"$/);
  });
});

describe('the page of errors elsewhere', () => {
  const book = serve({ onAPIError: { errorURL: 'https://front.example.org/oops' } });

  test('is where it is led to', async () => {
    const answer = await book.visitor().get('/error?error=INVALID_TOKEN');
    assert.equal(answer.status, 302);
    assert.equal(
      answer.headers.location,
      'https://front.example.org/oops?error=INVALID_TOKEN',
    );
  });
});

describe('the description of the interface', () => {
  const book = serve({ plugins: ['open-api'] });

  test('is OpenAPI, and names the paths', async () => {
    const answer = await book.visitor().get('/open-api/generate-schema');
    assert.equal(answer.status, 200);
    assert.match(answer.json.openapi, /^3\.1/);
    for (const path of ['/sign-up/email', '/sign-in/email', '/get-session']) {
      assert.ok(path in answer.json.paths, path);
    }
  });

  test('has a page', async () => {
    const answer = await book.visitor().get('/reference');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/html/);
  });
});
