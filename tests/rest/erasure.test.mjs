// SPDX-License-Identifier: Apache-2.0
// The end of an account: of everything that was kept of a reader nothing is
// left, whichever way it ended, whoever wrote at that moment, and whenever the
// process died (S059, S097).
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { bookplate } from '../store/databases.mjs';
import {
  ENGINES,
  PASSWORD,
  SKIP,
  given,
  openBook,
  openReplica,
  stopPostgres,
  suite,
  until,
} from './people.mjs';
import { TABLES, dump, rowsOf, stringsOf, wholeReader } from './traces.mjs';

const ERASED_MS = 10_000;
const RACES = 200;
const CRASHES = 12;

after(stopPostgres);

const settings = {
  AUTH_PLUGINS: 'bearer,jwt,admin',
  DELETE_USER: 'on',
  // Nobody listens there: mails wait, and their text can be read.
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'book@example.com',
};

/** What stands in the files of the database, byte for byte. */
function filesOf(book) {
  const { file } = book.database;
  return [file, `${file}-wal`]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('\n');
}

const WORDS = ['reset-password', 'Choose a new password', settings.MAIL_FROM];

/** A word of ours, or a time: nobody's mark. */
const isCommon = (mark) => WORDS.includes(mark) || /^\d+$/.test(mark);

/** Everything a reader could be found by, wherever it was kept. */
async function marksOf(book, reader) {
  const rows = stringsOf(await rowsOf(book, reader));
  const marks = [...rows, ...reader.pages, reader.place, reader.mark];
  return [...new Set(marks)].filter((mark) => !isCommon(mark));
}

/** As JSON has it. */
const quoted = (mark) => JSON.stringify(mark).slice(1, -1);

/** A reader's rows, but for how often a mail was tried. */
async function staying(book, reader) {
  const { bookplate_outbox: mails, ...rows } = await rowsOf(book, reader);
  return { ...rows, mails: mails.map(({ id, message }) => ({ id, message })) };
}

async function isGone(book, engine, marks) {
  const rows = await dump(book, engine);
  const files = engine === 'sqlite' ? filesOf(book) : '';
  const latin = (mark) => Buffer.from(mark).toString('latin1');
  return marks.filter((mark) => rows.includes(quoted(mark)) || files.includes(latin(mark)));
}

/** Waits until nothing of it is found, and says what is if it stays. */
async function checkGone(book, engine, marks) {
  let left = marks;
  const look = async () => {
    left = await isGone(book, engine, marks);
    return left.length === 0;
  };
  await until(look, 'nothing is left', ERASED_MS).catch((error) => {
    throw new Error(`${error.message}: ${left.join(' | ')}`);
  });
}

/** No door opens, at once. */
async function checkDead(book, reader) {
  for (const token of [reader.token, reader.second]) {
    for (const path of ['/auth/me', '/auth/profile', '/api/progress', '/api/export']) {
      const answer = await book.call('GET', path, { token });
      assert.equal(answer.status, 401, `${path} ${answer.text}`);
    }
    const renewed = await book.call('POST', '/auth/refresh', { token });
    assert.equal(renewed.status, 401, renewed.text);
    const body = { page: '/a', state: 'read' };
    const put = await book.call('PUT', '/api/progress', { token, body });
    assert.equal(put.status, 401, put.text);
  }
  const { cookie } = reader.browser;
  const current = await book.call('GET', '/api/auth/get-session', { cookie });
  assert.equal(current.text, 'null');
  const again = { email: reader.email, password: reader.password };
  const signIn = await book.call('POST', '/auth/signin', { body: again });
  assert.equal(signIn.status, 401, signIn.text);
}

async function followMail(book, reader) {
  given(await reader.browser.post('/delete-user'));
  const [{ identifier }] = await book.sql(
    `SELECT "identifier" FROM "verification"
     WHERE "value" = $1 AND "identifier" LIKE 'delete-account-%'`,
    [reader.id],
  );
  const token = identifier.replace('delete-account-', '');
  const { cookie } = reader.browser;
  const path = `/api/auth/delete-user/callback?token=${token}&callbackURL=/`;
  const answer = await book.call('GET', path, { cookie });
  assert.equal(answer.status, 302, answer.text);
}

