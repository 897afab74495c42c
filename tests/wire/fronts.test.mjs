// SPDX-License-Identifier: Apache-2.0
// Every case through a real nginx and a real haproxy. Whatever a front makes
// of hostile bytes, it and the server must agree where a request ends:
// - the server answers exactly as often as the front hands an answer on;
// - nobody gets more answers than requests were sent;
// - the next reader on the front's kept connections gets its own answer.
// Runs alone: what does not come in time counts as no answer.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { cases, sharedCases } from './cases/index.mjs';
import { findProgram, startFront } from './fronts.mjs';
import { Connection, serverBinary, startServer } from './raw.mjs';
import { startRelay } from './relay.mjs';

const LANES = 8;
const QUIET_MS = 200;
const LATE_MS = 2000; // an answer that the server gave must be through
const END_MS = 6000; // past the fronts' own deadlines
const PROBE = {
  expect: 'answer',
  bytes: 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
};
const VERSION = /HTTP\/\d/g;

const headAt = (one) => (index) => one.head === true && index === 0;
const statusOf = (final) => final.status;

/** Those that the server gave, and not the front by itself. */
const toldBy = ({ finals }) =>
  finals.filter((final) => final.get('x-behind') !== undefined);

/**
 * Everything a client gets for these bytes. A front may find more requests in
 * hostile bytes than we do, so what is due is known for good ones only; for
 * the others it is quiet when nothing comes and nothing is on its way.
 */
async function exchange(lane, one, bytes) {
  const connection = await Connection.open(lane.port);
  const read = () => connection.answers(headAt(one));
  const isGood = one.expect === 'answer';
  const isAll = () =>
    connection.closed ||
    (isGood && read().finals.length >= (one.answers ?? 1));
  const isEven = () =>
    lane.relay.answers(headAt(one)).length === toldBy(read()).length;
  try {
    await connection.send([bytes]);
    if (!(await connection.until(isAll, isGood ? END_MS : QUIET_MS))) {
      await connection.until(() => connection.closed || isEven(), LATE_MS);
    }
    connection.halfClose();
    await connection.until(() => connection.closed, END_MS);
    return read();
  } finally {
    connection.destroy();
  }
}

function judge(one, outcome, relay) {
  const { finals, rest } = outcome;
  const told = toldBy(outcome);
  const answered = relay.answers(headAt(one));
  const most = Math.max(1, one.bytes.match(VERSION)?.length ?? 0);
  const what = JSON.stringify({
    got: finals.map(statusOf),
    answered: answered.map(statusOf),
    forwarded: relay.requests(),
  });
  const astray = answered.length - told.length;
  // A front answers a request of HTTP/0.9 with the bare body.
  if (rest === 0 || astray !== 1) {
    assert.deepEqual(
      told.map(statusOf).sort(),
      answered.map(statusOf).sort(),
      `gone astray: ${what}`,
    );
  }
  assert.ok(told.length <= most, `more answers than requests: ${what}`);
  assert.ok(finals.length <= most + 1, `more refusals than one: ${what}`);
}

async function check(one, lane) {
  const send = (what) =>
    exchange(lane, what, Buffer.from(what.bytes, 'latin1'));
  lane.relay.clear();
  judge(one, await send(one), lane.relay);
  const probe = await send(PROBE);
  assert.deepEqual(
    probe.finals.map(statusOf),
    [200],
    'the next reader got an answer that was not theirs',
  );
}

function suite(name) {
  const lanes = [];
  let server;
  let front;

  const skip =
    (serverBinary() === null && 'the server is not built') ||
    (findProgram(name) === null && `${name} is not installed`);

  describe(`behind ${name}`, { skip, concurrency: LANES }, () => {
    before(async () => {
      server = await startServer();
      const relays = await Promise.all(
        Array.from({ length: LANES }, () => startRelay(server.port)),
      );
      front = await startFront(
        name,
        relays.map((relay) => relay.port),
      );
      relays.forEach((relay, at) => {
        lanes.push({ relay, port: front.ports[at] });
      });
    });
    after(async () => {
      assert.ok(front.isRunning(), `${name} died`);
      assert.ok(server.isRunning(), 'the server died');
      await front.stop();
      await Promise.all(lanes.map((lane) => lane.relay.stop()));
      await server.stop();
    });

    for (const one of [...cases, ...(sharedCases() ?? [])]) {
      it(`${one.rule}: ${one.name}`, async () => {
        const lane = lanes.pop(); // as many lanes as tests at a time
        try {
          await check(one, lane);
        } finally {
          lanes.push(lane);
        }
      });
    }
  });
}

suite('nginx');
suite('haproxy');
