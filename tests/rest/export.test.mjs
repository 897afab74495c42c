// SPDX-License-Identifier: Apache-2.0
// What a reader takes along: all that is kept of them, nothing that opens
// anything, and nothing of anybody else (S097).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  SKIP,
  given,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';
import { rowsOf, secretsOf, stringsOf, wholeReader } from './traces.mjs';

const PATH = '/api/export';
const DAY_MS = 86_400_000;

after(stopPostgres);

const settings = {
  AUTH_PLUGINS: 'bearer,jwt,admin',
  // Nobody listens there: mails wait.
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'book@example.com',
};

for (const engine of ENGINES) {
  describe(`export on ${engine}`, { skip: SKIP }, () => {
    const scope = suite();
    let book;
    before(async () => {
      book = await openBook(scope, { engine, settings });
    });

    const take = (token) => book.call('GET', PATH, { token });

    test('S097: has everything of its reader', async () => {
      const ann = await wholeReader(book, 'ann');
      const answer = await take(ann.token);
      const document = given(answer);
      assert.match(
        answer.headers['content-disposition'],
        /^attachment; filename="bookplate-\d{4}-\d\d-\d\d\.json"$/,
      );
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(document.format, 'bookplate-reader-1');
      const { account, sessions, profile, progress } = document;
      assert.equal(account.id, ann.id);
      assert.equal(account.email, ann.email);
      assert.equal(account.name, ann.name);
      assert.deepEqual(profile.answers, { ...BACKGROUND, software_experience: 'expert' });
      assert.equal(document.profile_history.length, 2);
      assert.deepEqual(
        progress.map((mark) => mark.page).sort(),
        [...ann.pages].sort(),
      );
      assert.equal(progress[0].place, ann.place);
      assert.equal(sessions.length, 3);
      sessions.forEach((session) => assert.equal(session.ipAddress, '127.0.0.1'));
      assert.deepEqual(
        document.sign_in_methods.map((method) => method.providerId).sort(),
        ['credential', 'google'],
      );
      assert.deepEqual(document.mails_waiting.map((mail) => mail.kind).length, 1);
      const events = document.audit.map(({ event, to }) => `${event} ${to}`);
      for (const event of ['sign-up', 'profile-change', 'sign-in', 'export']) {
        assert.ok(events.includes(`${event} you`), `${event}: ${events}`);
      }
    });

    test('S097: has what the tables have, but for what opens something', async () => {
      const ann = await wholeReader(book, 'ann');
      const { text } = await take(ann.token);
      const secrets = secretsOf(await rowsOf(book, ann));
      assert.ok(secrets.length >= 9, `${secrets.length}`);
      for (const secret of [...secrets, ann.token, ann.password]) {
        assert.ok(!text.includes(secret), `it has ${secret}`);
      }
      // Ids, dates and names of the reader's own rows are all in it.
      for (const [table, rows] of Object.entries(await rowsOf(book, ann))) {
        for (const row of rows.filter(({ id }) => id !== undefined)) {
          const isOurs = table.startsWith('bookplate_') || table === 'verification';
          assert.ok(isOurs || text.includes(row.id), `${table} ${row.id}`);
        }
      }
    });

    test('S097: has nothing of another reader', async () => {
      const [ann, bob] = [
        await wholeReader(book, 'ann'),
        await wholeReader(book, 'bob'),
      ];
      const { text } = await take(ann.token);
      const theirs = stringsOf(await rowsOf(book, bob)).concat(bob.pages, bob.token);
      assert.ok(theirs.length > 30, `${theirs.length}`);
      const own = new Set(stringsOf(await rowsOf(book, ann)));
      for (const value of theirs.filter((one) => !own.has(one))) {
        assert.ok(!text.includes(value), `it has Bob's ${value}`);
      }
    });

    test('S097: names no administrator, nor where one was', async () => {
      const admin = await book.admin();
      const ann = await wholeReader(book, 'ann');
      const { text } = await admin.post('/admin/impersonate-user', { userId: ann.id });
      const { session } = JSON.parse(text);
      await book.sql(
        `UPDATE "session" SET "userAgent" = 'an office', "ipAddress" = '192.0.2.77'
         WHERE "token" = $1`,
        [session.token],
      );
      const document = given(await take(ann.token));
      const acted = document.sessions.filter((one) => one.by_administrator);
      assert.equal(acted.length, 1);
      const whole = JSON.stringify(document);
      for (const word of ['an office', '192.0.2.77', session.impersonatedBy]) {
        assert.ok(!whole.includes(word), word);
      }
      const done = document.audit.filter(({ event }) => event === 'impersonation');
      assert.deepEqual(
        done.map(({ by, to, network }) => ({ by, to, network })),
        [{ by: 'another', to: 'you', network: '' }],
      );
      // Whoever acts in a reader's name cannot carry everything away.
      refused(await take(session.token), 403, 'SESSION_NOT_FRESH');
    });

    test('S097: takes no token of a session that it would not take', async () => {
      const admin = await book.admin();
      const ann = await book.reader();
      const headers = { origin: book.origin };
      const tokenOf = async (cookie) =>
        given(await book.call('GET', '/api/auth/token', { cookie })).token;
      const posed = await admin.post('/admin/impersonate-user', { userId: ann.id });
      given(posed);
      const acting = posed.headers['set-cookie']
        .filter((line) => !/Max-Age=0/i.test(line))
        .map((line) => line.split(';')[0])
        .join('; ');
      // The reader's own session is the newer one.
      const own = await book.browser(ann.email);
      refused(await take(await tokenOf(acting)), 403, 'SESSION_NOT_FRESH');
      const ours = await tokenOf(own.cookie);
      given(await book.call('GET', PATH, { cookie: own.cookie }));
      // Nor does what the reader does count as the administrator's.
      given(await book.call('POST', '/auth/signout', { token: ours, headers }));
      const left = await book.sql(
        `SELECT 1 FROM "session" WHERE "userId" = $1 AND "impersonatedBy" IS NOT NULL`,
        [ann.id],
      );
      assert.equal(left.length, 1);
    });

    test('S097: takes no token of an old session for one of a new', async () => {
      const ann = await book.reader();
      const stolen = await book.browser(ann.email);
      const old = new Date(Date.now() - 2 * DAY_MS).toISOString();
      await book.sql(
        `UPDATE "session" SET "createdAt" = $2 WHERE "userId" = $1`,
        [ann.id, old],
      );
      const { token } = await book.signIn(ann.email);
      given(await take(token));
      const path = '/api/auth/token';
      const made = given(await book.call('GET', path, { cookie: stolen.cookie }));
      refused(await take(made.token), 403, 'SESSION_NOT_FRESH');
      // Nor does it buy one that names the newer.
      const anew = await book.call('POST', '/auth/refresh', { token: made.token });
      refused(anew, 401, 'UNAUTHORIZED');
    });

    test('wants a session that was opened not long ago', async () => {
      const ann = await book.reader();
      const old = new Date(Date.now() - 2 * DAY_MS).toISOString();
      const count = async () => {
        const [row] = await book.sql(
          `SELECT count(*) AS count FROM bookplate_audit WHERE event = 'export'`,
        );
        return Number(row.count);
      };
      given(await take(ann.token));
      const before = await count();
      await book.sql(
        `UPDATE "session" SET "createdAt" = $2 WHERE "userId" = $1`,
        [ann.id, old],
      );
      refused(await take(ann.token), 403, 'SESSION_NOT_FRESH');
      assert.equal(await count(), before);
      const { token } = await book.signIn(ann.email);
      given(await take(token));
      assert.equal(await count(), before + 1);
    });

    test('is for those who are signed in', async () => {
      const ann = await book.reader({ email: newEmail('ann') });
      refused(await book.call('GET', PATH), 401, 'UNAUTHORIZED');
      refused(await take('nonsense'), 401, 'UNAUTHORIZED');
      const { cookie } = await book.browser(ann.email);
      given(await book.call('GET', PATH, { cookie }));
      given(await book.call('POST', '/auth/signout', { token: ann.token }));
      refused(await take(ann.token), 401, 'UNAUTHORIZED');
    });

    test('is the same reader whatever the query says', async () => {
      const [ann, bob] = [await book.reader(), await book.reader()];
      for (const name of ['user_id', 'userId', 'id']) {
        const path = `${PATH}?${name}=${bob.id}`;
        const answer = await book.call('GET', path, { token: ann.token });
        assert.equal(given(answer).account.id, ann.id);
      }
    });
  });
}
