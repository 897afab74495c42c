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

import { run, start } from '../process/program.mjs';
import { toEnvironment } from './environment.mjs';
import { readMails } from './mail.mjs';
import { freePort, query, startPostgres } from './postgres.mjs';

export const SECRET = 'contract-secret-0123456789-abcdefghijklmnop';
const ORIGINAL = fileURLToPath(new URL('original.mjs', import.meta.url));

let cluster; // one for this process, or the run's

/** An empty database: its address, and what removes it. */
async function newDatabase(engine, folder) {
  if (engine === 'sqlite') {
    return `sqlite:${join(folder, 'test.db')}`;
  }
  cluster ??= startPostgres();
  return (await cluster).database();
}

/** Stops the cluster, if this process started one. */
export async function stopCluster() {
  const started = await cluster;
  cluster = undefined;
  await started?.stop();
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

async function sql(database, text, params = []) {
  const rows = database.startsWith('sqlite:')
    ? sqliteQuery(database.slice('sqlite:'.length), text, params)
    : await query(database, text, params);
  return Array.isArray(rows) ? rows.map(plain) : [];
}

/** Folder, database and options, before either server is started. */
async function prepare({ options = {}, engine = 'sqlite', database }) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-contract-'));
  const mailFolder = join(folder, 'mails');
  mkdirSync(mailFolder);
  return {
    folder,
    mailFolder,
    engine,
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
  return {
    target,
    engine,
    url,
    database,
    options,
    origin: new URL(baseURL).origin,
    secret: options.secret ?? options.secrets[0].value,
    mails: () => readMails(mailFolder),
    sql: (text, params) => sql(database, text, params),
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Better Auth itself, on node:http, in a process of its own. */
export async function startOriginal(given = {}) {
  const ready = await prepare(given);
  const { options, database, mailFolder } = ready;
  const env = { ...process.env, BETTER_AUTH_TELEMETRY: '0' };
  delete env.NODE_ENV;
  const child = fork(ORIGINAL, { env, execArgv: [] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  child.send({ options, database, mailFolder });
  const [answer] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => [{ error: `it ended with ${code}` }]),
  ]);
  const end = async () => {
    process.off('exit', kill);
    if (child.connected) {
      child.disconnect();
    }
    await ended;
  };
  if (answer.error) {
    await end();
    throw new Error(`the original did not start: ${answer.error}`);
  }
  return handle('original', ready, `http://127.0.0.1:${answer.port}`, end);
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
    { process: server },
  );
}
