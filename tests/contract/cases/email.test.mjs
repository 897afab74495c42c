// SPDX-License-Identifier: Apache-2.0
// E-mail addresses: verified, and changed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';

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

/** Asks for the mail as the reader, and gives its link. */
async function verification(book, visitor, fields = {}) {
  const sent = book.mailsTo(visitor.email, VERIFY).length;
  given(
    await visitor.client.sendVerificationEmail({
      email: visitor.email,
      ...fields,
    }),
  );
  return book.mailTo(visitor.email, VERIFY, sent + 1);
}

const verify = (visitor, token) => visitor.client.verifyEmail({ query: { token } });

/** Without a session, whoever asks. */
const isVerified = async (book, email) => {
  const rows = await book.sql('SELECT * FROM "user" WHERE email = $1', [email]);
  return Boolean(rows[0].emailVerified);
};

const signed = (book, claims, key = book.server.secret) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '1h')
    .sign(new TextEncoder().encode(key));

describe('verifying an address', () => {
  const book = serve(MAIL);

  test('follows the link', async () => {
    const visitor = await book.reader();
    const { token } = await verification(book, visitor);
    assert.deepEqual(given(await verify(book.visitor(), token)), {
      status: true,
      user: null,
    });
    assert.equal(await isVerified(book, visitor.email), true);
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.emailVerified, true);
  });

  test('the token is a JWT for this address and user', async () => {
    const visitor = await book.reader();
    const { token } = await verification(book, visitor);
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'HS256' });
    const claims = decodeJwt(token);
    assert.equal(claims.email, visitor.email);
    assert.equal(claims.exp - claims.iat, 3600);
  });

  test('a second click changes nothing', async () => {
    const visitor = await book.reader();
    const { token } = await verification(book, visitor);
    given(await verify(book.visitor(), token));
    assert.deepEqual(given(await verify(book.visitor(), token)), {
      status: true,
      user: null,
    });
  });

  test('leads to the callbackURL', async () => {
    const visitor = await book.reader();
    const callbackURL = `${book.origin}/welcome?a=1`;
    const mail = await verification(book, visitor, { callbackURL });
    assert.equal(mail.callbackURL, callbackURL);
    const answer = await book.visitor().follow(mail.url);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, callbackURL);
    assert.equal(await isVerified(book, visitor.email), true);
  });

  test('does not sign in', async () => {
    const visitor = await book.reader();
    const { url } = await verification(book, visitor);
    const other = book.visitor();
    await other.follow(url);
    assert.deepEqual(other.jar.names(), []);
  });

  test('a bad token is refused', async () => {
    for (const token of ['nonsense', 'a.b.c', '']) {
      const path = `${VERIFY}?token=${token}`;
      const answer = await book.visitor().get(path);
      assert.equal(answer.status, 401, token);
      assert.equal(answer.json.code, 'INVALID_TOKEN');
    }
  });

  test('a bad token with a callbackURL leads there', async () => {
    const callbackURL = encodeURIComponent('/dash?a=1');
    const path = `${VERIFY}?token=bad&callbackURL=${callbackURL}`;
    const answer = await book.visitor().get(path);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/dash?a=1&error=INVALID_TOKEN');
  });

  test('a callbackURL elsewhere is refused', async () => {
    const visitor = await book.reader();
    const { token } = await verification(book, visitor);
    const evil = encodeURIComponent('https://evil.example/');
    const path = `${VERIFY}?token=${token}&callbackURL=${evil}`;
    const answer = await book.visitor().get(path);
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_CALLBACK_URL');
    assert.equal(await isVerified(book, visitor.email), false);
  });

  test('needs a token', async () => {
    const answer = await book.visitor().get(VERIFY);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
  });

  test('a token signed by somebody else is refused', async () => {
    const { email, user } = await book.reader();
    const token = await signed(book, { email, userId: user.id }, 'x'.repeat(40));
    const answer = await verify(book.visitor(), token);
    refused(answer, 401, 'INVALID_TOKEN');
  });

  test('a token without a signature is refused', async () => {
    const { email, user } = await book.reader();
    const part = (object) =>
      Buffer.from(JSON.stringify(object)).toString('base64url');
    const claims = { email, userId: user.id, iat: 1, exp: 9_999_999_999 };
    for (const tail of ['', 'AAAA']) {
      const token = `${part({ alg: 'none' })}.${part(claims)}.${tail}`;
      refused(await verify(book.visitor(), token), 401, 'INVALID_TOKEN');
    }
    assert.equal(await isVerified(book, email), false);
  });

  test('an expired token is told apart', async () => {
    const { email, user } = await book.reader();
    const exp = Math.floor(Date.now() / 1000) - 60;
    const token = await signed(book, { email, userId: user.id, exp });
    const answer = await verify(book.visitor(), token);
    refused(answer, 401, 'TOKEN_EXPIRED');
    assert.equal(answer.error.message, 'Token expired');
  });

  test('a token of a user who is gone is refused', async () => {
    const token = await signed(book, { email: newEmail(), userId: 'gone' });
    refused(await verify(book.visitor(), token), 401, 'USER_NOT_FOUND');
  });

  test('sending minds whose address it is', async () => {
    const visitor = await book.reader();
    refused(
      await visitor.client.sendVerificationEmail({ email: newEmail() }),
      400,
      'EMAIL_MISMATCH',
    );
  });

  test('sending to a verified reader says so', async () => {
    const visitor = await book.reader();
    const { token } = await verification(book, visitor);
    given(await verify(visitor, token));
    refused(
      await visitor.client.sendVerificationEmail({ email: visitor.email }),
      400,
      'EMAIL_ALREADY_VERIFIED',
    );
  });

  test('sending to a stranger says the same whoever it is', async () => {
    const { email } = await book.reader();
    const send = (to) =>
      book.visitor().client.sendVerificationEmail({ email: to });
    assert.deepEqual(given(await send(email)), { status: true });
    await book.mailTo(email, VERIFY);
    const nobody = newEmail('nobody');
    assert.deepEqual(given(await send(nobody)), { status: true });
    await book.noMailTo(nobody);
  });

  test('something that is no address is refused', async () => {
    const { client } = book.visitor();
    refused(
      await client.sendVerificationEmail({ email: 'nobody' }),
      400,
      'VALIDATION_ERROR',
    );
  });

  test('signing up sends nothing by itself', async () => {
    const { email } = await book.reader();
    await book.noMailTo(email, VERIFY);
  });
});

