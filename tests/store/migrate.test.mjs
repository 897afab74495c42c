// SPDX-License-Identifier: Apache-2.0
// What migrate and check do to databases that are empty, older, newer, half
// done, somebody else's, or migrated by several at once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { serverBinary } from '../wire/raw.mjs';
import {
  ENGINES,
  SKIP,
  OWN,
  bookplate,
  databaseFor,
  stopPostgres,
} from './databases.mjs';

const AT_ONCE = 8;
const KILLS = 12;
const NOTHING = 'nothing to do: the database is up to date\n';
const PLAIN = { AUTH_PLUGINS: 'bearer' };

const INSERT = `INSERT INTO "user" ("id", "name", "email", "emailVerified",
  "createdAt", "updatedAt") VALUES ('u1', 'A', 'a@example.org', $1, $2, $2)`;
const ROW = {
  sqlite: [1, '2026-11-21T00:00:00.000Z'],
  postgres: [true, '2026-11-21T00:00:00.000Z'],
};

async function succeeds(t, database, args, env) {
  const { code, stdout, stderr } = await bookplate(t, database, args, env);
  assert.equal(code, 0, stdout + stderr);
  assert.equal(stderr, '');
  return stdout;
}

async function fails(t, database, args, line, env) {
  const { code, stdout, stderr } = await bookplate(t, database, args, env);
  assert.equal(code, 1, stdout + stderr);
  assert.match(stdout + stderr, line);
}

/** The tables that are there, ours too. */
async function tables(database) {
  const rows = await database.sql(
    database.file
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : `SELECT relname AS name FROM pg_class WHERE relkind = 'r'
         AND relnamespace = 'public'::regnamespace`,
  );
  return rows.map((row) => row.name).sort();
}

const ALL = [
  'account',
  'bookplate_migration',
  ...OWN.flatMap(({ tables }) => tables),
  'jwks',
  'session',
  'user',
  'verification',
].sort();

