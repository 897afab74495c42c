// SPDX-License-Identifier: Apache-2.0
// Readers who know the plain API and nothing else: no SDK, no cookies, a
// token in a header.
//
// openBook(t, { engine, database, settings, port }) -> server with
//   url, origin, database, sql(text, params)
//   call(method, path, { token, cookie, body, raw, headers, unchecked })
//     -> { status, headers, text, json }, held against /api/openapi.json
//     unless it is to be unchecked
//   reader(fields) -> somebody who has just signed up
import assert from 'node:assert/strict';
import { Agent, request as send } from 'node:http';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';

import { atEnd, folderFor, start, until } from '../process/program.mjs';
import {
  SKIP,
  bookplate,
  databaseFor,
  stopPostgres,
} from '../store/databases.mjs';
import { freePorts } from '../wire/raw.mjs';
import { Contract } from './conform.mjs';

export { SKIP, atEnd, databaseFor, folderFor, stopPostgres, until };

const packages = new URL('../contract/package.json', import.meta.url);
const { resolve } = createRequire(packages);

/** jose, from the packages of tests/contract. */
export const jose = SKIP
  ? null
  : await import(pathToFileURL(resolve('jose')).href);

export const ENGINES = ['sqlite', 'postgres'];
export const SECRET = 'secret-of-the-readers-0123456789-abcdefgh';
export const PASSWORD = 'a quiet harbour at dawn';
export const WRONG = 'a quiet harbour at dusk';
const ANSWER_MS = 120_000; // password hashes wait for whoever else computes

/** The seeds' examples. */
export const BACKGROUND = {
  software_experience: 'intermediate',
  programming_background: 'basic',
  hardware_knowledge: 'intermediate',
};
export const LATER_BACKGROUND = {
  software_experience: 'expert',
  programming_background: 'intermediate',
  hardware_knowledge: 'advanced',
};

