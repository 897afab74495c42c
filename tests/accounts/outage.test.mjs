// SPDX-License-Identifier: Apache-2.0
// A database that freezes, goes away and comes back (F11), and one that is
// slow (F12): whoever needs it is told so in time, the rest goes on.
// RELIABILITY=1: away for thirty seconds instead of a few.
// Runs alone: it has a database to freeze, and times what follows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { postgresPrograms, query, startPostgres } from '../contract/postgres.mjs';
import { run, until } from '../process/program.mjs';
import {
  PASSWORD,
  SKIP,
  median,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const AWAY_MS = process.env.RELIABILITY === '1' ? 30_000 : 4000;
const ANSWER_MS = 2000;
const SLACK_MS = 1000; // for a machine that is busy with other things
const BACK_MS = 3000;
const SLOW_MS = 500;

/** A cluster of this file alone: what befalls it befalls nobody else. */
async function ownCluster() {
  const shared = process.env.TEST_POSTGRES;
  delete process.env.TEST_POSTGRES;
  try {
    return await startPostgres();
  } finally {
    if (shared !== undefined) {
      process.env.TEST_POSTGRES = shared;
    }
  }
}

/** A token is verified with what is published, and nothing else. */
function open(token, { keys }) {
  const [head, payload, signature] = token.split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url'));
  const key = createPublicKey({
    key: keys.find((jwk) => jwk.kid === kid),
    format: 'jwk',
  });
  const signed = Buffer.from(`${head}.${payload}`);
  assert.ok(verify('sha256', signed, key, Buffer.from(signature, 'base64url')));
}

/** The postmaster and what it started. */
function family(postmaster) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return (
          Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster
        );
      } catch {
        return false; // it has ended since
      }
    });
  return [postmaster, ...children.map(Number)];
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The server's process, and what makes it stop and go on. */
async function control(cluster) {
  const [{ folder }] = await query(
    cluster.url,
    `SELECT current_setting('data_directory') AS folder`,
  );
  const { uid, gid } = statSync(folder);
  const { port } = new URL(cluster.url);
  const postmaster = () =>
    Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const signal = (name) =>
    family(postmaster()).forEach((pid) => process.kill(pid, name));
  let child = null;
  return {
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async stop() {
      const pid = postmaster();
      process.kill(pid, 'SIGINT');
      await until(
        () => !isAlive(pid) || (child?.exitCode !== null && child !== null),
        'PostgreSQL has stopped',
      );
    },
    async start() {
      child = spawn(
        join(postgresPrograms(), 'postgres'),
        [
          '-D',
          folder,
          '-p',
          port,
          '-c',
          'listen_addresses=127.0.0.1',
          '-c',
          'unix_socket_directories=',
        ],
        { uid, gid, cwd: folder, stdio: 'ignore' },
      );
      process.once('exit', () => child.kill('SIGQUIT'));
    },
    async end() {
      child?.kill('SIGINT');
      if (child !== null && child.exitCode === null) {
        await once(child, 'close');
      }
    },
  };
}

