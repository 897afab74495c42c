// SPDX-License-Identifier: Apache-2.0
// Empty databases of both engines, the program run on them, and what the
// original's own migrator makes of them.
import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { atEnd, run } from '../process/program.mjs';
import { serverBinary } from '../wire/raw.mjs';

const packages = new URL('../contract/package.json', import.meta.url);
const require = createRequire(packages);
const ORIGINAL = fileURLToPath(new URL('original.mjs', import.meta.url));
const isInstalled = existsSync(new URL('node_modules', packages));

export const SKIP =
  (!serverBinary() && 'the server has not been built') ||
  (!isInstalled && 'the packages of tests/contract are not installed');

const MIGRATIONS = new URL('../../db/', import.meta.url);

/** Our own migrations, as the files of db/ are: what they are called and make. */
export const OWN = readdirSync(MIGRATIONS)
  .sort()
  .map((file) => {
    const [, number, name] = /^(\d+)_(.*)\.sql$/.exec(file);
    const sql = readFileSync(new URL(file, MIGRATIONS), 'utf8');
    const tables = [...sql.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, t]) => t);
    return { line: `apply migration ${Number(number)}, ${name}`, name, tables };
  });

class SqliteDatabase {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'bookplate-store-'));
    this.file = join(this.folder, 'test.db');
    this.url = `sqlite:${this.file}`;
  }

  open() {
    return new (require('better-sqlite3'))(this.file, { timeout: 10_000 });
  }

  async sql(text, params = []) {
    const database = this.open();
    try {
      const statement = database.prepare(text.replace(/\$(\d+)/g, '?$1'));
      const named = Object.fromEntries(params.map((value, i) => [i + 1, value]));
      return statement.reader ? statement.all(named) : statement.run(named);
    } finally {
      database.close();
    }
  }

  /** Every statement of the schema but our own tables', in order. */
  async schema() {
    const rows = await this.sql(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL
       AND tbl_name NOT LIKE 'bookplate_%' ORDER BY rowid`,
    );
    return rows.map((row) => row.sql).join('\n');
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class PostgresDatabase {
  constructor(url, query) {
    this.url = url;
    this.query = query;
  }

  sql(text, params) {
    return this.query(this.url, text, params);
  }

  async schema() {
    const text = execFileSync(
      'pg_dump',
      ['--schema-only', '--no-owner', '--exclude-table=bookplate_*', this.url],
      { encoding: 'utf8' },
    );
    return text.replace(/^(--.*|\\(un)?restrict .*|SET .*|)\n/gm, '');
  }

  remove() {}
}

let cluster;

async function postgres() {
  const { query, startPostgres } = await import('../contract/postgres.mjs');
  cluster ??= startPostgres();
  return new PostgresDatabase(await (await cluster).database(), query);
}

/** Engines by name: make an empty database that is gone after the test. */
export const ENGINES = {
  sqlite: async () => new SqliteDatabase(),
  postgres,
};

export async function databaseFor(t, engine) {
  const database = await ENGINES[engine]();
  atEnd(t, () => database.remove());
  return database;
}

export async function stopPostgres() {
  const started = await cluster;
  cluster = undefined;
  await started?.stop();
}

const SECRET = 'a secret of tests, as long as one has to be';

/** Runs a command of the program on a database, from a folder of its own. */
export async function bookplate(t, database, args, env = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'bookplate-cwd-'));
  atEnd(t, () => rmSync(cwd, { recursive: true, force: true }));
  return run(args, {
    cwd,
    env: { DATABASE_URL: database.url, BETTER_AUTH_SECRET: SECRET, ...env },
  });
}

/**
 * The original's migrator on a database: what it did, and would still do. In a
 * process of its own: renaming jwks there holds for every later use.
 */
export async function migrateOriginal(database, options = {}) {
  const asked = JSON.stringify({ url: database.url, ...options });
  const { stdout } = await promisify(execFile)(process.execPath, [
    ORIGINAL,
    asked,
  ]);
  return JSON.parse(stdout);
}
