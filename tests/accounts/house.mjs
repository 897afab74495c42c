// SPDX-License-Identifier: Apache-2.0
// A server with accounts, and strangers who want something of it.
//
// startAccounts(t, settings) -> server with
//   call(method, path, body, options) -> { status, headers, cookies, text,
//     json, ms }; body: an object is sent as JSON, text and bytes as they are
//   visitor() -> keeps cookies and sends the right Origin
//   sql(text, params), mails(), rss()
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { atEnd, folderFor, start } from '../process/program.mjs';
import { readMails } from '../contract/mail.mjs';
import { serverBinary } from '../wire/raw.mjs';
import { SKIP, databaseFor, stopPostgres } from '../store/databases.mjs';

export { SKIP, atEnd, databaseFor, folderFor, stopPostgres };

const own = createRequire(new URL('package.json', import.meta.url));

export const SITE = 'http://book.example';
export const SECRET = 'secret-of-the-tests-0123456789-abcdefghij';
export const PASSWORD = 'a quiet harbour at dawn';
export const WRONG = 'a quiet harbour at dusk';
const ANSWER_MS = 60_000; // fifty hash at once, under a sanitizer

/** The file's bytes in the folder of data beside the project, or null. */
export function sharedFile(name) {
  const root =
    process.env.PROJECT_ROOT ?? fileURLToPath(new URL('../..', import.meta.url));
  const file = join(root, '..', 'shared', name);
  return existsSync(file) ? readFileSync(file) : null;
}

/** Whether the program was built with a sanitizer: figures differ then. */
export const isSanitized = () =>
  /__(a|t)san_init/.test(readFileSync(serverBinary(), 'latin1'));

/** The commonest passwords first, or null without the package. */
export function commonPasswords() {
  try {
    return own('@zxcvbn-ts/language-common').dictionary.passwords;
  } catch {
    return null;
  }
}

/** One request on a connection of its own. */
export function exchange(port, method, path, { headers, body, from }) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const request = send(
      { host: '127.0.0.1', port, method, path, headers, localAddress: from },
      async (response) => {
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
      },
    );
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

const isBytes = (body) =>
  typeof body === 'string' || Buffer.isBuffer(body) || body === undefined;

function fieldsFor(body, headers) {
  const all = {
    Host: new URL(SITE).host,
    Connection: 'close',
    ...(body === undefined
      ? {}
      : {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        }),
    ...headers,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null),
  );
}

/** Below /api/auth, unless the path begins with two slashes or a scheme. */
export function callOn(port) {
  return (method, path, body, { headers = {}, from, base = '/api/auth' } = {}) => {
    const bytes = isBytes(body) ? body : JSON.stringify(body);
    return exchange(port, method, base + path, {
      headers: fieldsFor(bytes, headers),
      body: bytes,
      from,
    });
  };
}

/** Somebody with a browser: cookies, and the page's Origin. */
export class Visitor {
  cookies = new Map();

  constructor(call, headers = {}) {
    this.call = call;
    this.headers = headers;
  }

  get cookie() {
    return [...this.cookies].map((pair) => pair.join('=')).join('; ');
  }

  get sessionCookie() {
    return this.cookies.get('better-auth.session_token');
  }

  /** What the session's row is found by. */
  get token() {
    return decodeURIComponent(this.sessionCookie ?? '').split('.')[0];
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value === '' || /max-age=0/i.test(line)) {
      this.cookies.delete(name);
    } else {
      this.cookies.set(name, value);
    }
  }

  async send(method, path, body, headers = {}, options = {}) {
    const answer = await this.call(method, path, body, {
      ...options,
      headers: {
        ...(method === 'GET' ? {} : { Origin: SITE }),
        ...(this.cookies.size > 0 ? { Cookie: this.cookie } : {}),
        ...this.headers,
        ...headers,
      },
    });
    answer.cookies.forEach((line) => this.#keep(line));
    return answer;
  }

  get(path, headers) {
    return this.send('GET', path, undefined, headers);
  }

  post(path, body = {}, headers) {
    return this.send('POST', path, body, headers);
  }

  signUp(email, password = PASSWORD, more = {}) {
    return this.post('/sign-up/email', { name: 'Ada', email, password, ...more });
  }

  signIn(email, password = PASSWORD, more = {}) {
    return this.post('/sign-in/email', { email, password, ...more });
  }

  /** The session as the server sees it, or null. */
  async session() {
    return (await this.get('/get-session?disableCookieCache=true')).json;
  }

  copy() {
    const twin = new Visitor(this.call, this.headers);
    twin.cookies = new Map(this.cookies);
    return twin;
  }
}

/** A token as it stands in the cookie, signed with any secret. */
export function signToken(token, secret = SECRET) {
  const mac = createHmac('sha256', secret).update(token).digest('base64');
  return encodeURIComponent(`${token}.${mac}`);
}

/** Bytes of the process that are in memory. */
function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
}

/**
 * The server on a database of its own, of `engine`, or on a given one. Limits
 * are off unless `settings` has them; mails are files.
 */
export async function startAccounts(t, settings = {}, options = {}) {
  const { engine = 'sqlite', prepare } = options;
  const database = options.database ?? (await databaseFor(t, engine));
  const mailFolder = join(folderFor(t), 'mails');
  mkdirSync(mailFolder);
  const env = {
    DATABASE_URL: database.url,
    BETTER_AUTH_URL: SITE,
    BETTER_AUTH_SECRET: SECRET,
    RATE_LIMIT: 'off',
    PASSWORD_BLOCKLIST: 'off',
    MAIL_SPOOL: mailFolder,
    MAIL_FROM: 'book@book.example',
    LOG_LEVEL: 'warn',
    ...settings,
  };
  await prepare?.(env);
  const server = await start(t, { ...options.launch, env });
  const call = callOn(server.port);
  return Object.assign(server, {
    call,
    env,
    database,
    visitor: (headers) => new Visitor(call, headers),
    sql: (text, params) => database.sql(text, params),
    mails: () => readMails(mailFolder),
    mailFolder,
    rss: () => residentBytes(server.child.pid),
  });
}

/** For what all tests of a suite share: stopped when the suite is over. */
export function suite() {
  const scope = { after };
  atEnd(scope, () => {}); // the hook has to be there before the first test
  return { after: (close) => atEnd(scope, close) };
}

let made = 0;
/** An address nobody had before. */
export const newEmail = (name = 'ada') => `${name}${(made += 1)}@book.example`;

/** A visitor who has just signed up. */
export async function signedUp(server, email = newEmail()) {
  const visitor = server.visitor();
  const answer = await visitor.signUp(email);
  if (answer.status !== 200) {
    throw new Error(`sign-up: ${answer.status} ${answer.text}`);
  }
  return Object.assign(visitor, { email, id: answer.json.user?.id });
}

/** What an answer shows besides what is never the same. */
export function look({ status, headers, text }) {
  const names = Object.keys(headers).filter((name) => name !== 'date');
  return { status, text, headers: names.sort() };
}

export const median = (values) =>
  values.toSorted((a, b) => a - b)[values.length >> 1];