/** A way to the database on which everything asked takes longer. */
async function startSlowWay(scope, target) {
  const way = { ms: 0 };
  const relay = net.createServer((front) => {
    const back = net.connect(target, '127.0.0.1');
    front.on('data', (chunk) => setTimeout(() => back.write(chunk), way.ms));
    back.on('data', (chunk) => front.write(chunk));
    for (const [one, other] of [
      [front, back],
      [back, front],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    scope.after(() => front.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  scope.after(() => relay.close());
  return Object.assign(way, { port: relay.address().port });
}

describe('the database', { skip: SKIP }, () => {
  const scope = suite();
  let cluster;
  let postgres;
  let server;
  let owner;
  let token;
  let way;

  before(async () => {
    cluster = await ownCluster();
    postgres = await control(cluster);
    const address = new URL(await cluster.database());
    const direct = address.href;
    way = await startSlowWay(scope, Number(address.port));
    address.port = way.port;
    const database = {
      url: address.href,
      sql: (text, params) => query(direct, text, params),
    };
    await run(['migrate'], { env: { DATABASE_URL: direct } });
    server = await startAccounts(scope, { HASH_QUEUE: '400' }, { database });
    owner = await signedUp(server);
    token = (await owner.get('/token')).json.token;
  });
  after(async () => {
    await postgres.end();
    await cluster.stop();
  });

  const ops = (path) => server.call('GET', path, undefined, { base: '' });
  const rename = (name) => owner.copy().post('/update-user', { name });

  /** Everything that needs it is answered 503 in time; the rest as ever. */
  async function assertAway(what) {
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => owner.copy().get('/get-session')),
      ...Array.from({ length: 5 }, (_, i) => rename(`Lost ${i}`)),
      server.visitor().signIn(owner.email, PASSWORD),
    ]);
    for (const { status, ms, headers } of answers) {
      assert.equal(status, 503, what);
      assert.ok(Number(headers['retry-after']) >= 1);
      assert.ok(ms < ANSWER_MS + SLACK_MS, `${what}: ${ms} ms`);
    }
    const [healthy, ready, nobody, ...keys] = await Promise.all([
      ops('/healthz'),
      ops('/readyz'),
      server.call('GET', '/get-session'),
      ...Array.from({ length: 5 }, () => server.call('GET', '/jwks')),
    ]);
    assert.deepEqual(
      [healthy, ready, nobody, ...keys].map(({ status }) => status),
      [200, 503, 200, 200, 200, 200, 200, 200],
      what,
    );
    // One of many looks whether the table can be read again, and waits.
    assert.ok(median(keys.map(({ ms }) => ms)) < 500, 'keys from memory');
    open(token, keys[0].json);
  }

  /** How long until it is ready and serves, from now. */
  async function assertBack(name) {
    const began = performance.now();
    await until(async () => (await ops('/readyz')).status === 200, 'ready again');
    await until(
      async () => (await owner.copy().get('/get-session')).status === 200,
      'it serves',
    );
    const ms = performance.now() - began;
    assert.ok(ms < BACK_MS + SLACK_MS, `back after ${ms} ms`);
    assert.equal((await owner.copy().session()).user.name, name);
    return ms;
  }

  test('F11: frozen, it is waited for two seconds and no longer', async (t) => {
    assert.equal((await rename('Kept')).status, 200);
    postgres.freeze();
    try {
      const began = performance.now();
      while (performance.now() - began < AWAY_MS) {
        await assertAway('frozen');
      }
    } finally {
      postgres.thaw();
    }
    const began = performance.now();
    await until(async () => (await ops('/readyz')).status === 200, 'ready again');
    t.diagnostic(`ready ${(performance.now() - began) | 0} ms after it went on`);
    assert.ok(performance.now() - began < BACK_MS + SLACK_MS);
    // What was sent before it froze may have been done since.
    const { name } = (await owner.copy().session()).user;
    assert.match(name, /^(Kept|Lost \d)$/);
  });

  test('F11: stopped, it is missed at once and found again', async (t) => {
    assert.equal((await rename('Kept twice')).status, 200);
    await postgres.stop();
    await assertAway('stopped');
    await delay(AWAY_MS / 2); // long enough for pauses between tries to grow
    await assertAway('still stopped');
    await postgres.start();
    t.diagnostic(`back ${(await assertBack('Kept twice')) | 0} ms after its start`);
  });

  test('F12: slow, each is answered, or told, within two seconds', async (t) => {
    await Promise.all(Array.from({ length: 20 }, () => owner.copy().session()));
    way.ms = SLOW_MS;
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, () => owner.copy().get('/get-session')),
      ...Array.from({ length: 10 }, () => rename('Slow')),
      ...Array.from({ length: 5 }, () => server.visitor().signIn(owner.email)),
    ]);
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    const shed = answers.filter(({ status }) => status === 503).length;
    t.diagnostic(
      `${shed} of ${answers.length} were told, the slowest after ${slowest | 0} ms`,
    );
    for (const { status } of answers) {
      assert.ok([200, 503].includes(status), `${status}`);
    }
    const sessions = answers.slice(0, 30);
    assert.ok(
      sessions.some(({ status }) => status === 200),
      'some are served',
    );
    // Four queries in a row at most, each with its own patience.
    assert.ok(slowest < 4 * ANSWER_MS, `${slowest} ms`);
    assert.ok(Math.max(...sessions.map(({ ms }) => ms)) < ANSWER_MS + SLACK_MS);
    assert.equal((await ops('/healthz')).status, 200);
    way.ms = 0;
    await assertBack((await owner.copy().session())?.user.name ?? 'Slow');
    const again = await Promise.all(
      Array.from({ length: 30 }, () => owner.copy().get('/get-session')),
    );
    assert.ok(
      again.every(({ status, ms }) => status === 200 && ms < 1000),
      'nobody is stuck',
    );
  });
});
