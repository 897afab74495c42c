// SPDX-License-Identifier: Apache-2.0
// SIGTERM: what was asked is answered, what is idle is closed, and the exit
// code says whether anything was lost.
// Runs alone: an end under load is waited for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Connection } from '../wire/raw.mjs';
import {
  BIG,
  SKIP,
  WAIT_MS,
  answersTo,
  ask,
  askBig,
  openMany,
  request,
  start,
  startBig,
  until,
} from './program.mjs';

const GET = request('GET', '/healthz');

/** A client that asks without pause; what becomes of its last request? */
async function askOn(connection, tally) {
  while (!connection.closed) {
    const [answer] = await answersTo(connection, GET);
    if (answer === undefined) {
      tally.unanswered++;
      return;
    }
    tally.answered++;
    if (answer.get('connection') === 'close') {
      tally.told++;
      await connection.until(() => connection.closed, WAIT_MS);
      return;
    }
  }
}

describe('SIGTERM', { skip: SKIP }, () => {
  test('closes who is idle and ends cleanly', async (t) => {
    const server = await start(t);
    const fresh = await openMany(t, server.port, 20);
    const served = await openMany(t, server.port, 20);
    await Promise.all(served.map((one) => answersTo(one, GET)));
    const began = Date.now();
    server.signal('SIGTERM');
    assert.equal(await server.exit, 0);
    assert.ok(Date.now() - began < 5000, 'nobody was waited for in vain');
    for (const connection of [...fresh, ...served]) {
      await connection.until(() => connection.closed, WAIT_MS);
      assert.equal(connection.error, null, 'closed, not reset');
    }
    assert.deepEqual(
      server.events().map(({ event }) => event),
      ['draining', 'stopped'],
    );
  });

  test('under load no request that was read is left alone', async (t) => {
    const server = await start(t);
    const clients = await openMany(t, server.port, 50);
    const tally = { answered: 0, told: 0, unanswered: 0 };
    const done = Promise.all(clients.map((one) => askOn(one, tally)));
    await until(() => tally.answered > 1000, 'load');
    server.signal('SIGTERM');
    assert.equal(await server.exit, 0);
    await done;
    t.diagnostic(JSON.stringify(tally));
    assert.equal(tally.unanswered, 0);
    assert.equal(tally.told, clients.length);
    assert.ok(server.events().every(({ level }) => level === 'info'));
  });

  test('what was sent before it is answered', async (t) => {
    const server = await start(t);
    const clients = await openMany(t, server.port, 100);
    // Handed to the kernel, and perhaps not looked at by the server.
    await Promise.all(
      clients.map(
        (one) => new Promise((sent) => one.socket.write(GET, sent)),
      ),
    );
    server.signal('SIGTERM');
    for (const connection of clients) {
      await connection.until(() => connection.closed, WAIT_MS);
      assert.equal(connection.error, null);
      assert.equal(connection.answers().finals.length, 1);
    }
    assert.equal(await server.exit, 0);
  });

  test('an answer on its way is sent to its end', async (t) => {
    const server = await startBig(t);
    const connection = await askBig(t, server);
    server.signal('SIGTERM');
    await until(() => server.event('draining'), 'the drain');
    connection.socket.resume();
    await connection.until(() => connection.closed, WAIT_MS);
    const [answer] = connection.answers().finals;
    assert.equal(answer?.body.length, BIG);
    assert.equal(await server.exit, 0);
  });

  test('readiness ends before an open connection does', async (t) => {
    const server = await start(t);
    const half = request('GET', '/readyz').slice(0, -2);
    const [connection] = await openMany(t, server.port, 1);
    await connection.send([Buffer.from(half)]);
    await ask(server.port, 'GET', '/healthz'); // it has been read by now
    server.signal('SIGTERM');
    await until(() => server.event('draining'), 'the drain');
    const [answer] = await answersTo(connection, '\r\n');
    assert.equal(answer.status, 503);
    assert.equal(answer.get('connection'), 'close');
    assert.equal(await server.exit, 0);
  });

  test('who begins a request during it and dawdles is not waited for', async (t) => {
    const server = await start(t);
    const [connection] = await openMany(t, server.port, 1);
    await ask(server.port, 'GET', '/healthz'); // it has been read by now
    server.signal('SIGTERM');
    await until(() => server.event('draining'), 'the drain');
    const began = Date.now();
    await connection.send([Buffer.from('GET /healthz HT')]);
    assert.equal(await server.exit, 0, 'nothing was cut');
    assert.ok(Date.now() - began < 6000);
    await connection.until(() => connection.closed, WAIT_MS);
    assert.deepEqual(
      connection.answers().finals.map(({ status }) => status),
      [408],
    );
  });

  test('what takes too long is cut, and the exit code says so', async (t) => {
    const server = await startBig(t, { DRAIN_TIMEOUT: '1s' });
    await askBig(t, server);
    server.signal('SIGTERM');
    assert.equal(await server.exit, 3);
    assert.ok(server.event('drain_cut'));
  });

  test('asked twice it stops at once', async (t) => {
    for (const second of ['SIGTERM', 'SIGINT']) {
      const server = await startBig(t);
      await askBig(t, server);
      server.signal('SIGTERM');
      await until(() => server.event('draining'), 'the drain');
      const began = Date.now();
      server.signal(second);
      assert.equal(await server.exit, 3);
      // Long before the drain's 10 s; a sanitizer takes one to say goodbye.
      assert.ok(Date.now() - began < 5000);
      assert.ok(server.event('stopped_at_once'));
    }
  });

  test('nobody is let in any more', async (t) => {
    const server = await startBig(t);
    const connection = await askBig(t, server);
    server.signal('SIGTERM');
    await until(() => server.event('draining'), 'the drain');
    await until(
      () => Connection.open(server.port).then((one) => one.destroy() ?? false,
        () => true),
      'connections are refused',
    );
    connection.destroy();
    assert.equal(await server.exit, 0);
  });
});
