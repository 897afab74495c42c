// SPDX-License-Identifier: Apache-2.0
// The original and ours, started alike: options in Better Auth's form (see
// original.mjs), an engine, and the same handle to both:
//
//   url       where it listens, http://127.0.0.1:PORT
//   origin    the origin it believes to have, of its baseURL
//   database  sqlite:FILE or postgresql://...; given to a second server it
//             shares the rows with the first
//   secret    what it signs with
//   mails()   what it has sent so far, [{ to, url }]
//   sql()     one statement with $1 ... as parameters, on its database
//   stop()    ends it, and removes what it left
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import pg from 'pg';

import { run, start, until } from '../process/program.mjs';
import { toEnvironment } from './environment.mjs';
import { readMails } from './mail.mjs';
import { freePort, query, startPostgres } from './postgres.mjs';

export const SECRET = 'contract-secret-0123456789-abcdefghijklmnop';
const ORIGINAL = fileURLToPath(new URL('original.mjs', import.meta.url));

let cluster; // one for this process, or the run's

const folders = new Set();
const remove = (folder) => {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
};
process.once('exit', () => folders.forEach(remove));

// A new PostgreSQL database is 8 MB of files to be synced: the next server of
// this process gets one that the last has left, emptied.
const spare = [];
const EMPTY = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public';

/** An empty database. */
async function newDatabase(engine, folder) {
  if (engine === 'sqlite') {
    return `sqlite:${join(folder, 'test.db')}`;
  }
  cluster ??= startPostgres();
  return spare.pop() ?? (await cluster).database();
}

async function leaveDatabase(database) {
  if (!database.startsWith('sqlite:')) {
    await query(database, EMPTY);
    spare.push(database);
  }
}

/** Stops the cluster, if this process started one. */
export async function stopCluster() {
  const started = await cluster;
  cluster = undefined;
  spare.length = 0;
  await started?.stop();
}

/** What ours has still to write by itself: mails sent, and the audit's chain. */
const WAITING =
  'SELECT id FROM bookplate_outbox UNION ALL SELECT id FROM bookplate_audit WHERE seq IS NULL';

/**
 * On SQLite a transaction of the original fails for good when somebody writes
 * between its read and write; so what ours writes by itself comes first.
 */
export function quiet(server) {
  const isQuiet = async () => (await server.sql(WAITING)).length === 0;
  return until(isQuiet, 'nothing left to be written');
}

/** Dates come as ISO text from both engines. */
const plain = (row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : value,
    ]),
  );

function sqliteQuery(file, text, params) {
  const database = new Database(file, { timeout: 5000 });
  try {
    const statement = database.prepare(text.replace(/\$(\d+)/g, '?$1'));
    const values = Object.fromEntries(params.map((value, i) => [i + 1, value]));
    return statement.reader ? statement.all(values) : statement.run(values);
  } finally {
    database.close();
  }
}

/** sql() for a database, and what closes it. */
function openSql(database) {
  const file = /^sqlite:(.*)/.exec(database)?.[1];
  const pool = file ? null : new pg.Pool({ connectionString: database, max: 1 });
  const ask = async (text, params) =>
    file ? sqliteQuery(file, text, params) : (await pool.query(text, params)).rows;
  return {
    async sql(text, params = []) {
      const rows = await ask(text, params);
      return Array.isArray(rows) ? rows.map(plain) : [];
    },
    close: async () => pool?.end(),
  };
}

/** Folder, database and options, before either server is started. */
async function prepare({ options = {}, engine = 'sqlite', database }) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-contract-'));
  const mailFolder = join(folder, 'mails');
  folders.add(folder);
  mkdirSync(mailFolder);
  return {
    folder,
    mailFolder,
    engine,
    owned: database === undefined,
    database: database ?? (await newDatabase(engine, folder)),
    options: {
      ...(options.secrets ? {} : { secret: SECRET }),
      ...options,
    },
  };
}

function handle(target, ready, url, end) {
  const { folder, mailFolder, engine, database, options } = ready;
  const baseURL = options.baseURL ?? url;
  const { sql, close } = openSql(database);
  return {
    target,
    engine,
    url,
    database,
    options,
    origin: new URL(baseURL).origin,
    secret: options.secret ?? options.secrets[0].value,
    mails: () => readMails(mailFolder),
    sql,
    async stop() {
      await close();
      await end();
      if (ready.owned) {
        await leaveDatabase(database);
      }
      remove(folder);
    },
  };
}

/** A process for the original, which may hold several of its servers. */
function startHost() {
  const env = { ...process.env, BETTER_AUTH_TELEMETRY: '0' };
  delete env.NODE_ENV;
  const child = fork(ORIGINAL, { env, execArgv: [] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const waiting = new Map();
  child.on('message', (answer) => waiting.get(answer.id)?.(answer));
  const ended = once(child, 'exit').then(([code]) => {
    process.off('exit', kill);
    const error = `the process of the original ended with ${code}`;
    waiting.forEach((resolve, id) => resolve({ id, error }));
  });
  let users = 0;
  let asked = 0;
  return {
    id: () => ++asked,
    /** While nobody uses it, it keeps no program from ending. */
    use(change) {
      users += change;
      const hold = users > 0 ? 'ref' : 'unref';
      child[hold]();
      child.channel?.[hold]();
    },
    async ask(message) {
      const answer = await new Promise((resolve) => {
        waiting.set(message.id, resolve);
        child.send(message, (error) => error && resolve({ error }));
      });
      waiting.delete(message.id);
      if (answer.error) {
        throw new Error(`the original: ${answer.error}`);
      }
      return answer;
    },
    async end() {
      if (child.connected) {
        child.disconnect();
      }
      await ended;
    },
  };
}

let shared; // for all servers of this program that count no requests

/** Better Auth itself, on node:http, in a process beside this one. */
export async function startOriginal(given = {}) {
  const ready = await prepare(given);
  const { options, database, mailFolder } = ready;
  // It counts requests once for its whole process, not for each server.
  const isAlone = options.rateLimit?.enabled === true;
  const host = isAlone ? startHost() : (shared ??= startHost());
  const id = host.id();
  const leave = async () => (isAlone ? host.end() : host.use(-1));
  host.use(1);
  try {
    const { port } = await host.ask({ id, options, database, mailFolder });
    return handle('original', ready, `http://127.0.0.1:${port}`, async () => {
      await host.ask({ id, stop: true });
      await leave();
    });
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Our program; BOOKPLATE_BIN names it. */
export async function startOurs(given = {}) {
  const ready = await prepare(given);
  const { options, database, folder, mailFolder } = ready;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: database,
    ...toEnvironment({ baseURL: url, ...options }, { mailFolder }),
    ...given.settings,
  };
  const migrated = await run(['migrate'], { env, cwd: folder });
  if (migrated.code !== 0) {
    throw new Error(`migrate: exit ${migrated.code}: ${migrated.stderr}`);
  }
  const closers = [];
  const scope = { after: (close) => closers.push(close) };
  const server = await start(scope, { env, cwd: folder });
  return Object.assign(
    handle('ours', ready, url, async () => {
      server.signal('SIGTERM');
      await server.exit;
      for (const close of closers) {
        await close();
      }
    }),
    { process: server, env },
  );
}