describe('verifying an address without mail', () => {
  const book = serve();

  test('is not there', async () => {
    const { client } = book.visitor();
    refused(
      await client.sendVerificationEmail({ email: newEmail() }),
      400,
      'VERIFICATION_EMAIL_NOT_ENABLED',
    );
  });
});

describe('verification that signs in, and expires soon', () => {
  const over = {
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: true,
      expiresIn: 2,
    },
  };
  const book = serve(merge(MAIL, over));

  test('is sent at sign-up, and signs in', async () => {
    const { email } = await book.reader({ callbackURL: '/welcome' });
    const { url, callbackURL } = await book.mailTo(email, VERIFY);
    assert.equal(callbackURL, '/welcome');
    const visitor = book.visitor();
    const answer = await visitor.follow(url);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/welcome');
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.email, email);
    assert.equal(user.emailVerified, true);
  });

  test('without callbackURL leads to the start page', async () => {
    const { email } = await book.reader();
    assert.equal((await book.mailTo(email, VERIFY)).callbackURL, '/');
  });

  test('is too late after its time', async () => {
    const { email } = await book.reader();
    const { token } = await book.mailTo(email, VERIFY);
    await delay(3100); // whole seconds, and the link expires after two
    refused(await verify(book.visitor(), token), 401, 'TOKEN_EXPIRED');
  });
});

