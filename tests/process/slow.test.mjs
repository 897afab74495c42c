// SPDX-License-Identifier: Apache-2.0
// A thousand slow clients: each is dropped by its deadline, and meanwhile
// others are served as if nothing were. Deadlines are short here; with
// SLOW_FULL=1 (make slow) they are the product's own.
// Runs alone: other readers are timed meanwhile.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import {
  NO_LOOK,
  SKIP,
  WAIT_MS,
  ask,
  openMany,
  request,
  startBig,
  until,
} from './program.mjs';

const IS_FULL = process.env.SLOW_FULL === '1';
const CLIENTS = 1000;
const RATE = 400; // connections a second
const PROBE_MS = 100;
const PATIENCE_MS = 1000; // what a probe may take
const SLACK_S = 4; // on a busy machine

const seconds = IS_FULL
  ? { head: 10, body: 30, write: 60, idle: 75 }
  : { head: 3, body: 3, write: 3, idle: 3 };
const deadlines = {
  HEAD_TIMEOUT: `${seconds.head}s`,
  BODY_TIMEOUT: `${seconds.body}s`,
  WRITE_TIMEOUT: `${seconds.write}s`,
  IDLE_TIMEOUT: `${seconds.idle}s`,
};

const NO_TOOL =
  spawnSync('slowhttptest', ['-h']).error && 'slowhttptest is not installed';

/** The descriptors the server has open. */
function descriptors(server) {
  return readdirSync(`/proc/${server.child.pid}/fd`).length;
}

/** Asks every 100 ms, and fails as soon as an answer is late or missing. */
async function probe(server, isOver) {
  const seen = { probes: 0, slowest: 0, most: 0 };
  while (!isOver()) {
    const began = performance.now();
    const { status } = await ask(server.port, 'GET', '/healthz');
    const took = performance.now() - began;
    assert.equal(status, 200);
    assert.ok(took < PATIENCE_MS, `a probe took ${took.toFixed()} ms`);
    seen.probes++;
    seen.slowest = Math.max(seen.slowest, Math.ceil(took));
    seen.most = Math.max(seen.most, descriptors(server));
    await delay(PROBE_MS);
  }
  return seen;
}

const attacks = {
  'heads that never end': { args: ['-H', '-i', '1'], limit: seconds.head },
  'bodies that never end': { args: ['-B', '-i', '1'], limit: seconds.body },
  'answers that are not read': {
    args: ['-X', '-w', '10', '-y', '20', '-n', '1', '-z', '32'],
    limit: seconds.write,
    path: '/big.bin',
  },
};

describe('slowhttptest', { skip: SKIP || NO_TOOL || NO_LOOK }, () => {
  for (const [name, { args, limit, path }] of Object.entries(attacks)) {
    test(`${CLIENTS} ${name}`, async (t) => {
      const server = await startBig(t, deadlines);
      const atRest = descriptors(server);
      const due = (CLIENTS / RATE + limit + SLACK_S) * 1000;
      const tool = spawn('slowhttptest', [
        ...args,
        ...['-c', `${CLIENTS}`, '-r', `${RATE}`, '-l', '300', '-p', '1'],
        ...['-u', `http://127.0.0.1:${server.port}${path ?? '/healthz'}`],
      ]);
      t.after(() => tool.kill('SIGKILL'));
      tool.stdout.resume();
      const began = Date.now();
      let most = 0;
      // Counted at the server: a client that does not read sees no end.
      const seen = await probe(server, () => {
        const open = descriptors(server) - atRest;
        most = Math.max(most, open);
        const isLate = Date.now() - began > due;
        return isLate || (most > CLIENTS / 4 && open <= 1);
      });
      const took = Date.now() - began;
      t.diagnostic(`${JSON.stringify(seen)}, gone by ${took} ms`);
      assert.ok(most > CLIENTS / 4, `only ${most} came`);
      assert.ok(took <= due, `some are still open after ${due} ms`);
      assert.deepEqual(server.logs(), [], 'none of it is worth a line');
    });
  }
});

describe('drip-feeding', { skip: SKIP, concurrency: true }, () => {
  const OWN = 100;

  /** Sends a byte a second on each connection until the server closes it. */
  async function drip(connections, byte) {
    while (connections.some((one) => !one.closed)) {
      for (const one of connections.filter((one) => !one.closed)) {
        one.socket.write(byte);
      }
      await delay(1000);
    }
  }

  async function isDropped(t, { first, byte, limit, status }) {
    const server = await startBig(t, deadlines);
    const all = await openMany(t, server.port, OWN);
    const began = Date.now();
    const gone = all.map((one) =>
      one
        .until(() => one.closed, (limit + 10) * 1000)
        .then(() => Date.now() - began),
    );
    for (const one of all) {
      one.socket.write(first);
    }
    const times = Promise.all(gone);
    let over = false;
    times.then(() => (over = true));
    if (byte) {
      drip(all, byte);
    }
    const seen = await probe(server, () => over);
    const took = await times;
    t.diagnostic(`${JSON.stringify(seen)}, closed by ${Math.max(...took)} ms`);
    assert.ok(Math.min(...took) > limit * 1000 - 500, 'nobody too early');
    assert.ok(Math.max(...took) < (limit + SLACK_S) * 1000);
    if (status) {
      for (const one of all) {
        const codes = one.answers().finals.map((answer) => answer.status);
        assert.deepEqual(codes, [status]);
      }
    }
  }

  test('a head is cut off at its deadline', (t) =>
    isDropped(t, {
      first: 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: ',
      byte: 'x',
      limit: seconds.head,
      status: 408,
    }));

  test('a body is cut off at its deadline', (t) =>
    isDropped(t, {
      first: request('GET', '/healthz', { 'Content-Length': 4000 }),
      byte: 'x',
      limit: seconds.body,
      status: 408,
    }));

  test('who says nothing is let go', (t) =>
    isDropped(t, { first: '', limit: seconds.idle }));

  test('who reads nothing is let go', { skip: NO_LOOK }, async (t) => {
    const server = await startBig(t, deadlines);
    const atRest = descriptors(server);
    const all = await openMany(t, server.port, OWN);
    for (const { socket } of all) {
      socket.pause();
      socket.write(request('GET', '/big.bin'));
    }
    let isOver = false;
    const over = until(
      () => descriptors(server) <= atRest,
      'they are closed',
      (seconds.write + SLACK_S) * 1000 + WAIT_MS,
    ).finally(() => (isOver = true));
    const began = Date.now();
    const seen = await probe(server, () => isOver);
    await over;
    const took = Date.now() - began;
    t.diagnostic(`${JSON.stringify(seen)}, closed by ${took} ms`);
    assert.ok(took < (seconds.write + SLACK_S) * 1000);
  });
});
