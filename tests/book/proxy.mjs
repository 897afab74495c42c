// SPDX-License-Identifier: Apache-2.0
// A stretch of bad road between a book and its server: passes everything on
// until it is told otherwise. What it does to a request it does to those below
// /api/ and /auth/ alone; the book's files always arrive.
//
//   const proxy = await startProxy(t, serverPort);
//   proxy.mode = 'pass' | 'hold' | 'fail' | 'cut';
//   await proxy.close(); await proxy.open();    // nobody listens in between
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { freePorts } from '../wire/raw.mjs';

/** Longer than anybody should wait for an answer. */
export const HELD_MS = 10_000;

function pass(target, request, response) {
  const { method, url, headers } = request;
  const on = send({ ...target, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  on.on('error', () => response.destroy());
  response.on('close', () => on.destroy());
  request.pipe(on);
}

const MODES = {
  pass,
  async hold(target, request, response) {
    await delay(HELD_MS, undefined, { ref: false });
    if (!response.destroyed) {
      pass(target, request, response);
    }
  },
  fail(_target, _request, response) {
    response.writeHead(503, { 'content-type': 'text/plain' });
    response.end('The house is being painted.');
  },
  cut: (_target, _request, response) => response.destroy(),
};

/** `port` is where it listens, `to` where the server does. */
export async function startProxy(t, { port, to }) {
  const target = { host: '127.0.0.1', port: to };
  const proxy = { mode: 'pass', port };
  let server;
  proxy.open = async () => {
    server = createServer((request, response) => {
      const isApi = /^\/(api|auth)\//.test(request.url);
      MODES[isApi ? proxy.mode : 'pass'](target, request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  proxy.close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await proxy.open();
  t.after(() => server.listening && proxy.close());
  return proxy;
}

export const twoPorts = async () => {
  const [port, to] = await freePorts(2);
  return { port, to };
};
