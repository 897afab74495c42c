// SPDX-License-Identifier: Apache-2.0
// A visitor: what a browser adds to the official client. It keeps cookies,
// sends Origin, and reaches a server on loopback under the name that the
// server believes to have. Redirects are shown, never followed.
import { request as send } from 'node:http';

import { createAuthClient } from 'better-auth/react';

export const BASE = '/api/auth';
const AGENT = 'contract/1.0';
const ANSWER_MS = 30_000;

/** 'name=value; Path=/; HttpOnly' in its parts. */
export function parseSetCookie(line) {
  const [pair, ...attributes] = line.split(/; */);
  const equals = pair.indexOf('=');
  const cookie = {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    attributes: {},
  };
  for (const attribute of attributes) {
    const [name, value = true] = attribute.split('=');
    cookie.attributes[name.toLowerCase()] = value;
  }
  return cookie;
}

/** The cookies of one visitor; domain, path and Secure are not judged. */
export class Jar {
  #cookies = new Map();

  store(cookie) {
    const age = cookie.attributes['max-age'];
    if (age !== undefined && Number(age) <= 0) {
      this.#cookies.delete(cookie.name);
      return;
    }
    const ends = age === undefined ? Infinity : Date.now() + Number(age) * 1000;
    this.#cookies.set(cookie.name, { ...cookie, ends });
  }

  set(name, value) {
    this.store({ name, value, attributes: {} });
  }

  delete(name) {
    this.#cookies.delete(name);
  }

  clear() {
    this.#cookies.clear();
  }

  /** The value of a cookie by the end of its name, with or without prefix. */
  get(name) {
    return this.find(name)?.value;
  }

  find(name) {
    return this.#live().find((cookie) => cookie.name.endsWith(`.${name}`));
  }

  names() {
    return this.#live().map(({ name }) => name);
  }

  header() {
    return this.#live()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  copy() {
    const jar = new Jar();
    this.#live().forEach((cookie) => jar.#cookies.set(cookie.name, cookie));
    return jar;
  }

  #live() {
    return [...this.#cookies.values()].filter(({ ends }) => ends > Date.now());
  }
}

/** One exchange: { status, headers, cookies, text, json }. */
function exchange(server, method, path, headers, body) {
  const { hostname, port } = new URL(server.url);
  const options = { hostname, port, method, path, headers, agent: false };
  return new Promise((resolve, reject) => {
    const request = send({ ...options, timeout: ANSWER_MS }, async (response) => {
      const chunks = [];
      for await (const chunk of response) {
        chunks.push(chunk);
      }
      const lines = response.headers['set-cookie'] ?? [];
      resolve({
        status: response.statusCode,
        headers: response.headers,
        cookies: lines.map(parseSetCookie),
        text: Buffer.concat(chunks).toString('utf8'),
        get json() {
          return JSON.parse(this.text);
        },
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

function toResponse(answer) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    [value].flat().forEach((one) => headers.append(name, one));
  }
  const isEmpty = [204, 304].includes(answer.status);
  return new Response(isEmpty ? null : answer.text, {
    status: answer.status,
    headers,
  });
}

const without = (headers) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));

export class Visitor {
  /** `headers` go with every request; null takes one away. */
  constructor(server, { headers = {}, clientPlugins = [], jar } = {}) {
    this.server = server;
    this.headers = headers;
    this.jar = jar ?? new Jar();
    this.last = null;
    this.client = createAuthClient({
      baseURL: `${server.origin}${BASE}`,
      plugins: clientPlugins,
      fetchOptions: {
        customFetchImpl: (url, init) => this.#fetch(new URL(url), init),
      },
    });
  }

  async #send(method, path, headers, body) {
    const cookie = this.jar.header();
    const all = without({
      host: new URL(this.server.origin).host,
      'user-agent': AGENT,
      ...(method === 'GET' ? {} : { origin: this.server.origin }),
      ...(cookie ? { cookie } : {}),
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...this.headers,
      ...headers,
    });
    this.last = await exchange(this.server, method, path, all, body);
    this.last.cookies.forEach((line) => this.jar.store(line));
    return this.last;
  }

  async #fetch(url, init) {
    const path = url.pathname + url.search;
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = init.body ?? undefined;
    return toResponse(await this.#send(init.method, path, headers, body));
  }

  /** A request of one's own, below /api/auth; objects are sent as JSON. */
  raw(method, path, body, headers = {}) {
    const isText = typeof body === 'string' || body === undefined;
    return this.#send(
      method,
      BASE + path,
      body === undefined
        ? headers
        : { 'content-type': 'application/json', ...headers },
      isText ? body : JSON.stringify(body),
    );
  }

  get(path, headers) {
    return this.raw('GET', path, undefined, headers);
  }

  post(path, body = {}, headers = {}) {
    return this.raw('POST', path, body, headers);
  }

  /** Follows a link from a mail, in this visitor's browser. */
  follow(url) {
    const { pathname, search } = new URL(url);
    return this.#send('GET', pathname + search, {});
  }
}
