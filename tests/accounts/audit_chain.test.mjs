// SPDX-License-Identifier: Apache-2.0
// The audit's chain: nothing is lost on the way into it, several processes
// make one of it, and whoever lays a hand on it is found out (S092).
// Runs alone: an erased id must be gone within a second.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import {
  assertUnbroken,
  auditCommand,
  auditRows,
  chainedRows,
  migrate,
} from './audit.mjs';
import {
  PASSWORD,
  SKIP,
  WRONG,
  databaseFor,
  newEmail,
  signedUp,
  startAccounts,
  stopPostgres,
  suite,
} from './house.mjs';

const ENGINES = ['sqlite', 'postgres'];
const SETTINGS = { HASH_QUEUE: '2000', DELETE_USER: 'on', LOG_LEVEL: 'info' };
/** All at once; each is hashed. The unit tests write a thousand rows. */
const CROWD = process.env.RELIABILITY === '1' ? 400 : 100;
const KILLS = process.env.RELIABILITY === '1' ? 20 : 4;

after(stopPostgres);

const countOf = (rows, event) => rows.filter((row) => row.event === event).length;

/** Columns of all tables that can hold text, whosever they are. */
async function textColumns(database, engine) {
  const rows = await database.sql(
    engine === 'sqlite'
      ? `SELECT m.name AS tbl, p.name AS col FROM sqlite_master m,
         pragma_table_info(m.name) p WHERE m.type = 'table'`
      : `SELECT table_name AS tbl, column_name AS col FROM
         information_schema.columns WHERE table_schema = 'public'`,
  );
  return rows.map(({ tbl, col }) => [tbl, col]);
}

/** "table.column" of wherever a text stands. */
async function placesOf(database, engine, text) {
  const places = [];
  for (const [table, column] of await textColumns(database, engine)) {
    const rows = await database.sql(
      `SELECT 1 FROM "${table}" WHERE CAST("${column}" AS text) LIKE $1`,
      [`%${text}%`],
    );
    places.push(...rows.map(() => `${table}.${column}`));
  }
  return places;
}

