// SPDX-License-Identifier: Apache-2.0
// Raw bytes to a server and back: starts it, sends a request in any pieces,
// collects every answer. Nothing here repairs what it reads.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { dirname, join } from 'node:path';
import {
  setImmediate as turn,
  setTimeout as delay,
} from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { parseAnswers } from './answers.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const START_MS = 10_000;
const STOP_MS = 12_000; // the server may drain for 10 s

/** The server under test, or null when it has not been built. */
export function serverBinary() {
  const path =
    process.env.BOOKPLATE_BIN ?? join(ROOT, 'build', 'debug', 'bookplate');
  return existsSync(path) ? path : null;
}

/** Ports that nobody listens on, held together so that no two are the same. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer());
  const ports = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push(server.address().port);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return ports;
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * Runs a program until stop(), once every port is open. Its output is kept,
 * and shown when it does not start.
 */
export async function startProgram(command, args, ports, options = {}) {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill); // however the tests end, nothing is left over
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const exited = new Promise((resolve) => {
    child.on('error', (error) => resolve(`${error}`));
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  let ended;
  exited.then((reason) => {
    ended = reason;
  });
  const deadline = Date.now() + START_MS;
  for (const port of ports) {
    while (!(await canConnect(port))) {
      if (ended !== undefined || Date.now() > deadline) {
        kill();
        throw new Error(`${command} did not start: ${Buffer.concat(output)}`);
      }
      await delay(20);
    }
  }
  return {
    pid: child.pid,
    output,
    isRunning: () => ended === undefined,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, STOP_MS);
      const reason = await exited;
      clearTimeout(timer);
      process.off('exit', kill);
      return reason;
    },
  };
}

export async function startServer(env = {}) {
  const [port] = await freePorts(1);
  const program = await startProgram(serverBinary(), ['serve'], [port], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      LOG_LEVEL: 'error',
      ...env,
    },
  });
  return { ...program, port };
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The ways to send the same bytes; the answers must not depend on it. */
export const cuts = {
  whole: (bytes) => [bytes],
  bytewise: (bytes) =>
    Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
  random(bytes, seed) {
    const random = randomFrom(seed);
    const pieces = [];
    for (let at = 0; at < bytes.length; ) {
      const len = 1 + Math.floor(random() * random() * (bytes.length - at));
      pieces.push(bytes.subarray(at, at + len));
      at += len;
    }
    return pieces;
  },
};

/** One connection: send() pieces, then wait until a condition holds. */
export class Connection {
  #chunks = [];
  #wake = () => {};
  closed = false;
  error = null;

  static async open(port) {
    const socket = net.connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      allowHalfOpen: true,
    });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  constructor(socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
    socket.on('end', () => this.#close());
    socket.on('close', () => this.#close());
    // A reset is a close to us: the server may have bytes of ours unread.
    socket.on('error', (error) => {
      this.error = error;
      this.#close();
    });
  }

  #close() {
    this.closed = true;
    this.#wake();
  }

  async send(pieces) {
    for (const piece of pieces) {
      if (this.closed) {
        return;
      }
      this.socket.write(piece);
      if (pieces.length > 1) {
        await turn();
      }
    }
  }

  /** Every answer so far; throws when the bytes are none. */
  answers(headAt) {
    return parseAnswers(Buffer.concat(this.#chunks), this.closed, headAt);
  }

  /** Waits until `holds()` or nothing has arrived for `quietMs`. */
  async until(holds, quietMs) {
    while (!holds()) {
      let timer;
      const isQuiet = await new Promise((resolve) => {
        timer = setTimeout(() => resolve(true), quietMs);
        this.#wake = () => resolve(false);
      });
      clearTimeout(timer);
      if (isQuiet) {
        return false;
      }
    }
    return true;
  }

  halfClose() {
    this.socket.end();
  }

  destroy() {
    this.socket.destroy();
  }
}
