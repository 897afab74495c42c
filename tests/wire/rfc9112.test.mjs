// SPDX-License-Identifier: Apache-2.0
// Every case, whole, byte by byte and cut at random, against the server. The
// verdict must be the one in the table, and must not depend on the cut.
// Runs alone: what does not come in time counts as no answer.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { cases, sharedCases } from './cases/index.mjs';
import { cuts, serverBinary, startServer } from './raw.mjs';
import { judge, play, summary } from './verdict.mjs';

const BYTEWISE_MAX = 2048; // longer ones are cut at random only
const SEED = Number(process.env.WIRE_SEED ?? 9112);
const missing = serverBinary() === null && 'the server is not built';
let server;

function cutsOf(bytes, index) {
  const all = [
    cuts.whole(bytes),
    cuts.random(bytes, SEED + index),
    cuts.random(bytes, SEED + 7919 * index),
  ];
  return bytes.length > BYTEWISE_MAX ? all : [...all, cuts.bytewise(bytes)];
}

async function check(one, index) {
  const bytes = Buffer.from(one.bytes, 'latin1');
  const outcomes = await Promise.all(
    cutsOf(bytes, index).map((pieces) => play(server.port, one, pieces)),
  );
  for (const outcome of outcomes) {
    judge(one, outcome);
  }
  const told = outcomes
    .filter((outcome) => outcome.error === null)
    .map((outcome) => summary(one, outcome));
  assert.ok(new Set(told).size <= 1, `cuts differ: ${told.join(' | ')}`);
}

function group(rule, members) {
  describe(rule, { concurrency: 8 }, () => {
    members.forEach((one, index) => {
      it(`${one.expect}: ${one.name}`, () => check(one, index));
    });
  });
}

describe('raw bytes', { skip: missing, concurrency: 4 }, () => {
  before(async () => {
    server = await startServer();
  });
  after(async () => {
    assert.ok(server.isRunning(), 'the server died');
    assert.equal(await server.stop(), 0, 'the server did not end well');
  });

  const shared = sharedCases();
  const rules = [...new Set(cases.map((one) => one.rule))];
  for (const rule of rules) {
    group(
      rule,
      cases.filter((one) => one.rule === rule),
    );
  }
  if (shared === null) {
    it('cases beside the repository', { skip: 'they are not there' });
  } else {
    group('kept beside the repository', shared);
  }
});
