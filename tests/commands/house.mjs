// SPDX-License-Identifier: Apache-2.0
// A server that runs, and the commands an operator gives beside it.
//
//   const house = await openHouse(t, 'sqlite', { settings });
//   const { code, out, err } = await house.run('user list --json', { input });
//   house.post(path, body, { cookie, token }) -> { status, json, cookies }
//   house.get(path, { cookie, token })
//   house.sql, house.lines(out) -> the objects of a --json answer
//
// Words of a command are split at spaces; an array is taken as it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { atEnd } from '../process/program.mjs';
import { startOurs, stopCluster } from '../contract/servers.mjs';
import { postgresPrograms } from '../contract/postgres.mjs';
import { serverBinary } from '../wire/raw.mjs';

export { stopCluster };

export const SKIP = serverBinary() ? false : 'the server has not been built';
export const PASSWORD = 'a quiet harbour at dawn';
const PLUGINS = 'bearer,jwt,admin';
const PATIENCE_MS = 60_000;

/** The engines there are here. */
export const ENGINES = postgresPrograms() ? ['sqlite', 'postgres'] : ['sqlite'];
if (ENGINES.length === 1) {
  console.log('# skipped: PostgreSQL is not installed');
}

/** Starts the program; ended() gives its exit code and what it printed. */
export function launch(args, { env = {}, input = '', cwd = '/' } = {}) {
  const child = spawn(serverBinary(), args, {
    cwd,
    env: { PATH: process.env.PATH, ...sanitizers(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const told = { out: '', err: '' };
  child.stdout.on('data', (text) => (told.out += text));
  child.stderr.on('data', (text) => (told.err += text));
  child.stdin.on('error', () => {}); // it may end before it has read
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearTimeout(timer);
    return { code: signal ?? code, ...told };
  });
  return { child, ended: () => ended };
}

const sanitizers = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^[AUT].*SAN_OP/.test(name)),
  );

export const run = (args, options) => launch(args, options).ended();

async function call(url, method, path, { body, cookie, token }) {
  const headers = { origin: url };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  if (cookie) {
    headers.cookie = cookie;
  }
  if (token) {
    headers.authorization = `Bearer ${token}`;
  }
  const answer = await fetch(url + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
  });
  const text = await answer.text();
  return {
    status: answer.status,
    json: text === '' ? null : JSON.parse(text),
    cookie: answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  };
}

export async function openHouse(t, engine, { settings = {}, options } = {}) {
  const server = await startOurs({
    engine,
    options: { emailAndPassword: { enabled: true }, ...options },
    settings: { RATE_LIMIT: 'off', AUTH_PLUGINS: PLUGINS, ...settings },
  });
  atEnd(t, () => server.stop());
  const { env } = server;
  const words = (command) =>
    Array.isArray(command) ? command : command.split(' ');
  const house = {
    ...server,
    run: (command, more) => run(words(command), { env, ...more }),
    launch: (command, more) => launch(words(command), { env, ...more }),
    post: (path, body, who = {}) =>
      call(server.url, 'POST', path, { body, ...who }),
    get: (path, who = {}) => call(server.url, 'GET', path, who),
    async signUp(email, name = 'Somebody') {
      const answer = await house.post('/api/auth/sign-up/email', {
        email,
        name,
        password: PASSWORD,
      });
      return { ...answer, id: answer.json.user?.id };
    },
    signIn: (email, password = PASSWORD) =>
      house.post('/api/auth/sign-in/email', { email, password }),
    session: (who) => house.get('/api/auth/get-session', who),
  };
  return house;
}

/** What --json printed: an object a line. */
export const lines = (out) =>
  out.split('\n').filter(Boolean).map((line) => JSON.parse(line));

/** With ids and times as words of the same length, to compare pages by. */
export const shape = (out) =>
  out
    .replace(/\b(?=\w*\d)[A-Za-z0-9]{32}\b/g, 'I'.repeat(32))
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/g, 'T'.repeat(19));
