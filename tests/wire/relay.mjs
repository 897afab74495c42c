// SPDX-License-Identifier: Apache-2.0
// A TCP relay that keeps what passes: a front connects to it instead of to
// the server, and a test then sees what the front made of a request, and how
// often the server answered.
import { once } from 'node:events';
import net from 'node:net';

import { parseAnswers } from './answers.mjs';

export async function startRelay(target) {
  const passed = new Set(); // one a connection; fronts keep and reuse them
  const sockets = new Set();
  const relay = net.createServer({ allowHalfOpen: true, noDelay: true }, (front) => {
    const link = { requests: [], answers: [], closed: false };
    const back = net.connect({
      port: target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    passed.add(link);
    front.on('data', (chunk) => {
      link.requests.push(chunk);
      back.write(chunk);
    });
    back.on('data', (chunk) => {
      link.answers.push(chunk);
      front.write(chunk);
    });
    front.on('end', () => back.end());
    back.on('end', () => {
      link.closed = true;
      front.end();
    });
    for (const [socket, other] of [[front, back], [back, front]]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    port: relay.address().port,
    /** Forgets what passed before. */
    clear() {
      for (const link of passed) {
        link.requests.length = 0;
        link.answers.length = 0;
        if (link.closed) {
          passed.delete(link);
        }
      }
    },
    /** What the front sent, all connections, as Latin-1. */
    requests: () =>
      [...passed].map((link) => Buffer.concat(link.requests).toString('latin1')),
    /** The final answers of the server, connection after connection. */
    answers: (headAt) =>
      [...passed].flatMap(
        (link) =>
          parseAnswers(Buffer.concat(link.answers), link.closed, headAt).finals,
      ),
    async stop() {
      relay.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await once(relay, 'close');
    },
  };
}
