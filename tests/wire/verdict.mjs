// SPDX-License-Identifier: Apache-2.0
// Sends one case and says what happened, and whether it may.
import assert from 'node:assert/strict';

import { Connection } from './raw.mjs';

const QUIET_MS = 150; // nothing comes for so long: nothing will
const ANSWER_MS = 5000; // an answer or a close that is due
const PROBE = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const MISDIRECTED = 421;
// Answers about what was asked for, not about how it was written.
const FINE = [200, 204, 301, 302, 304, 307, 308, 401, 403, 404, 405, 415];

function isFine(status, one) {
  return (
    FINE.includes(status) ||
    (one.mayMisdirect === true && status === MISDIRECTED)
  );
}

const goodBefore = (one) =>
  one.answers ?? (one.expect === 'answer' ? 1 : 0);

/** Sends the pieces of a case and waits for as much as it may bring. */
export async function play(port, one, pieces) {
  const connection = await Connection.open(port);
  const headAt = (index) => one.head === true && index === 0;
  const read = () => connection.answers(headAt);
  const count = () => read().finals.length;
  let probed = false;
  try {
    await connection.send(pieces);
    if (one.expect === 'answer') {
      await connection.until(
        () => connection.closed || count() >= goodBefore(one),
        ANSWER_MS,
      );
      if (!one.closes && !connection.closed) {
        probed = true;
        await connection.send([PROBE]);
      }
    } else if (one.unfinished || one.expect === 'either') {
      await connection.until(() => connection.closed, QUIET_MS);
      connection.halfClose();
    }
    await connection.until(() => connection.closed, ANSWER_MS);
    const { closed, error } = connection;
    return { ...read(), probed, closed, error };
  } finally {
    connection.destroy();
  }
}

function judgeRefusal(one, outcome) {
  const before = goodBefore(one);
  const [last] = outcome.finals.slice(before);
  assert.ok(outcome.closed, 'the connection stayed open');
  assert.ok(
    outcome.finals.length <= before + 1,
    `${outcome.finals.length} answers to ${before} good requests and a bad one`,
  );
  if (last === undefined) {
    // Only a reset, which may overtake the answer, excuses silence.
    assert.ok(
      one.unfinished || outcome.error !== null,
      'closed without a word',
    );
    return;
  }
  assert.ok(last.status >= 400, `answered ${last.status}`);
  assert.equal(last.get('connection'), 'close', 'does not say close');
  if (one.status !== undefined) {
    assert.ok(one.status.includes(last.status), `answered ${last.status}`);
  }
}

function judgeAnswer(one, outcome) {
  const { finals } = outcome;
  const good = goodBefore(one);
  const saysClose = finals[good - 1]?.get('connection') === 'close';
  assert.ok(outcome.closed, 'the connection stayed open');
  assert.ok(finals.length >= good, `${finals.length} answers`);
  if (one.closes || (one.mayClose && saysClose)) {
    assert.ok(saysClose, 'does not say close');
    assert.equal(finals.length, good, 'number of answers');
  } else {
    assert.ok(outcome.probed, 'the connection was closed');
    assert.equal(finals.length, good + 1, 'number of answers');
    assert.equal(finals[good].status, 200, 'the next request');
  }
  if (one.interims !== undefined) {
    assert.equal(outcome.interim, one.interims, 'number of interim answers');
  }
}

/** Throws when what happened may not happen. */
export function judge(one, outcome) {
  assert.equal(outcome.rest, 0, 'half an answer was left');
  for (const final of outcome.finals.slice(0, goodBefore(one))) {
    assert.ok(isFine(final.status, one), `answered ${final.status}`);
  }
  for (const final of outcome.finals) {
    assert.ok(!one.never || !final.body.includes(one.never), 'a leak');
  }
  if (one.expect === 'refuse') {
    judgeRefusal(one, outcome);
  } else if (one.expect === 'answer') {
    judgeAnswer(one, outcome);
  } else {
    assert.ok(outcome.finals.length <= 1, 'two answers to one request');
  }
}

/** What must be the same however the bytes were cut; the probe may differ. */
export function summary(one, { finals }) {
  const statuses = finals.map((final) => final.status);
  return (
    one.expect === 'answer' ? statuses.slice(0, goodBefore(one)) : statuses
  ).join(' ');
}
