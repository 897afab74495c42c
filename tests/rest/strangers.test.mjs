// SPDX-License-Identifier: Apache-2.0
// What strangers ask of a book, by the numbers of docs/security.md: probes and
// what might lie beside them, and to be its first administrator.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { whyNoClock } from '../accounts/clock.mjs';
import { bookplate } from '../store/databases.mjs';
import { openWithClock } from './clock.mjs';
import { oneMark, settingsFor, telling } from './goal.mjs';
import {
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  given,
  newEmail,
  openBook,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

const HOUR_S = 3600;
const DAY_S = 86_400;

/** Wherever somebody might write what they would like to be. */
const WISHES = [
  { role: 'admin' },
  { roles: ['admin'] },
  { role: ['admin', 'user'] },
  { isAdmin: true },
  { admin: true },
  { data: { role: 'admin' } },
  { user: { role: 'admin' } },
];

const OFFICES = ['admin', 'root', 'administrator', 'postmaster'];

const ADMIN_CALLS = [
  ['POST', 'create-user'],
  ['POST', 'set-role'],
  ['POST', 'update-user'],
  ['POST', 'ban-user'],
  ['POST', 'remove-user'],
  ['POST', 'set-user-password'],
  ['POST', 'impersonate-user'],
  ['GET', 'list-users'],
];

function bootstrapping(engine) {
  let book;
  const scope = suite();
  before(async () => {
    book = await openBook(scope, { engine, settings: settingsFor(scope) });
  });
  const admins = () =>
    book.sql(`SELECT email, role FROM "user" WHERE role IS NULL OR role <> 'user'`);
  const post = (path, body, more) =>
    book.call('POST', path, { body, unchecked: true, ...more });

  test('S099: none of those who are first becomes one', async () => {
    const headers = { origin: book.origin };
    const one = () => ({ email: newEmail('first'), password: PASSWORD });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 2 === 0
          ? post('/auth/signup', one())
          : post('/api/auth/sign-up/email', { ...one(), name: 'First' }, { headers }),
      ),
    );
    answers.forEach(({ status, text }) => assert.ok([200, 201].includes(status), text));
    assert.deepEqual(await admins(), []);
  });

  test('S099: nor anybody by an address of the house', async () => {
    const host = new URL(book.origin).hostname;
    for (const name of OFFICES) {
      for (const domain of ['example.com', 'bookplate.local', `${host}.example`]) {
        given(await post('/auth/signup', { email: `${name}@${domain}`, password: PASSWORD }), 201);
      }
    }
    assert.deepEqual(await admins(), []);
  });

  test('S099: nor by saying so, in any body', async () => {
    const eve = await telling(book, 'Eve');
    const { cookie } = eve.browser;
    const asEve = { cookie, headers: { origin: book.origin } };
    for (const wish of WISHES) {
      const fresh = { email: newEmail('wish'), password: PASSWORD, ...wish };
      await post('/auth/signup', fresh);
      await post('/api/auth/sign-up/email', { name: 'Eve', ...fresh, email: newEmail() });
      await post('/auth/signin', { email: eve.email, password: PASSWORD, ...wish });
      await post('/api/auth/update-user', { name: 'Eve', ...wish }, asEve);
      await post('/api/auth/update-session', wish, asEve);
      for (const [path, body] of [
        ['/auth/profile', { background: { goal: 'power' }, ...wish }],
        ['/auth/profile', { background: wish }],
        ['/api/profile', { answers: { goal: 'power' }, ...wish }],
        ['/api/profile', { answers: wish }],
        ['/api/progress', { ...oneMark('throne'), ...wish }],
      ]) {
        await book.call('PUT', path, { token: eve.token, body, unchecked: true });
      }
    }
    assert.deepEqual(await admins(), []);
  });

  test('S099: nor by the calls of administrators', async () => {
    const eve = await telling(book, 'Eve');
    const { cookie } = eve.browser;
    const headers = { origin: book.origin };
    const body = {
      userId: eve.id,
      role: 'admin',
      email: newEmail('made'),
      password: PASSWORD,
      newPassword: PASSWORD,
      name: 'Made',
      data: { role: 'admin' },
    };
    const before_ = await countRows(book);
    for (const [method, what] of ADMIN_CALLS) {
      const path = `/api/auth/admin/${what}`;
      const more = method === 'POST' ? { body } : {};
      for (const [options, status] of [
        [{ headers }, 401],
        [{ token: 'bps_nothing', headers }, 401],
        [{ token: eve.token, headers }, 401],
        [{ cookie, headers }, 403],
      ]) {
        const answer = await book.call(method, path, { ...options, ...more });
        assert.equal(answer.status, status, `${path} ${answer.text}`);
      }
    }
    assert.deepEqual(await countRows(book), before_);
    assert.deepEqual(await admins(), []);
  });

  test('S099: the command makes one, and the audit says so', async (t) => {
    const words = ['user', 'create', newEmail('chief'), '--role', 'admin'];
    const { code, stdout, stderr } = await bookplate(t, book.database, words, book.env);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await admins(), [{ email: words[2], role: 'admin' }]);
    const rows = await book.sql(
      `SELECT actor FROM bookplate_audit WHERE event = 'admin' AND actor = 'command'`,
    );
    assert.ok(rows.length >= 1, stdout);
  });
}

