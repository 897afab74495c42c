// SPDX-License-Identifier: Apache-2.0
// More clients than there are descriptors: the server says so, does not spin,
// and is itself again when they have left.
// Runs alone: it looks at the CPU time of a full server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Connection } from '../wire/raw.mjs';
import { SKIP, answersTo, ask, request, start, until } from './program.mjs';

const GET = request('GET', '/healthz');
const CLIENTS = 200;
const WATCH_MS = 2000;
const PATIENCE_MS = 500; // a queue nobody can empty may also just wait

/** Processor time of the whole process so far, in ms. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What a newcomer is told: his answer, the refusal, or just the end. */
async function tryToAsk(port) {
  const connection = await Connection.open(port);
  const read = () => connection.answers().finals;
  await connection.send([Buffer.from(GET)]);
  await connection.until(
    () => connection.closed || read().length > 0,
    PATIENCE_MS,
  );
  return { connection, status: read()[0]?.status ?? 0 };
}

async function fill(t, port) {
  const all = [];
  for (let i = 0; i < CLIENTS; i += 20) {
    all.push(
      ...(await Promise.all(Array.from({ length: 20 }, () => tryToAsk(port)))),
    );
  }
  t.after(() => all.forEach(({ connection }) => connection.destroy()));
  return all;
}

const limits = {
  'a limit of 64 descriptors': { shell: 'ulimit -n 64; exec "$0" "$@"' },
  'a limit of 128 descriptors': { shell: 'ulimit -n 128; exec "$0" "$@"' },
  'MAX_CONNECTIONS=50': { env: { MAX_CONNECTIONS: '50' } },
};

describe('full', { skip: SKIP, concurrency: true }, () => {
  for (const [name, options] of Object.entries(limits)) {
    test(`lives with ${name} and ${CLIENTS} clients`, async (t) => {
      const server = await start(t, options);
      const all = await fill(t, server.port);
      const held = all.filter(({ status }) => status === 200);
      assert.ok(held.length > 0, 'somebody is served');
      assert.ok(held.length < CLIENTS, 'not everybody is');
      assert.ok(all.every(({ status }) => [200, 503, 0].includes(status)));
      const before = cpuMs(server.child.pid);
      await delay(WATCH_MS);
      const spent = cpuMs(server.child.pid) - before;
      const told = all.filter(({ status }) => status === 503).length;
      t.diagnostic(`${held.length} held, ${told} told, ${spent} ms of CPU`);
      assert.ok(spent < WATCH_MS / 10, `${spent} ms of CPU while full`);
      for (const { connection } of held) {
        assert.equal((await answersTo(connection, GET))[0].status, 200);
      }
      all.forEach(({ connection }) => connection.destroy());
      const isBack = async () =>
        (await ask(server.port, 'GET', '/readyz').catch(() => ({}))).status ===
        200;
      await until(isBack, 'it serves again');
      server.signal('SIGTERM');
      assert.equal(await server.exit, 0);
      assert.ok(server.events().length > 0);
    });
  }
});