function exchange(target, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = send(
      { ...target, method, path, headers },
      async (response) => {
        try {
          const chunks = [];
          for await (const chunk of response) {
            chunks.push(chunk);
          }
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode: status, headers: fields } = response;
          resolve({
            status,
            headers: fields,
            text,
            get json() {
              return JSON.parse(text);
            },
          });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.setTimeout(ANSWER_MS, () =>
      request.destroy(new Error(`no answer to ${method} ${path}`)),
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Calls on one server, by its name; connections are kept between them. */
export function caller(port, host = `127.0.0.1:${port}`) {
  const agent = new Agent({ keepAlive: true });
  const target = { host: '127.0.0.1', port, agent };
  const call = async (method, path, options = {}) => {
    const { token, cookie, body, raw, headers, unchecked } = options;
    const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const fields = {
      host,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(bytes === undefined
        ? {}
        : {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(bytes),
          }),
      ...headers,
    };
    const answer = await exchange(target, method, path, fields, bytes);
    if (!unchecked) {
      call.contract?.check({ method, path }, answer);
    }
    return answer;
  };
  call.close = () => agent.destroy();
  return call;
}

const contracts = new Map(); // by their text: many servers have the same

/** What the server says of itself. */
async function contractOf(call) {
  const { text } = await call('GET', '/api/openapi.json');
  if (!contracts.has(text)) {
    contracts.set(text, new Contract(JSON.parse(text)));
  }
  return contracts.get(text);
}

let made = 0;

/** An address nobody had before. */
export const newEmail = (word = 'reader') =>
  `${word}-${process.pid}-${(made += 1)}@example.com`;

/** What a call has to give. */
export function given(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}

/** What a call has to be refused with; gives the fields. */
export function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  const { error, ...more } = answer.json;
  assert.deepEqual(more, {}, answer.text);
  assert.equal(error.code, code, answer.text);
  assert.equal(typeof error.message, 'string');
  assert.ok(error.message.length > 10, answer.text);
  return error.fields;
}

function peopleOf(server) {
  const { call } = server;
  return {
    async reader(fields = {}) {
      const email = fields.email ?? newEmail();
      const body = { email, password: PASSWORD, ...fields };
      const answer = given(await call('POST', '/auth/signup', { body }), 201);
      return { email, id: answer.user_id, token: answer.session_token };
    },
    /** A new session of an account, in plain. */
    async signIn(email, password = PASSWORD) {
      const body = { email, password };
      const answer = given(await call('POST', '/auth/signin', { body }));
      return { email, id: answer.user_id, token: answer.session_token };
    },
    profile: (token) => call('GET', '/auth/profile', { token }),
    /** A browser on a page of ours that signs an account in: its calls. */
    async browser(email, password = PASSWORD) {
      const headers = { origin: server.origin };
      const post = (path, body, more) =>
        call('POST', `/api/auth${path}`, { body, headers, ...more });
      const answer = await post('/sign-in/email', { email, password });
      given(answer);
      const lines = answer.headers['set-cookie'] ?? [];
      const cookie = lines.map((line) => line.split(';')[0]).join('; ');
      return {
        cookie,
        post: (path, body = {}) => post(path, body, { cookie }),
      };
    },
    /** A browser of an administrator. */
    async admin() {
      const { email, id } = await this.reader({ email: newEmail('admin') });
      await server.sql(
        `UPDATE "user" SET role = 'admin' WHERE CAST(id AS text) = $1`,
        [id],
      );
      return this.browser(email);
    },
  };
}

/** The settings an operator has who sets no more than needed. */
function settingsFor(database, port, settings) {
  return {
    PORT: String(port),
    DATABASE_URL: database.url,
    BETTER_AUTH_URL: `http://127.0.0.1:${port}`,
    BETTER_AUTH_SECRET: SECRET,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
    ...settings,
  };
}

/** SQLite's tables the server makes itself; a cluster's are an operator's. */
export async function newDatabase(t, engine, settings) {
  const database = await databaseFor(t, engine);
  if (engine !== 'sqlite') {
    const made = await bookplate(t, database, ['migrate'], settings);
    assert.equal(made.code, 0, made.stderr);
  }
  return database;
}

/** A server on a database of its own of `engine`, or on a given one. */
export async function openBook(t, options = {}) {
  const { engine = 'sqlite', settings } = options;
  const database = options.database ?? (await newDatabase(t, engine, settings));
  const port = options.port ?? (await freePorts(1))[0];
  const env = settingsFor(database, port, settings);
  const server = await start(t, { env });
  const origin = new URL(env.BETTER_AUTH_URL).origin;
  const call = caller(port, new URL(origin).host);
  atEnd(t, () => call.close());
  call.contract = await contractOf(call);
  Object.assign(server, {
    url: `http://127.0.0.1:${port}`,
    origin,
    database,
    env,
    call,
    sql: (text, params) => database.sql(text, params),
  });
  return Object.assign(server, peopleOf(server));
}

/** Another process on the same database, under the same name. */
export function openReplica(t, book) {
  const { PORT, ...settings } = book.env;
  return openBook(t, { database: book.database, settings });
}

/** For what all tests of a suite share: stopped when the suite is over. */
export function suite() {
  const scope = { after };
  atEnd(scope, () => {}); // the hook has to be there before the first test
  return { after: (close) => atEnd(scope, close) };
}

const TABLES = [
  'user',
  'account',
  'session',
  'bookplate_profile',
  'bookplate_profile_history',
  'bookplate_progress',
];

/** How many rows there are, by table. */
export async function countRows(server, tables = TABLES) {
  const parts = tables.map(
    (table) => `(SELECT count(*) FROM "${table}") AS "${table}"`,
  );
  const [row] = await server.sql(`SELECT ${parts.join(', ')}`);
  return Object.fromEntries(
    Object.entries(row).map(([table, count]) => [table, Number(count)]),
  );
}