for (const engine of ENGINES) {
  describe(`the first administrator on ${engine}`, { skip: SKIP }, () =>
    bootstrapping(engine));
}

/** Each is one a reader's program can count with. */
function checkNumbers(value, where) {
  if (typeof value === 'number') {
    assert.ok(Number.isSafeInteger(value) && value >= 0, `${where}: ${value}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      checkNumbers(inner, `${where} ${name}`);
    }
  }
}

const NOTHING_HERE = [
  '/metrics',
  '/api/metrics',
  '/stats',
  '/debug',
  '/debug/pprof',
  '/server-status',
  '/healthz/details',
  '/readyz/details',
];

describe('probes', { skip: SKIP }, () => {
  test('S098: probes say one word to anybody, and there is nothing else', async (t) => {
    const book = await openBook(t, { settings: settingsFor(t) });
    const reader = await telling(book, 'somebody');
    for (const options of [{}, { token: reader.token }, { token: 'x' }]) {
      for (const [path, word] of [
        ['/healthz', 'ok'],
        ['/readyz', 'ready'],
        ['/healthz?verbose=1', 'ok'],
        ['/readyz?full', 'ready'],
      ]) {
        const answer = await book.call('GET', path, { ...options, unchecked: true });
        assert.deepEqual(given(answer), { status: word });
        assert.equal(answer.headers.server, undefined);
        assert.match(answer.headers['cache-control'], /no-store/);
      }
      for (const path of NOTHING_HERE) {
        const answer = await book.call('GET', path, { ...options, unchecked: true });
        assert.equal(answer.status, 404, path);
        assert.ok(answer.text.length < 1024, answer.text);
      }
    }
  });

  test('S098: a clock that jumps gives no number without sense', { skip: whyNoClock() }, async (t) => {
    const book = await openWithClock(t, { settings: settingsFor(t) });
    const reader = await telling(book, 'somebody');
    for (const seconds of [-HOUR_S, DAY_S, -DAY_S, 12 * 365 * DAY_S, 0]) {
      book.step(seconds);
      for (const path of ['/healthz', '/readyz']) {
        given(await book.call('GET', path, { unchecked: true }));
      }
      const body = { email: reader.email, password: PASSWORD };
      const answer = await book.call('POST', '/auth/signin', { body });
      const { session_token: token, expires_in: life } = given(answer);
      assert.ok(life > 0 && life <= 900, `${life}`);
      given(await book.call('PUT', '/api/progress', { token, body: oneMark('x') }));
      for (const path of ['/api/progress', '/auth/me', '/api/profile/history']) {
        checkNumbers(given(await book.call('GET', path, { token })), path);
      }
    }
  });
});