for (const engine of ENGINES) {
  describe(`the audit's chain (${engine})`, { skip: SKIP }, () => {
    test('of a crowd that signs in at once is unbroken', async (t) => {
      const server = await startAccounts(t, SETTINGS, { engine, prepare: migrate });
      /* Few enough tries of each that nobody is taken for a guesser. */
      const readers = [];
      for (let i = 0; i < CROWD / 50; i++) {
        readers.push(await signedUp(server));
      }
      const began = performance.now();
      const answers = await Promise.all(
        Array.from({ length: CROWD }, (_, i) =>
          server
            .visitor()
            .signIn(readers[i % readers.length].email, i % 4 === 0 ? WRONG : PASSWORD),
        ),
      );
      const ms = performance.now() - began;
      const rows = await chainedRows(server);
      const count = (status) =>
        answers.filter((answer) => answer.status === status).length;
      const [good, bad] = [count(200), count(401)];
      assert.ok(good > 0 && bad > 0);
      assert.equal(countOf(rows, 'sign-in'), good);
      assert.equal(countOf(rows, 'sign-in-failed'), bad);
      await assertUnbroken(server.database, readers.length + good + bad);
      t.diagnostic(`${CROWD} at once in ${ms | 0} ms, ${good} of them let in`);
    });

    test('is one, however many processes make it', async (t) => {
      const database = await databaseFor(t, engine);
      const options = { database, prepare: migrate };
      const servers = [
        await startAccounts(t, SETTINGS, options),
        await startAccounts(t, SETTINGS, options),
        await startAccounts(t, SETTINGS, options),
      ];
      const readers = await Promise.all(servers.map((server) => signedUp(server)));
      const ROUNDS = 40;
      await Promise.all(
        readers.map(async (reader) => {
          for (let i = 0; i < ROUNDS; i++) {
            const { status } = await reader.post('/update-user', { name: `n${i}` });
            assert.equal(status, 200);
          }
        }),
      );
      await chainedRows(database);
      await assertUnbroken(database, readers.length * (ROUNDS + 1));
    });

    test('has what was done a moment before kill -9', async (t) => {
      const database = await databaseFor(t, engine);
      const options = { database, prepare: migrate };
      let server = await startAccounts(t, SETTINGS, options);
      const { email } = await signedUp(server);
      let left = 0;
      for (let i = 0; i < KILLS; i++) {
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => server.visitor().signIn(email)),
        );
        server.signal('SIGKILL');
        answers.forEach(({ status }) => assert.equal(status, 200));
        await server.exit;
        const rows = await auditRows(database);
        assert.equal(countOf(rows, 'sign-in'), 5 * (i + 1));
        left += rows.filter(({ seq }) => seq === null).length;
        server = await startAccounts(t, SETTINGS, { database });
      }
      await chainedRows(database);
      await assertUnbroken(database, 1 + 5 * KILLS);
      assert.ok(left > 0, 'no row was left for the next process');
    });

    test('has no id of who was erased, a second later', async (t) => {
      const server = await startAccounts(t, SETTINGS, { engine, prepare: migrate });
      const reader = await signedUp(server);
      await server.visitor().signIn(reader.email, WRONG);
      const done = await reader.post('/delete-user', { password: PASSWORD });
      assert.equal(done.status, 200);
      const began = performance.now();
      await until(async () => {
        const left = await server.sql(
          'SELECT 1 FROM bookplate_audit WHERE subject = $1 OR actor = $1',
          [reader.id],
        );
        return left.length === 0;
      }, 'the id is gone');
      assert.ok(performance.now() - began < 1000);
      assert.deepEqual(await placesOf(server, engine, reader.id), []);
      assert.deepEqual(await placesOf(server, engine, reader.email), []);
      const rows = await chainedRows(server);
      assert.equal(new Set(rows.map(({ subject }) => subject)).size, 1);
      assert.equal(countOf(rows, 'erasure'), 1);
    });
  });

  describe(`S092: a hand on the chain (${engine})`, { skip: SKIP }, () => {
    const scope = suite();
    let database;
    let rows;

    before(async () => {
      database = await databaseFor(scope, engine);
      const server = await startAccounts(scope, SETTINGS, {
        database,
        prepare: migrate,
      });
      const reader = await signedUp(server);
      for (let i = 0; i < 9; i++) {
        await reader.post('/update-user', { name: newEmail() });
      }
      rows = await chainedRows(database);
      server.signal('SIGTERM');
      await server.exit;
      const { seq, hash } = server.event('audit_head');
      assert.deepEqual([seq, hash], [10, rows[9].hash]);
    });

    /** The rows as they were, and the head. */
    async function restore() {
      await database.sql('DELETE FROM bookplate_audit');
      for (const row of rows) {
        await database.sql(
          `INSERT INTO bookplate_audit (id, created_at, event, actor, subject,
           network, detail, seq, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          ['id', 'created_at', 'event', 'actor', 'subject', 'network', 'detail',
           'seq', 'hash'].map((name) => row[name]),
        );
      }
      await database.sql('UPDATE bookplate_audit_head SET seq = $1, hash = $2', [
        10,
        rows[9].hash,
      ]);
    }

    const changed =
      /^broken: row 4 was changed, or is not the one that followed row 3\n$/;
    const set = (what, where) => `UPDATE bookplate_audit SET ${what} WHERE ${where}`;
    for (const [name, statements, line] of [
      ['a row deleted', ['DELETE FROM bookplate_audit WHERE seq = 4'],
       /^broken: row 4 is missing\n$/],
      ['rows deleted', ['DELETE FROM bookplate_audit WHERE seq BETWEEN 4 AND 6'],
       /^broken: rows 4 to 6 are missing\n$/],
      ['a row edited', [set(`detail = 'image'`, 'seq = 4')], changed],
      ['a row given to somebody else', [set(`subject = 'p_x'`, 'seq = 4')], changed],
      ['a row moved in time', [set('created_at = created_at - 1', 'seq = 4')],
       changed],
      ['two rows swapped',
       [set('seq = -4', 'seq = 4'), set('seq = 4', 'seq = 7'),
        set('seq = 7', 'seq = -4')], changed],
      ['a row inserted',
       [set('seq = -seq - 1', 'seq >= 4'), set('seq = -seq', 'seq < 0'),
        `INSERT INTO bookplate_audit (id, created_at, event, seq, hash)
         SELECT 'x', created_at, event, 4, hash FROM bookplate_audit WHERE seq = 5`,
        'UPDATE bookplate_audit_head SET seq = 11'], changed],
      ['a row put behind',
       [`INSERT INTO bookplate_audit (id, created_at, event, seq, hash)
         VALUES ('x', 1, 'sign-in', 11, 'ff')`],
       /^broken: row 11 was changed, or is not the one that followed row 10\n$/],
      ['the tail cut', ['DELETE FROM bookplate_audit WHERE seq > 7'],
       /^broken: the chain was cut off behind row 7: its head says that there are 10\n$/],
      ['the head gone', ['DELETE FROM bookplate_audit_head'],
       /^broken: the head of the chain is missing\n$/],
    ]) {
      test(`${name}: verify names the place`, async (t) => {
        t.after(async () => {
          await database.sql('DELETE FROM bookplate_audit_head');
          await database.sql(
            `INSERT INTO bookplate_audit_head (id, seq, hash) VALUES (1, 0, '')`,
          );
          await restore();
        });
        await assertUnbroken(database, 10);
        for (const statement of statements) {
          await database.sql(statement);
        }
        const { code, stdout } = await auditCommand(database, ['verify']);
        assert.match(stdout, line);
        assert.equal(code, 1);
      });
    }

    test('a tail cut with its head: the log remembers', async (t) => {
      t.after(restore);
      const anchor = `10:${rows[9].hash}`;
      const good = await auditCommand(database, ['verify', anchor]);
      assert.equal(good.code, 0, good.stdout);
      await database.sql('DELETE FROM bookplate_audit WHERE seq > 7');
      await database.sql('UPDATE bookplate_audit_head SET seq = 7, hash = $1', [
        rows[6].hash,
      ]);
      await assertUnbroken(database, 7);
      const bad = await auditCommand(database, ['verify', '--json', anchor]);
      assert.equal(bad.code, 1);
      const { unbroken, problem } = JSON.parse(bad.stdout);
      assert.equal(unbroken, false);
      assert.match(problem, /^row 10, whose hash was given, is missing/);
    });

    test('verify and show tell the rest that they wait', async (t) => {
      t.after(restore);
      await database.sql(
        `INSERT INTO bookplate_audit (id, created_at, event, subject)
         VALUES ('w', 1, 'sign-in', 'somebody')`,
      );
      const { code, stdout } = await auditCommand(database, ['verify']);
      assert.equal(code, 0);
      assert.match(stdout, /: unbroken; 1 more waits for a number\n$/);
      const shown = await auditCommand(database, ['show', '--json', '--limit', '1']);
      const row = JSON.parse(shown.stdout);
      assert.equal(row.seq, null);
      assert.match(row.subject, /^p_[\w-]{22}$/);
    });
  });
}