describe('change-email', () => {
  const book = serve(merge(MAIL, { user: { changeEmail: { enabled: true } } }));
  const change = (visitor, newAddress, fields = {}) =>
    visitor.client.changeEmail({ newEmail: newAddress, ...fields });

  test('asks the new address', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    assert.deepEqual(given(await change(visitor, to)), { status: true });
    assert.equal(given(await visitor.client.getSession()).user.email, visitor.email);
    const { token } = await book.mailTo(to, VERIFY);
    const data = given(await verify(visitor, token));
    assert.equal(data.status, true);
    assert.equal(data.user.email, to);
    assert.equal(given(await visitor.client.getSession()).user.email, to);
    await book.signIn(to);
  });

  test('a second click is refused', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    given(await change(visitor, to));
    const { token } = await book.mailTo(to, VERIFY);
    given(await verify(visitor, token));
    const { error } = await verify(visitor, token);
    assert.equal(error.status, 401);
  });

  test('the old address opens no more', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    given(await change(visitor, to));
    given(await verify(visitor, (await book.mailTo(to, VERIFY)).token));
    const { client } = book.visitor();
    refused(
      await client.signIn.email({ email: visitor.email, password: PASSWORD }),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('says nothing of an address that is taken', async () => {
    const [visitor, other] = [await book.reader(), await book.reader()];
    assert.deepEqual(given(await change(visitor, other.email)), { status: true });
    await book.noMailTo(other.email, VERIFY);
  });

  test('to the same address is refused', async () => {
    const visitor = await book.reader();
    const { error } = await change(visitor, visitor.email.toUpperCase());
    assert.equal(error.status, 400);
    assert.equal(error.message, 'Email is the same');
  });

  test('to something that is no address is refused', async () => {
    const visitor = await book.reader();
    refused(await change(visitor, 'nobody'), 400, 'VALIDATION_ERROR');
  });

  test('lower-cases the address', async () => {
    const visitor = await book.reader();
    const to = newEmail('New');
    given(await change(visitor, to));
    const { token } = await book.mailTo(to.toLowerCase(), VERIFY);
    assert.equal(given(await verify(visitor, token)).user.email, to.toLowerCase());
  });

  test('leads to the callbackURL', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    given(await change(visitor, to, { callbackURL: '/changed' }));
    const { url } = await book.mailTo(to, VERIFY);
    const answer = await visitor.follow(url);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/changed');
  });

  test('refuses a callbackURL elsewhere, and a stranger', async () => {
    const visitor = await book.reader();
    const callbackURL = 'https://evil.example/';
    refused(
      await change(visitor, newEmail(), { callbackURL }),
      403,
      'INVALID_CALLBACK_URL',
    );
    refused(await change(book.visitor(), newEmail()), 401, 'UNAUTHORIZED');
  });
});

describe('change-email switched off', () => {
  const book = serve(MAIL);

  test('is refused', async () => {
    const visitor = await book.reader();
    refused(
      await visitor.client.changeEmail({ newEmail: newEmail() }),
      400,
      'CHANGE_EMAIL_DISABLED',
    );
  });
});

describe('change-email that the old address confirms', () => {
  const changeEmail = { enabled: true, sendChangeEmailConfirmation: true };
  const book = serve(merge(MAIL, { user: { changeEmail } }));

  test('mails the old, then the new address', async () => {
    const visitor = await book.reader();
    given(await verify(visitor, (await verification(book, visitor)).token));
    const to = newEmail('new');
    given(await visitor.client.changeEmail({ newEmail: to }));
    const first = await book.mailTo(visitor.email, VERIFY, 2);
    assert.deepEqual(book.mailsTo(to), []);
    given(await verify(visitor, first.token));
    assert.equal(given(await visitor.client.getSession()).user.email, visitor.email);
    const second = await book.mailTo(to, VERIFY);
    given(await verify(visitor, second.token));
    assert.equal(given(await visitor.client.getSession()).user.email, to);
  });

  test('asks only the new one when the old is not verified', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    given(await visitor.client.changeEmail({ newEmail: to }));
    await book.mailTo(to, VERIFY);
    assert.deepEqual(book.mailsTo(visitor.email, VERIFY), []);
  });
});

describe('change-email without verification', () => {
  const changeEmail = { enabled: true, updateEmailWithoutVerification: true };
  const book = serve(merge(MAIL, { user: { changeEmail } }));

  test('is done at once for an unverified reader', async () => {
    const visitor = await book.reader();
    const to = newEmail('new');
    assert.deepEqual(given(await visitor.client.changeEmail({ newEmail: to })), {
      status: true,
    });
    assert.equal(given(await visitor.client.getSession()).user.email, to);
    await book.signIn(to);
  });

  test('asks the new address of a verified one', async () => {
    const visitor = await book.reader();
    given(await verify(visitor, (await verification(book, visitor)).token));
    const to = newEmail('new');
    given(await visitor.client.changeEmail({ newEmail: to }));
    await book.mailTo(to, VERIFY);
    assert.equal(given(await visitor.client.getSession()).user.email, visitor.email);
  });
});
