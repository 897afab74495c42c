// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL of one's own: Debian's server on a cluster in a temporary
// folder and a free loopback port, with fsync on, as in earnest. It is stopped
// by its process id, and nothing of it stays, however the tests end.
//
// As a library: startPostgres() -> { url, database(), stop() }.
// As a command: node postgres.mjs COMMAND... runs a command with the cluster's
// address in TEST_POSTGRES; startPostgres() then uses that one, so that a run
// of many test files starts one cluster.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

const INSTALLED = '/usr/lib/postgresql';
const START_MS = 60_000; // two cores, shared with a whole run of tests
const TRIES = 5; // somebody else may take a free port before us

/** A port that nobody listens on at this moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The folder of the newest server's programs, or null. */
export function postgresPrograms() {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest ? join(INSTALLED, newest, 'bin') : null;
}

/** PostgreSQL refuses to run as root: then it runs as Debian's own user. */
function unprivileged() {
  if (process.getuid() !== 0) {
    return {};
  }
  const number = (flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

function makeCluster(programs, user) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-postgres-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  execFileSync(
    join(programs, 'initdb'),
    ['--pgdata', join(folder, 'data'), '--username', 'bookplate']
      .concat(['--pwfile', passwordFile, '--auth', 'scram-sha-256'])
      .concat(['--encoding', 'UTF8', '--no-locale', '--no-sync']),
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return { folder, password };
}

/** Runs the server; resolves when it takes connections, or with its end. */
async function launch(programs, user, folder, port) {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    max_connections: '300',
    shared_buffers: '32MB',
  };
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port)].concat(
      Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ),
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const run = { child, log: '', ended: once(child, 'close') };
  const ready = new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      run.log += chunk;
      if (run.log.includes('ready to accept connections')) {
        resolve(true);
      }
    });
  });
  const timer = setTimeout(() => child.kill('SIGQUIT'), START_MS);
  run.isUp = await Promise.race([ready, run.ended.then(() => false)]);
  clearTimeout(timer);
  return run;
}

async function launchOnFreePort(programs, user, folder) {
  let log = '';
  for (let i = 0; i < TRIES; i++) {
    const port = await freePort();
    const run = await launch(programs, user, folder, port);
    if (run.isUp) {
      return { ...run, port };
    }
    log = run.log;
  }
  throw new Error(`PostgreSQL did not start: ${log}`);
}

/** Runs one statement on a connection of its own. */
export async function query(url, text, params = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, params)).rows;
  } finally {
    await client.end();
  }
}

function handle(url, stop) {
  return {
    url,
    stop,
    /** The address of a new, empty database. */
    async database() {
      const name = `test_${randomBytes(8).toString('hex')}`;
      await query(url, `CREATE DATABASE ${name} TEMPLATE template0`);
      const address = new URL(url);
      address.pathname = name;
      return address.href;
    },
  };
}

/** Starts a cluster, or takes the one that TEST_POSTGRES names. */
export async function startPostgres() {
  if (process.env.TEST_POSTGRES) {
    return handle(process.env.TEST_POSTGRES, async () => {});
  }
  const programs = postgresPrograms();
  if (programs === null) {
    throw new Error('PostgreSQL is not installed; see tools/setup test');
  }
  const user = unprivileged();
  const { folder, password } = makeCluster(programs, user);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { child, port, ended } = await launchOnFreePort(programs, user, folder);
  const abandon = () => {
    child.kill('SIGQUIT');
    remove();
  };
  process.once('exit', abandon);
  const url = `postgresql://bookplate:${password}@127.0.0.1:${port}/postgres`;
  return handle(url, async () => {
    process.off('exit', abandon);
    child.kill('SIGQUIT'); // at once: what it would write is thrown away
    await ended;
    remove();
  });
}

async function main([command, ...args]) {
  const postgres = await startPostgres();
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, TEST_POSTGRES: postgres.url },
  });
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const [code] = await once(child, 'close');
  await postgres.stop();
  process.exitCode = code ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2));
}
