// SPDX-License-Identifier: Apache-2.0
// What the operator's settings make of the plain API.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { readMails } from '../contract/mail.mjs';
import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  folderFor,
  given,
  jose,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  until,
} from './people.mjs';

after(stopPostgres);

/** Settings with which mails are files, and those files. */
function spool(t) {
  const folder = join(folderFor(t), 'mails');
  mkdirSync(folder);
  const settings = { MAIL_SPOOL: folder, MAIL_FROM: 'book@example.com' };
  return { settings, mails: () => readMails(folder) };
}

const signUp = (book, body) => book.call('POST', '/auth/signup', { body });
const signIn = (book, body) => book.call('POST', '/auth/signin', { body });
const person = (more) => ({ email: newEmail(), password: PASSWORD, ...more });

function verifying(engine) {
  test('an address is to be proved first', async (t) => {
    const { settings, mails } = spool(t);
    const book = await openBook(t, {
      engine,
      settings: { ...settings, REQUIRE_EMAIL_VERIFICATION: 'on' },
    });
    const body = person({ background: BACKGROUND });
    const made = given(await signUp(book, body), 201);
    assert.equal(made.session_token, null);
    assert.equal(made.expires_in, 0);
    assert.deepEqual(made.background, BACKGROUND);
    const rows = await countRows(book);
    assert.equal(rows.session, 0);
    assert.equal(rows.bookplate_profile, 1);
    const { email, password } = body;
    refused(await signIn(book, { email, password }), 403, 'EMAIL_NOT_VERIFIED');
    const find = () => mails().find(({ to }) => to === email);
    await until(() => find() !== undefined, 'the mail');
    const link = new URL(find().url);
    await book.call('GET', link.pathname + link.search);
    const answer = given(await signIn(book, { email, password }));
    assert.deepEqual(answer.background, BACKGROUND);
    assert.equal(answer.user_id, made.user_id);
  });

  test('then nobody learns who has an account', async (t) => {
    const { settings, mails } = spool(t);
    const book = await openBook(t, {
      engine,
      settings: { ...settings, REQUIRE_EMAIL_VERIFICATION: 'on' },
    });
    const body = person({ background: BACKGROUND });
    const first = await signUp(book, body);
    const before = await countRows(book);
    const second = await signUp(book, body);
    assert.equal(second.status, first.status);
    assert.deepEqual(Object.keys(second.json), Object.keys(first.json));
    const plain = ({ json: { user_id, ...more } }) => more;
    assert.deepEqual(plain(second), plain(first));
    assert.notEqual(second.json.user_id, first.json.user_id);
    assert.deepEqual(await countRows(book), before);
    await until(() => mails().length > 0, 'the owner is told');
  });
}

