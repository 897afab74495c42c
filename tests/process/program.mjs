// SPDX-License-Identifier: Apache-2.0
// The program as its operator meets it: command line, files, signals, output,
// exit code. Each run has a folder of its own, so that no file of the machine
// is read by accident.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Connection, serverBinary } from '../wire/raw.mjs';

export const WAIT_MS = 10_000;
/** Past every socket buffer: so long an answer stays in flight. */
export const BIG = 24 << 20;
export const SKIP = serverBinary() ? false : 'the server has not been built';

/** Why nobody here sees the descriptors and strings of a running server. */
export const NO_LOOK =
  process.getuid() !== 0 && 'the memory of the server is open to root alone';

const SECRET = 'a secret of tests, as long as one has to be';
const START_LINE = /^bookplate [\d.]+ listening on http:\/\/\S+:(\d+)\n$/;

const closersOf = new WeakMap();

/**
 * What there is to close when the test is over, the last first: a server ends
 * before its folder goes. (Node's own hooks run the first first, and none
 * after one that fails, which would leave a server running.)
 */
export function atEnd(t, close) {
  if (closersOf.has(t)) {
    closersOf.get(t).push(close);
    return;
  }
  const closers = [close];
  closersOf.set(t, closers);
  t.after(async () => {
    const errors = [];
    while (closers.length > 0) {
      try {
        await closers.pop()();
      } catch (error) {
        errors.push(error);
      }
    }
    assert.deepEqual(errors, []);
  });
}

/** A folder that is gone when the test is over. */
export function folderFor(t) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-'));
  // A browser that is ending may still put a file there.
  const options = { recursive: true, force: true, maxRetries: 10 };
  atEnd(t, () => rmSync(folder, options));
  return folder;
}

/** Waits until `holds()` is true, and tells what it waited for if not. */
export async function until(holds, what, patience = WAIT_MS) {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${patience} ms: ${what}`);
    }
    await delay(10);
  }
}

function environment(env) {
  return {
    PATH: process.env.PATH,
    ...Object.fromEntries(
      ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS']
        .filter((name) => process.env[name] !== undefined)
        .map((name) => [name, process.env[name]]),
    ),
    // With a public URL the program wants one; which, is not the point here.
    ...(env.BETTER_AUTH_URL && { BETTER_AUTH_SECRET: SECRET }),
    ...env,
  };
}

/**
 * Spawns the program. `shell` is what a shell does before it becomes the
 * program, such as closing a descriptor: `exec "$0" "$@" 2>&-`.
 */
function launch(args, { env = {}, cwd, shell }) {
  const binary = serverBinary();
  const words = shell ? ['sh', '-c', shell, binary, ...args] : [binary, ...args];
  const child = spawn(words[0], words.slice(1), {
    cwd: cwd ?? tmpdir(),
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill); // however the tests end, nothing is left over
  const run = { child, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (run.stdout += chunk));
  child.stderr.on('data', (chunk) => (run.stderr += chunk));
  run.exit = once(child, 'close').then(([code, signal]) => {
    process.off('exit', kill);
    run.ended = signal ?? code;
    return run.ended;
  });
  return run;
}

/** Runs the program to its end. */
export async function run(args, options = {}) {
  const program = launch(args, options);
  const timer = setTimeout(() => program.child.kill('SIGKILL'), WAIT_MS);
  const code = await program.exit;
  clearTimeout(timer);
  return { code, stdout: program.stdout, stderr: program.stderr };
}

async function isOpen(port) {
  const connection = await Connection.open(port).catch(() => null);
  connection?.destroy();
  return connection !== null;
}

/**
 * Starts the server on a port the system picks; stopped after the test.
 * A `silent` one has no start line, and is up when its port is.
 */
export async function start(t, options = {}) {
  const env = { HOST: '127.0.0.1', PORT: '0', ...options.env };
  const server = launch(options.args ?? ['serve'], {
    cwd: folderFor(t),
    ...options,
    env,
  });
  server.signal = (name) => server.child.kill(name);
  server.logs = () => server.stderr.split('\n').filter(Boolean);
  server.events = () => server.logs().map((line) => JSON.parse(line));
  server.event = (name) => server.events().find((e) => e.event === name);
  atEnd(t, async () => {
    server.child.kill('SIGKILL');
    await server.exit;
  });
  await until(
    () =>
      server.ended !== undefined ||
      server.stdout.endsWith('\n') ||
      (options.silent && isOpen(Number(env.PORT))),
    'the start line',
  );
  if (options.silent) {
    return Object.assign(server, { port: Number(env.PORT) });
  }
  const line = START_LINE.exec(server.stdout);
  if (line === null) {
    throw new Error(
      `exit ${server.ended}: ${JSON.stringify([server.stdout, server.stderr])}`,
    );
  }
  server.port = Number(line[1]);
  return server;
}

/** The bytes of a request without a body. */
export function request(method, path, fields = {}) {
  const all = { Host: 'a', ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** The `count` answers to bytes sent on an open connection. */
export async function answersTo(connection, bytes, count = 1, headAt) {
  const before = connection.answers(headAt).finals.length;
  const read = () => connection.answers(headAt).finals.slice(before);
  await connection.send([Buffer.from(bytes, 'latin1')]);
  await connection.until(
    () => connection.closed || read().length >= count,
    WAIT_MS,
  );
  return read();
}

/** The answer to one request on a connection of its own. */
export async function ask(port, method, path, fields) {
  const connection = await Connection.open(port);
  const isHead = () => method === 'HEAD';
  const bytes = request(method, path, fields);
  try {
    const [answer] = await answersTo(connection, bytes, 1, isHead);
    if (answer === undefined) {
      throw new Error(`no answer: ${connection.error ?? 'closed'}`);
    }
    return answer;
  } finally {
    connection.destroy();
  }
}

/** A small book; `title` tells one build from the next. */
export function writeSite(folder, title) {
  const page = `<!doctype html><title>${title}</title>`;
  // Moved over the old ones: a reload under way sees the one or the other.
  const write = (name, text) => {
    writeFileSync(`${folder}.${name}`, text);
    renameSync(`${folder}.${name}`, join(folder, name));
  };
  write('index.html', page);
  write('404.html', `${page} not found`);
}

/** Connections that close when the server does. */
export async function openMany(t, port, count) {
  const all = await Promise.all(
    Array.from({ length: count }, () => Connection.open(port)),
  );
  for (const { socket } of all) {
    socket.on('end', () => socket.end());
    t.after(() => socket.destroy());
  }
  return all;
}

/** A server whose book has one file too big to be sent at once. */
export async function startBig(t, env = {}) {
  const folder = folderFor(t);
  writeSite(folder, 'Big');
  writeFileSync(join(folder, 'big.bin'), Buffer.alloc(BIG, 'x'));
  return start(t, { env: { SITE_DIR: folder, ...env } });
}

/** Asks for the big file and takes nothing of it before resume(). */
export async function askBig(t, server) {
  const [connection] = await openMany(t, server.port, 1);
  connection.socket.pause();
  await connection.send([request('GET', '/big.bin')]);
  await until(() => connection.socket.bytesWritten > 0, 'it is sent');
  await ask(server.port, 'GET', '/healthz');
  return connection;
}
