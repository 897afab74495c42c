// SPDX-License-Identifier: Apache-2.0
// A server for the tests of the plain API, and those who call it. Every
// answer is held against /api/openapi.json (conform.mjs).
//
//   const site = serve({ settings: { QUESTIONNAIRE: 'seed-levels' } });
//   test('...', async () => {
//     const reader = await site.reader({ background: {...} });
//     const answer = await reader.put('/api/profile', { body: {...} });
//     // answer: { status, headers, cookies, text, json, ms }
//     given(answer, 200);              // -> its JSON
//     refused(answer, 422, 'CODE');    // -> its error
//   });
//
//   site.api      .get .post .put .delete (path, { token, cookie, body,
//                 headers, unchecked }), as nobody in particular. A body that
//                 is no text or bytes goes as JSON. With a cookie goes the
//                 Origin of the site, unless headers say otherwise; null takes
//                 a header away. `unchecked` for what is no answer of the API.
//   site.reader() signs up: the same calls with its token, and .email,
//                 .password, .id, .token, .cookie (of a browser it signs in)
//   site.sql, site.mails, site.server, site.engine, site.contract
//
// BOOKPLATE_BIN, ENGINE=sqlite|postgres as in tests/contract/target.mjs.
import assert from 'node:assert/strict';
import { Agent, request as send } from 'node:http';
import { after, before } from 'node:test';

import { startOurs, stopCluster } from '../contract/servers.mjs';
import { Contract } from './conform.mjs';

export const ENGINE = process.env.ENGINE ?? 'sqlite';
export const PASSWORD = 'a quiet harbour at dawn';
const ANSWER_MS = 30_000;
const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

assert.ok(['sqlite', 'postgres'].includes(ENGINE), `ENGINE=${ENGINE}`);

const opened = new Set(); // a file's own are closed before the database is
after(async () => {
  await Promise.all([...opened].map((site) => site.close()));
  await stopCluster();
});

let count = 0;

/** An address nobody had before. */
export function newEmail(word = 'reader') {
  count += 1;
  return `${word}-${process.pid}-${count}@example.org`;
}

function exchange(url, agent, { method, path, headers, body }) {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers, agent };
    const request = send(options, async (response) => {
      const chunks = [];
      try {
        for await (const chunk of response) {
          chunks.push(chunk);
        }
      } catch (error) {
        reject(error);
        return;
      }
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({
        status: response.statusCode,
        headers: response.headers,
        cookies: response.headers['set-cookie'] ?? [],
        ms: performance.now() - began,
        text,
        get json() {
          return JSON.parse(text);
        },
      });
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

const isBytes = (body) =>
  typeof body === 'string' || Buffer.isBuffer(body) || body === undefined;

/** "a=1; Path=/" ... -> "a=1; b=2", without those that were taken away. */
export const cookieOf = (lines) =>
  lines
    .filter((line) => !/;\s*Max-Age=0/i.test(line))
    .map((line) => line.split(';')[0])
    .join('; ');

/** Whoever calls: what it always sends, and the calls. */
class Caller {
  constructor(site, always = {}) {
    this.site = site;
    this.always = always;
  }

  async call(method, path, options = {}) {
    const { token, cookie, body, headers } = { ...this.always, ...options };
    const bytes = isBytes(body) ? body : JSON.stringify(body);
    const all = {
      host: new URL(this.site.server.origin).host,
      ...(bytes !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(bytes),
      }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== undefined && { cookie, origin: this.site.server.origin }),
      ...headers,
    };
    const request = {
      method: method.toUpperCase(),
      path,
      headers: Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== null),
      ),
      body: bytes,
    };
    const answer = await exchange(this.site.server.url, this.site.agent, request);
    assert.ok(
      answer.status < 500 || answer.status === 503,
      `${request.method} ${path} -> ${answer.status} ${answer.text}`,
    );
    if (!options.unchecked) {
      this.site.contract?.check(request, answer);
    }
    return answer;
  }
}

for (const method of METHODS) {
  Caller.prototype[method] = function (path, options) {
    return this.call(method, path, options);
  };
}

export class Site {
  constructor(given = {}) {
    this.given = given;
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
    this.api = new Caller(this);
  }

  async open() {
    const { options = {}, settings = {}, engine = ENGINE, database } = this.given;
    this.engine = engine;
    opened.add(this);
    this.server = await startOurs({
      engine,
      database,
      options: { emailAndPassword: { enabled: true }, ...options },
      // As it is installed, but for what would slow a test down.
      settings: {
        AUTH_PLUGINS: 'bearer,jwt,admin,open-api',
        JWT_ALGORITHM: 'RS256',
        JWT_HEADER: 'asked',
        PASSWORD_BLOCKLIST: 'on',
        ...settings,
      },
    });
    const answer = await this.api.get('/api/openapi.json', { unchecked: true });
    assert.equal(answer.status, 200, answer.text);
    this.contract = new Contract(answer.json);
    return this;
  }

  async close() {
    if (!opened.delete(this)) {
      return;
    }
    this.agent.destroy();
    await this.server?.stop();
  }

  get origin() {
    return this.server.origin;
  }

  sql(text, params) {
    return this.server.sql(text, params);
  }

  mails() {
    return this.server.mails();
  }

  /** Calls with these options each time, such as { token } or { cookie }. */
  caller(always) {
    return new Caller(this, always);
  }

  /** Somebody who has just signed up by the plain API. */
  async reader(fields = {}) {
    const body = { email: newEmail(), password: PASSWORD, ...fields };
    const answer = await this.api.post('/auth/signup', { body });
    const made = given(answer, 201);
    return Object.assign(this.caller({ token: made.session_token }), {
      email: made.email,
      password: body.password,
      id: made.user_id,
      token: made.session_token,
      made,
    });
  }

  /** A browser that signs an account in: calls with its cookie. */
  async browser({ email, password = PASSWORD }) {
    const answer = await this.api.post('/api/auth/sign-in/email', {
      body: { email, password },
      headers: { origin: this.origin },
    });
    assert.equal(answer.status, 200, answer.text);
    const cookie = cookieOf(answer.cookies);
    return Object.assign(this.caller({ cookie }), { email, password, cookie });
  }
}

/** A server for the suite (describe) or file that asks for it. */
export function serve(given) {
  const site = new Site(given);
  before(() => site.open());
  after(() => site.close());
  return site;
}

/** The JSON of an answer with this status. */
export function given(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}

/** The error of an answer that refuses; `field` is one it names. */
export function refused(answer, status, code, field) {
  assert.equal(answer.status, status, answer.text);
  const { error } = answer.json;
  assert.equal(error.code, code, answer.text);
  if (field !== undefined) {
    const fields = JSON.stringify(error.fields ?? null);
    assert.ok(fields.includes(JSON.stringify(field)), `${field}: ${fields}`);
  }
  return error;
}