describe('settings and the plain API', { skip: SKIP }, () => {
  for (const engine of ENGINES) {
    describe(`on ${engine}`, () => verifying(engine));
  }

  test('SIGN_UP=off', async (t) => {
    const book = await openBook(t, { settings: { SIGN_UP: 'off' } });
    refused(await signUp(book, person()), 403, 'SIGN_UP_CLOSED');
    assert.equal((await countRows(book)).user, 0);
    refused(await signIn(book, person()), 401, 'INVALID_EMAIL_OR_PASSWORD');
  });

  test('SIGN_IN=off', async (t) => {
    const book = await openBook(t, { settings: { SIGN_IN: 'off' } });
    const answer = await signIn(book, person());
    refused(answer, 403, 'SIGN_IN_CLOSED');
  });

  test('AUTO_SIGN_IN=off: an account, and no session yet', async (t) => {
    const book = await openBook(t, { settings: { AUTO_SIGN_IN: 'off' } });
    const body = person();
    const made = given(await signUp(book, body), 201);
    assert.equal(made.session_token, null);
    assert.equal(made.expires_in, 0);
    assert.equal((await countRows(book)).session, 0);
    given(await signIn(book, body));
  });

  test('MIN_PASSWORD_LENGTH and PASSWORD_BLOCKLIST', async (t) => {
    const book = await openBook(t, {
      settings: { MIN_PASSWORD_LENGTH: '11', PASSWORD_BLOCKLIST: 'off' },
    });
    const short = await signUp(book, person({ password: 'ten charac' }));
    const { password } = refused(short, 422, 'PASSWORD_TOO_SHORT');
    assert.match(password, /at least 11/i);
    given(await signUp(book, person({ password: 'password123' })), 201);
  });

  test('JWT_EXPIRES_IN is what expires_in says', async (t) => {
    const book = await openBook(t, { settings: { JWT_EXPIRES_IN: '2m' } });
    const { session_token, expires_in } = given(await signUp(book, person()), 201);
    const { iat, exp } = jose.decodeJwt(session_token);
    assert.equal(expires_in, 120);
    assert.equal(exp - iat, 120);
  });

  test('JWT_ALGORITHM: the token of the plain API is what it says', async (t) => {
    const book = await openBook(t, { settings: { JWT_ALGORITHM: 'ES256' } });
    const reader = await book.reader();
    assert.equal(jose.decodeProtectedHeader(reader.token).alg, 'ES256');
    given(await book.profile(reader.token));
  });

  test('AUTH_PLUGINS without jwt: there are no tokens to give', async (t) => {
    const book = await openBook(t, { settings: { AUTH_PLUGINS: 'bearer' } });
    refused(await signUp(book, person()), 404, 'NOT_FOUND');
    refused(await signIn(book, person()), 404, 'NOT_FOUND');
    assert.equal((await countRows(book)).user, 0);
  });

  test('DISABLED_PATHS holds for both doors', async (t) => {
    const book = await openBook(t, {
      settings: { DISABLED_PATHS: '/sign-up/email' },
    });
    refused(await signUp(book, person()), 404, 'NOT_FOUND');
    assert.equal((await countRows(book)).user, 0);
  });

  test('RATE_LIMIT counts both doors as one, and says when', async (t) => {
    const book = await openBook(t, { settings: { RATE_LIMIT: 'memory' } });
    const { email, password } = person();
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      const headers = { origin: book.origin };
      const body = { email, password };
      const answer =
        i % 2 === 0
          ? await signIn(book, body)
          : await book.call('POST', '/api/auth/sign-in/email', { body, headers });
      statuses.push(answer.status);
      if (answer.status === 429 && i % 2 === 0) {
        refused(answer, 429, 'TOO_MANY_REQUESTS');
        assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
      }
    }
    assert.deepEqual(statuses, [401, 401, 401, 429, 429, 429]);
  });

  test('JWT_ANSWERS: chosen answers ride along, and no others', async (t) => {
    const book = await openBook(t, {
      settings: { JWT_ANSWERS: 'hardware_knowledge' },
    });
    const { token } = await book.reader({ background: BACKGROUND });
    const text = JSON.stringify(jose.decodeJwt(token));
    assert.match(text, /"hardware_knowledge":"intermediate"/);
    assert.doesNotMatch(text, /programming_background|software_experience/);
    const body = { background: { hardware_knowledge: 'advanced' } };
    given(await book.call('PUT', '/auth/profile', { token, body }));
    const renewed = given(await book.call('POST', '/auth/refresh', { token }));
    const claims = JSON.stringify(jose.decodeJwt(renewed.session_token));
    assert.match(claims, /"hardware_knowledge":"advanced"/);
  });

  test('QUESTIONNAIRE=seed-levels: the seeds\' questions and no others', async (t) => {
    const book = await openBook(t, {
      settings: { QUESTIONNAIRE: 'seed-levels' },
    });
    const body = person({ background: BACKGROUND });
    assert.equal(given(await signUp(book, body), 201).profile_complete, true);
    const more = { ...BACKGROUND, languages: ['python'] };
    const answer = await signUp(book, person({ background: more }));
    const fields = refused(answer, 422, 'VALIDATION_ERROR');
    assert.deepEqual(Object.keys(fields), ['background.languages']);
  });
});