async function killedAfter(database, ms) {
  const child = spawn(serverBinary(), ['migrate'], {
    env: { PATH: process.env.PATH, DATABASE_URL: database.url },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  await delay(ms);
  child.kill('SIGKILL');
  await ended;
}

after(stopPostgres);

for (const engine of Object.keys(ENGINES)) {
  describe(`migrate, ${engine}`, { skip: SKIP }, () => {
    test('makes all tables once', async (t) => {
      const database = await databaseFor(t, engine);
      const did = await succeeds(t, database, ['migrate']);
      assert.match(did, /^create table user$/m);
      for (const { line } of OWN) {
        assert.ok(did.split('\n').includes(line), did);
      }
      assert.deepEqual(await tables(database), ALL);
      assert.equal(await succeeds(t, database, ['migrate']), NOTHING);
      const versions = await database.sql('SELECT * FROM bookplate_migration');
      assert.deepEqual(
        versions.map(({ name }) => name),
        OWN.map(({ name }) => name),
      );
      assert.ok(Date.now() - Number(versions[0].applied_at) < 60_000);
    });

    test('says what it would do, and does not', async (t) => {
      const database = await databaseFor(t, engine);
      const would = await succeeds(t, database, ['migrate', '--dry-run']);
      assert.match(would, /^would /);
      if (engine === 'sqlite') {
        assert.ok(!existsSync(database.file), 'no file was made');
        assert.match(await succeeds(t, database, ['check']), /not made yet/);
        assert.ok(!existsSync(database.file), 'no file was made');
      }
      await succeeds(t, database, ['migrate'], PLAIN);
      const before = await database.schema();
      const later = await succeeds(t, database, ['migrate', '--dry-run']);
      assert.match(later, /^would add column role to user$/m);
      assert.match(later, /^would create table jwks$/m);
      assert.equal(await database.schema(), before);
      const check = await succeeds(t, database, ['check']);
      assert.match(check, /^to do: add column role to user$/m);
      assert.equal(await database.schema(), before);
    });

    test('keeps the rows of tables it completes', async (t) => {
      const database = await databaseFor(t, engine);
      await succeeds(t, database, ['migrate'], PLAIN);
      await database.sql(INSERT, ROW[engine]);
      const [before] = await database.sql('SELECT * FROM "user"');
      const did = await succeeds(t, database, ['migrate']);
      assert.match(did, /^add column banned to user$/m);
      const [row] = await database.sql('SELECT * FROM "user"');
      assert.equal(row.role, null);
      assert.equal(Number(row.banned), 0);
      for (const [name, value] of Object.entries(before)) {
        assert.deepEqual(row[name], value);
      }
    });

    test('may be started by many at once', async (t) => {
      const database = await databaseFor(t, engine);
      const runs = await Promise.all(
        Array.from({ length: AT_ONCE }, () =>
          succeeds(t, database, ['migrate']),
        ),
      );
      assert.equal(runs.filter((said) => said === NOTHING).length, AT_ONCE - 1);
      assert.deepEqual(await tables(database), ALL);
    });

    test('does all or nothing when it is killed', async (t) => {
      const whole = await databaseFor(t, engine);
      const started = performance.now();
      await succeeds(t, whole, ['migrate']);
      const length = performance.now() - started;
      const seen = new Set();
      for (let i = 0; i < KILLS; i++) {
        const database = await databaseFor(t, engine);
        await killedAfter(database, (length * (i + 1)) / KILLS);
        const found = engine === 'postgres' || existsSync(database.file)
          ? await tables(database)
          : [];
        seen.add(found.length);
        assert.ok(found.length === 0 || found.length === ALL.length, `${found}`);
        await succeeds(t, database, ['migrate']);
        assert.deepEqual(await tables(database), ALL);
      }
      assert.ok(seen.has(0), 'at least one was killed in time');
    });

    test('refuses what a newer one migrated', async (t) => {
      const database = await databaseFor(t, engine);
      await succeeds(t, database, ['migrate']);
      await database.sql(
        "INSERT INTO bookplate_migration VALUES (999, 'later', 0)",
      );
      const line =
        /the database was migrated by a newer bookplate \(version 999, this one knows \d+\)/;
      const before = await database.schema();
      for (const command of ['migrate', 'check', 'serve']) {
        await fails(t, database, [command], line, {
          RATE_LIMIT: 'database',
          PORT: '0',
        });
      }
      assert.equal(await database.schema(), before);
    });

    test('refuses a database in the other style of names', async (t) => {
      const styles = ['camel', 'snake'];
      for (const [i, style] of styles.entries()) {
        const database = await databaseFor(t, engine);
        await succeeds(t, database, ['migrate'], { COLUMN_NAMES: style });
        const other = { COLUMN_NAMES: styles[1 - i] };
        const before = await database.schema();
        const line = /set COLUMN_NAMES or AUTH_SCHEMA/;
        await fails(t, database, ['migrate'], line, other);
        await fails(t, database, ['check'], line, other);
        assert.equal(await database.schema(), before);
        await succeeds(t, database, ['check'], { COLUMN_NAMES: style });
      }
    });
  });

  describe(`check, ${engine}`, { skip: SKIP }, () => {
    test('tells what it adopts', async (t) => {
      const database = await databaseFor(t, engine);
      const env = {
        AUTH_SCHEMA: '{"user":{"modelName":"people","fields":{"image":"face"}}}',
      };
      await succeeds(t, database, ['migrate'], env);
      const said = await succeeds(t, database, ['check'], env);
      assert.match(said, engine === 'sqlite' ? /^SQLite 3\./m : /^PostgreSQL 1/m);
      assert.match(
        said,
        /^table people: 0 rows; it is user here; renamed: image is face$/m,
      );
      assert.doesNotMatch(said, /^(problem|to do)/m);
    });

    test('finds a column that no insert of ours would fill', async (t) => {
      const database = await databaseFor(t, engine);
      await succeeds(t, database, ['migrate']);
      await database.sql('DROP TABLE jwks');
      await database.sql(
        `CREATE TABLE jwks (id text NOT NULL PRIMARY KEY,
         "publicKey" text NOT NULL, "privateKey" text NOT NULL,
         "createdAt" ${engine === 'sqlite' ? 'date' : 'timestamptz'} NOT NULL,
         "expiresAt" ${engine === 'sqlite' ? 'date' : 'timestamptz'},
         alg text, crv text, kind text NOT NULL DEFAULT 'x',
         tenant text NOT NULL)`,
      );
      const line = /^problem: jwks\.tenant is NOT NULL without a default/m;
      await fails(t, database, ['check'], line);
      const { stdout } = await bookplate(t, database, ['check']);
      assert.doesNotMatch(stdout, /jwks\.kind/);
    });

    test('finds a unique index that is missing', async (t) => {
      const database = await databaseFor(t, engine);
      const env = { RATE_LIMIT: 'database' };
      await succeeds(t, database, ['migrate'], env);
      await database.sql('DROP TABLE "rateLimit"');
      await database.sql(
        `CREATE TABLE "rateLimit" (id text NOT NULL PRIMARY KEY,
         key text NOT NULL, count integer NOT NULL,
         "lastRequest" bigint NOT NULL)`,
      );
      const line = /^problem: rateLimit\.key has no unique index/m;
      await fails(t, database, ['check'], line, env);
    });

    test('warns of dates that are kept as something else', async (t) => {
      const database = await databaseFor(t, engine);
      await succeeds(t, database, ['migrate']);
      await database.sql('DROP TABLE verification');
      const other = engine === 'sqlite' ? 'integer' : 'timestamp';
      await database.sql(
        `CREATE TABLE verification (id text NOT NULL PRIMARY KEY,
         identifier text NOT NULL, value text NOT NULL,
         "expiresAt" ${other} NOT NULL, "createdAt" ${other} NOT NULL,
         "updatedAt" ${other} NOT NULL)`,
      );
      const said = await succeeds(t, database, ['check']);
      assert.match(said, /^warning: verification\.expiresAt is (integer|timestamp without)/im);
      assert.match(said, /^warning: verification\.identifier has no index/m);
    });

    test('finds ids of another kind', async (t) => {
      const database = await databaseFor(t, engine);
      await succeeds(t, database, ['migrate'], { ID_TYPE: 'serial' });
      const line = /^problem: user\.id is \w+: set ID_TYPE=serial$/im;
      await fails(t, database, ['check'], line);
      await succeeds(t, database, ['check'], { ID_TYPE: 'serial' });
    });

    test('finds that a file is no database, or a server is away', async (t) => {
      const database =
        engine === 'sqlite'
          ? { url: 'sqlite:/etc/passwd' }
          : { url: 'postgresql://nobody@127.0.0.1:1/none' };
      const { code, stdout, stderr } = await bookplate(t, database, ['check']);
      assert.ok([1, 2].includes(code), stdout + stderr);
      assert.match(stdout + stderr, /problem: |DATABASE_URL: /);
    });
  });
}

describe('search_path', { skip: SKIP }, () => {
  const within = (database, path) => ({
    ...database,
    url: `${database.url}?options=-csearch_path%3D${path}`,
  });

  test("another application's tables further down are left alone", async (t) => {
    const database = await databaseFor(t, 'postgres');
    await database.sql('CREATE SCHEMA book');
    await database.sql('CREATE TABLE public."user" (theirs text)');
    const ours = within(database, 'book,public');
    assert.match(await succeeds(t, ours, ['migrate']), /^create table user$/m);
    assert.equal(await succeeds(t, ours, ['migrate']), NOTHING);
    assert.deepEqual(await tables(database), ['user']);
    const rows = await database.sql('SELECT * FROM book.bookplate_migration');
    assert.equal(rows.length, OWN.length);
  });

  test('a schema that is not there is told', async (t) => {
    const ours = within(await databaseFor(t, 'postgres'), 'nowhere');
    await fails(t, ours, ['migrate'], /no schema of the search_path exists/);
    await fails(t, ours, ['check'], /no schema of the search_path exists/);
  });
});

describe('serve', { skip: SKIP }, () => {
  test('does not start on a PostgreSQL that lacks tables', async (t) => {
    const database = await databaseFor(t, 'postgres');
    await fails(t, database, ['serve'], /run: bookplate migrate$/m, {
      PORT: '0',
    });
    assert.deepEqual(await tables(database), []);
  });
});