/** Ways an account ends: settings they need, and how. */
const WAYS = {
  'its owner, with the password': [
    {},
    async (book, reader) => {
      const { password } = reader;
      given(await reader.browser.post('/delete-user', { password }));
    },
  ],
  'its owner, by the mailed link': [
    { DELETE_USER_VERIFICATION: 'on' },
    followMail,
  ],
  'an administrator': [
    {},
    async (book, reader) => {
      const admin = await book.admin();
      given(await admin.post('/admin/remove-user', { userId: reader.id }));
    },
  ],
  'the command': [
    {},
    async (book, reader, t) => {
      const words = ['user', 'delete', reader.email, '--yes'];
      const ran = await bookplate(t, book.database, words, book.env);
      assert.equal(ran.code, 0, ran.stderr);
    },
  ],
};

for (const engine of ENGINES) {
  for (const [who, [more, remove]] of Object.entries(WAYS)) {
    test(`S059, S097: ${engine}: ${who} leaves nothing of it`, { skip: SKIP }, async (t) => {
      const book = await openBook(t, { engine, settings: { ...settings, ...more } });
      const ann = await wholeReader(book, 'ann');
      const bob = await wholeReader(book, 'bob');
      const marks = await marksOf(book, ann);
      const kept = await staying(book, bob);
      assert.ok(marks.length > 30, `${marks.length}`);
      assert.equal((await isGone(book, engine, marks)).length, marks.length);
      await remove(book, ann, t);
      await checkDead(book, ann);
      await checkGone(book, engine, marks);
      assert.deepEqual(await staying(book, bob), kept);
      given(await book.profile(bob.token));
      const events = await book.sql(
        `SELECT event, subject FROM bookplate_audit WHERE event = 'erasure' OR (event = 'admin' AND detail = 'remove')`,
      );
      assert.equal(events.length, 1);
      assert.match(events[0].subject, /^p_/);
      assert.deepEqual(server(book, marks), []);
    });
  }
}

/** What the server's log has of them. */
const server = (book, marks) => marks.filter((mark) => book.stderr.includes(mark));

// Rows alone: as many readers as a race needs, without a hash for each.

const falseOf = { sqlite: '0', postgres: 'false' };
let made = 0;

/** A reader with a session, by SQL; `token` opens it. */
async function quickReader(book, engine) {
  made += 1;
  const id = `quick-${process.pid}-${made}`;
  const now = new Date().toISOString();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  await book.sql(
    `INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt",
     "updatedAt") VALUES ($1, 'Ann', $2, ${falseOf[engine]}, $3, $3)`,
    [id, `${id}@example.com`, now],
  );
  await book.sql(
    `INSERT INTO "session" ("id", "token", "userId", "expiresAt", "createdAt",
     "updatedAt") VALUES ($1, $2, $3, $4, $5, $5)`,
    [`s-${id}`, `token-of-${id}`, id, later, now],
  );
  return { id, token: `token-of-${id}` };
}

const OURS = Object.keys(TABLES).filter((name) => TABLES[name] === 'user_id');

/** How many rows each table has of those readers. */
async function countOf(book, id) {
  const counts = {};
  for (const [table, column] of Object.entries(TABLES)) {
    if (column !== null) {
      const [row] = await book.sql(
        `SELECT count(*) AS count FROM "${table}" WHERE "${column}" LIKE $1`,
        [id],
      );
      counts[table] = Number(row.count);
    }
  }
  return counts;
}

/** Somewhere in the milliseconds that a deletion takes. */
async function moments(count) {
  for (let i = 0; i < count; i++) {
    await new Promise(setImmediate);
  }
  await (count > 4 ? delay((count - 4) * 5) : undefined);
}

const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

