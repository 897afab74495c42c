// SPDX-License-Identifier: Apache-2.0
// Two servers on one database: the original, which keeps the accounts, and
// ours with AUTH_MODE=external; and a relay between them that counts what it
// lets through, and can be told to hold it up or to answer in its place.
//
//   const house = live({ plugins: ['bearer', 'jwt'] });
//   test('...', async () => {
//     const answer = await house.ours('POST', '/auth/signup', { body });
//     // answer: { status, headers, text, json }
//     await house.original('GET', '/token', { cookie });  // below /api/auth
//     house.asked('/jwks');              // how often ours asked for it
//     house.relay.answer = (path) => ... // { status, headers, body }, or null
//   });
//
// BOOKPLATE_BIN; ENGINE=sqlite|postgres.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { after, before } from 'node:test';

import { quiet, startOriginal, startOurs, stopCluster } from '../contract/servers.mjs';
import { Contract } from '../rest/conform.mjs';

export const PASSWORD = 'a quiet harbour at dawn';
export const BASE = '/api/auth';
export const ANSWERS = {
  software_experience: 'intermediate',
  programming_background: 'basic',
  hardware_knowledge: 'none',
};
const ANSWER_MS = 30_000;
const HANGS = Symbol('hangs');

after(stopCluster);

let count = 0;

/** An address nobody had before. */
export function newEmail(word = 'reader') {
  count += 1;
  return `${word}-${process.pid}-${count}@example.org`;
}

/** "a=1; Path=/" ... -> "a=1; b=2" */
export const cookieOf = (answer) =>
  (answer.headers['set-cookie'] ?? [])
    .filter((line) => !/;\s*Max-Age=0/i.test(line))
    .map((line) => line.split(';')[0])
    .join('; ');

/** One call, as of a program; a body that is no text goes as JSON. */
export function call(url, method, path, { body, token, cookie, headers } = {}) {
  const isText = typeof body === 'string' || body === undefined;
  const text = isText ? (body ?? '') : JSON.stringify(body);
  const all = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cookie !== undefined && { cookie, origin: url }),
    ...headers,
    'content-length': Buffer.byteLength(text),
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const request = send(url + path, { method, headers: all }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode,
          headers: response.headers,
          ms: performance.now() - began,
          text: answer,
          get json() {
            return JSON.parse(answer);
          },
        });
      });
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(text);
  });
}

/** The JSON of an answer with this status. */
export function given(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}

/** The error of an answer that refuses. */
export function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error.code, code, answer.text);
  return answer.json.error;
}

/** Stands for the service; `answer` returns null for what goes through. */
class Relay {
  asked = [];
  answer = () => null;
  beforeWrite = async () => {};
  hangs = HANGS;

  async open() {
    this.server = createServer((request, response) => this.#take(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  #take(request, response) {
    const path = request.url.slice(BASE.length);
    this.asked.push({ path, headers: request.headers });
    const own = this.answer(path, request);
    if (own === HANGS) {
      return;
    }
    if (own !== null) {
      response.writeHead(own.status ?? 200, own.headers ?? {}).end(own.body ?? '');
      return;
    }
    this.#pass(request, response);
  }

  async #pass(request, response) {
    if (request.method !== 'GET') {
      await this.beforeWrite();
    }
    const { hostname, port } = new URL(this.target);
    const { method, url: path, headers } = request;
    const further = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    further.on('error', () => response.destroy());
    request.pipe(further);
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

class House {
  relay = new Relay();

  constructor(given) {
    this.given = given;
  }

  async open() {
    const { plugins = ['bearer', 'jwt'], options = {}, settings = {}, engine } = this.given;
    await this.relay.open();
    const all = {
      emailAndPassword: { enabled: true },
      user: { deleteUser: { enabled: true } },
      ...options,
      plugins,
    };
    // Believes to live where the relay is, as behind a proxy.
    this.theirs = await startOriginal({
      engine,
      options: { ...all, baseURL: this.relay.url },
    });
    this.relay.target = this.theirs.url;
    this.server = await this.startOurs(settings);
    this.relay.beforeWrite = () => this.quiet();
    const { host } = new URL(settings.FRONTEND_URL ?? this.server.url);
    const document = await call(this.server.url, 'GET', '/api/openapi.json', {
      headers: { host },
    });
    this.contract = new Contract(given(document));
  }

  startOurs(settings = {}) {
    const { plugins = ['bearer', 'jwt'], options = {}, engine } = this.given;
    return startOurs({
      engine,
      database: this.theirs.database,
      options: { emailAndPassword: { enabled: true }, ...options, plugins },
      settings: {
        AUTH_MODE: 'external',
        BETTER_AUTH_URL: this.relay.url,
        AUTH_PLUGINS: plugins.map((plugin) => [plugin].flat()[0]).join(','),
        QUESTIONNAIRE: 'seed-levels',
        ...settings,
      },
    });
  }

  async close() {
    await this.server?.stop();
    await this.theirs?.stop();
    await this.relay.close();
  }

  /** Held against what ours promises. */
  async ours(method, path, options) {
    const answer = await call(this.server.url, method, path, options);
    this.contract.check({ method, path }, answer);
    return answer;
  }

  /** By the relay, as a browser would. */
  original(method, path, { headers, ...options } = {}) {
    return call(this.relay.url, method, BASE + path, {
      ...options,
      headers: { origin: this.relay.url, ...headers },
    });
  }

  /** What ours asked for, from a given moment on. */
  asked(path, from = 0) {
    return this.relay.asked.slice(from).filter((one) => one.path === path).length;
  }

  sql(text, params) {
    return this.theirs.sql(text, params);
  }

  /** Before the service writes: PostgreSQL does not need it. */
  async quiet() {
    if (this.theirs.database.startsWith('sqlite:')) {
      await quiet(this.theirs);
    }
  }

  /** Somebody who has just signed up by ours. */
  async reader(fields = {}) {
    const body = { email: newEmail(), password: PASSWORD, ...fields };
    const made = given(await this.ours('POST', '/auth/signup', { body }), 201);
    return { ...made, password: body.password, token: made.session_token };
  }

  /** Signs in at the original: { cookie, token, bearer }. */
  async browser({ email, password = PASSWORD }) {
    const answer = await this.original('POST', '/sign-in/email', {
      body: { email, password },
    });
    const { token } = given(answer);
    return { cookie: cookieOf(answer), token, bearer: answer.headers['set-auth-token'] };
  }

  /** A token of the original's for a browser. */
  async jwt({ cookie }) {
    return given(await this.original('GET', '/token', { cookie })).token;
  }

  me(options) {
    return this.ours('GET', '/auth/me', options);
  }
}

/** Both for the suite that asks for them. */
export function live(given = {}) {
  const house = new House({ engine: process.env.ENGINE ?? 'sqlite', ...given });
  before(() => house.open());
  after(() => house.close());
  return house;
}

export const headerOf = (jwt) =>
  JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url').toString());
export const claimsOf = (jwt) =>
  JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());
