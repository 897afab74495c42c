// SPDX-License-Identifier: Apache-2.0
// What clients do with their end of a connection.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BIG, SKIP, WAIT_MS, ask, askBig, startBig } from './program.mjs';

describe('a client that has said all', { skip: SKIP }, () => {
  test('still gets the whole of a long answer', async (t) => {
    const server = await startBig(t);
    const connection = await askBig(t, server);
    connection.halfClose();
    await ask(server.port, 'GET', '/healthz');
    connection.socket.resume();
    await connection.until(() => connection.closed, WAIT_MS);
    assert.equal(connection.answers().finals[0]?.body.length, BIG);
  });
});