for (const engine of ENGINES) {
  describe(`erasure on ${engine}`, { skip: SKIP }, () => {
    const scope = suite();
    let book;
    before(async () => {
      book = await openBook(scope, { engine, settings });
    });

    test(`${RACES} writers at that moment leave nothing`, async (t) => {
      const replica = await openReplica(t, book);
      let written = 0;
      let refused = 0;
      for (let i = 0; i < RACES; i++) {
        const { token } = await quickReader(book, engine);
        const put = async (on, path, body) => {
          await delay((i * 7) % 5);
          const answer = await on.call('PUT', path, { token, body });
          assert.ok([200, 401].includes(answer.status), answer.text);
          written += answer.status === 200 ? 1 : 0;
          refused += answer.status === 401 ? 1 : 0;
        };
        const end = async () => {
          await delay((i * 3) % 4);
          const answer = await book.call('POST', '/api/auth/delete-user', {
            token,
            body: {},
          });
          assert.equal(answer.status, 200, answer.text);
        };
        const background = { software_experience: 'expert' };
        await Promise.all([
          put(book, '/api/progress', { page: `/a${i}`, state: 'read' }),
          put(replica, '/api/progress', { page: `/b${i}`, state: 'read' }),
          put(replica, '/auth/profile', { background }),
          put(book, '/auth/profile', { background }),
          end(),
        ]);
      }
      t.diagnostic(`${written} were written before, ${refused} refused after`);
      assert.ok(written > 0 && refused > 0, `${written} ${refused}`);
      assert.equal(sum(await countOf(book, `quick-${process.pid}-%`)), 0);
    });

    test('deleted twice at once it is deleted once', async () => {
      const { id, token } = await quickReader(book, engine);
      const end = () =>
        book.call('POST', '/api/auth/delete-user', { token, body: {} });
      const answers = await Promise.all([end(), end(), end()]);
      for (const { status, text } of answers) {
        assert.ok([200, 401].includes(status), text);
      }
      assert.equal(sum(await countOf(book, id)), 0);
    });
  });

  for (const type of ['uuid', 'serial']) {
    test(`${engine}: with ids of type ${type} nothing is left`, { skip: SKIP }, async (t) => {
      const book = await openBook(t, { engine, settings: { ...settings, ID_TYPE: type } });
      const [ann, bob] = [await book.reader(), await book.reader()];
      for (const { token } of [ann, bob]) {
        const background = { software_experience: 'expert' };
        given(await book.call('PUT', '/auth/profile', { token, body: { background } }));
        const body = { page: '/a', state: 'read' };
        given(await book.call('PUT', '/api/progress', { token, body }));
        const document = given(await book.call('GET', '/api/export', { token }));
        assert.equal(document.progress.length, 1);
        assert.deepEqual(document.profile.answers, background);
        assert.ok(document.audit.some(({ event }) => event === 'export'));
      }
      const browser = await book.browser(ann.email);
      given(await browser.post('/delete-user', { password: PASSWORD }));
      for (const table of OURS) {
        const rows = await book.sql(`SELECT user_id FROM "${table}"`);
        assert.deepEqual(rows.map((row) => row.user_id), [String(bob.id)], table);
      }
      given(await book.profile(bob.token));
    });
  }

  test(`${engine}: killed at that moment it is all there or all gone`, { skip: SKIP }, async (t) => {
    let book = await openBook(t, { engine, settings });
    const seen = { all: 0, none: 0 };
    for (let i = 0; i < CRASHES; i++) {
      const { id, token } = await quickReader(book, engine);
      const background = { software_experience: 'expert' };
      given(await book.call('PUT', '/auth/profile', { token, body: { background } }));
      const body = { page: '/a', state: 'read' };
      given(await book.call('PUT', '/api/progress', { token, body }));
      const whole = await countOf(book, id);
      OURS.forEach((table) => assert.equal(whole[table], 1, table));
      const options = { token, body: {} };
      const ended = book
        .call('POST', '/api/auth/delete-user', options)
        .then((answer) => answer.status === 200, () => false);
      await moments(i % 8);
      book.signal('SIGKILL');
      const acknowledged = await ended;
      await book.exit;
      const { PORT, ...given_ } = book.env;
      book = await openBook(t, { database: book.database, settings: given_ });
      const left = await countOf(book, id);
      if (sum(left) === 0) {
        seen.none += 1;
      } else {
        assert.ok(!acknowledged, 'acknowledged, and there again');
        assert.deepEqual(left, whole);
        seen.all += 1;
      }
    }
    t.diagnostic(`${seen.all} were there, ${seen.none} had gone`);
  });
}

test('S097: the log is emptied while others write', { skip: SKIP }, async (t) => {
  const book = await openBook(t, { engine: 'sqlite', settings });
  const ann = await wholeReader(book, 'ann');
  const bob = await wholeReader(book, 'bob');
  const marks = await marksOf(book, ann);
  let isOver = false;
  const writing = (async () => {
    for (let i = 0; !isOver; i++) {
      const body = { page: `/w${i % 50}`, state: 'read' };
      given(await book.call('PUT', '/api/progress', { token: bob.token, body }));
    }
  })();
  await delay(100);
  const { password } = ann;
  given(await ann.browser.post('/delete-user', { password }));
  await checkGone(book, 'sqlite', marks);
  isOver = true;
  await writing;
  assert.ok(statSync(book.database.file).size > 0);
});
