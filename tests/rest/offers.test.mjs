// SPDX-License-Identifier: Apache-2.0
// What the server offers, as screens ask before anybody has signed in; and
// that it does what it says: each word is held against the call it is about.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { readMails } from '../contract/mail.mjs';
import {
  ENGINES,
  PASSWORD,
  SKIP,
  folderFor,
  given,
  newEmail,
  openBook,
  stopPostgres,
  until,
} from './people.mjs';

const PATH = '/api/offers';
const USUAL = {
  accounts: 'builtin',
  sign_up: true,
  methods: ['password'],
  password: { min: 8, max: 128 },
  reset_password: false,
  verify_email: 'off',
  change_email: false,
  delete_account: 'off',
  bearer: true,
  session_expires_in: 604800,
};

after(stopPostgres);

const offersOf = async (book) => given(await book.call('GET', PATH));

/** Settings with which mails are files, and those files. */
function spool(t) {
  const folder = join(folderFor(t), 'mails');
  mkdirSync(folder);
  const settings = { MAIL_SPOOL: folder, MAIL_FROM: 'book@example.com' };
  return { settings, mails: () => readMails(folder) };
}

const person = () => ({ email: newEmail(), password: PASSWORD, name: 'Ann' });

/** What a page of the book sends below /api/auth. */
const post = (book, path, body, more) =>
  book.call('POST', `/api/auth${path}`, {
    body,
    headers: { origin: book.origin },
    ...more,
  });

for (const engine of ENGINES) {
  describe(`offers on ${engine}`, { skip: SKIP }, () => {
    test('is for anybody, keeps for a minute, and is not sent twice', async (t) => {
      const book = await openBook(t, { engine });
      const answer = await book.call('GET', PATH);
      assert.deepEqual(given(answer), USUAL);
      assert.equal(answer.headers['cache-control'], 'public, max-age=60');
      assert.match(answer.headers['content-type'], /^application\/json/);
      assert.equal(answer.headers['set-cookie'], undefined);
      const { etag } = answer.headers;
      assert.match(etag, /^"[0-9a-f]{32}"$/);
      const headers = { 'if-none-match': etag };
      const again = await book.call('GET', PATH, { headers });
      assert.equal(again.status, 304);
      assert.equal(again.text, '');
      assert.equal(again.headers.etag, etag);
      const ann = await book.reader();
      const { token } = ann;
      assert.equal((await book.call('GET', PATH, { token })).text, answer.text);
      assert.equal((await book.call('HEAD', PATH)).headers.etag, etag);
      assert.equal((await book.call('POST', PATH)).status, 405);
    });

    test('may be read from an origin that is named, and no other', async (t) => {
      const there = 'https://book.example.com';
      const settings = { FRONTEND_URL: there };
      const book = await openBook(t, { engine, settings });
      const from = (origin) => book.call('GET', PATH, { headers: { origin } });
      const answer = await from(there);
      assert.equal(answer.headers['access-control-allow-origin'], there);
      assert.match(answer.headers.vary, /origin/i);
      const other = await from('https://elsewhere.example');
      assert.equal(other.headers['access-control-allow-origin'], undefined);
    });
  });
}

describe('what the settings make of it', { skip: SKIP }, () => {
  test('without mail, nothing that needs one', async (t) => {
    const book = await openBook(t, {
      settings: { CHANGE_EMAIL: 'on', DELETE_USER: 'on', DELETE_USER_VERIFICATION: 'on' },
    });
    assert.deepEqual(await offersOf(book), { ...USUAL, delete_account: 'password' });
    const { email } = await book.reader();
    const { post: send } = await book.browser(email);
    const changed = await send('/change-email', { newEmail: newEmail() });
    assert.equal(changed.status, 400, changed.text);
    const asked = await post(book, '/request-password-reset', { email });
    assert.equal(asked.status, 400, asked.text);
    given(await send('/delete-user', { password: PASSWORD }));
  });

  test('with mail, all that is switched on', async (t) => {
    const { settings, mails } = spool(t);
    const book = await openBook(t, {
      settings: {
        ...settings,
        CHANGE_EMAIL: 'on',
        DELETE_USER: 'on',
        DELETE_USER_VERIFICATION: 'on',
        MIN_PASSWORD_LENGTH: '15',
        MAX_PASSWORD_LENGTH: '64',
        SESSION_EXPIRES_IN: '90s',
      },
    });
    assert.deepEqual(await offersOf(book), {
      ...USUAL,
      password: { min: 15, max: 64 },
      reset_password: true,
      verify_email: 'offered',
      change_email: true,
      delete_account: 'mail',
      session_expires_in: 90,
    });
    const { email } = await book.reader();
    given(await post(book, '/request-password-reset', { email }));
    given(await post(book, '/send-verification-email', { email }));
    const { post: send } = await book.browser(email);
    given(await send('/change-email', { newEmail: newEmail() }));
    const { message } = given(await send('/delete-user'));
    assert.match(message, /email/i);
    await until(() => mails().length === 4, 'a mail for each');
  });

  test('required verification, and no bearer', async (t) => {
    const { settings, mails } = spool(t);
    const book = await openBook(t, {
      settings: { ...settings, REQUIRE_EMAIL_VERIFICATION: 'on', AUTH_PLUGINS: '' },
    });
    const offers = await offersOf(book);
    assert.equal(offers.verify_email, 'required');
    assert.equal(offers.bearer, false);
    const made = await post(book, '/sign-up/email', person());
    assert.equal(given(made).token, null);
    assert.equal(made.headers['set-auth-token'], undefined);
    await until(() => mails().length === 1, 'the mail');
  });

  const closed = [
    [{ SIGN_UP: 'off' }, ['password']],
    [{ DISABLED_PATHS: '/sign-up/email' }, ['password']],
    [{ SIGN_IN: 'off' }, []],
    [{ DISABLED_PATHS: '/sign-in/email, /sign-up/email' }, []],
  ];
  for (const [settings, methods] of closed) {
    test(`no sign-up with ${JSON.stringify(settings)}`, async (t) => {
      const book = await openBook(t, { settings });
      const offers = await offersOf(book);
      assert.equal(offers.sign_up, false);
      assert.deepEqual(offers.methods, methods);
      const made = await post(book, '/sign-up/email', person());
      assert.ok([400, 404].includes(made.status), made.text);
      const { email, password } = person();
      const { status } = await post(book, '/sign-in/email', { email, password });
      assert.equal(status === 401, methods.length > 0, `${status}`);
    });
  }

  test('a path that is switched off is not offered', async (t) => {
    const off = ['/request-password-reset', '/send-verification-email',
      '/change-email', '/delete-user'];
    const book = await openBook(t, {
      settings: {
        ...spool(t).settings,
        CHANGE_EMAIL: 'on',
        DELETE_USER: 'on',
        DISABLED_PATHS: off.join(','),
      },
    });
    assert.deepEqual(await offersOf(book), USUAL);
    for (const path of off) {
      assert.equal((await post(book, path, {})).status, 404, path);
    }
  });
});
