// SPDX-License-Identifier: Apache-2.0
// One site kept by two servers: the original and ours on one database, with
// one secret and under one name, as behind a load balancer. A browser has one
// jar of cookies and may turn to either for each request:
//
//   browser.original.client.signUp.email(...)
//   browser.ours.get('/get-session')
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { quiet, startOriginal, startOurs } from '../contract/servers.mjs';
import { PASSWORD, given, merge, newEmail } from '../contract/target.mjs';
import { Jar, Visitor } from '../contract/visitor.mjs';

export { MAIL, PASSWORD, given, merge, newEmail } from '../contract/target.mjs';

export const ENGINES = ['sqlite', 'postgres'];
export const ORIGIN = 'http://book.example.org';
/** Who begins, and who goes on. */
export const WAYS = [
  ['original', 'ours'],
  ['ours', 'original'],
];
const WAIT_MS = 10_000;
const START = { original: startOriginal, ours: startOurs };

const packages = new URL('../contract/package.json', import.meta.url);
const resolve = createRequire(packages).resolve;

/** jose, from the packages of tests/contract. */
export const jose = await import(pathToFileURL(resolve('jose')).href);

/** Waits for what a server keeps in memory for a moment. */
export async function until(holds, what) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const result = await holds();
    if (result) {
      return result;
    }
    assert.ok(Date.now() < deadline, `not within ${WAIT_MS} ms: ${what}`);
    await delay(20);
  }
}

function linkOf(url) {
  const { pathname, searchParams } = new URL(url);
  const token = searchParams.get('token') ?? pathname.split('/').at(-1);
  return { url, token };
}

class Site {
  #given;

  constructor(given) {
    this.#given = given;
  }

  /** `first` makes the tables, and the other takes them as they are. */
  async open() {
    const { options, only = {}, settings, engine, first } = this.#given;
    const start = async (name, database) =>
      (this[name] = await START[name]({
        engine,
        database,
        options: merge(options, only[name] ?? {}),
        ...(name === 'ours' ? { settings } : {}),
      }));
    this.first = first;
    this.second = first === 'ours' ? 'original' : 'ours';
    const { database } = await start(this.first);
    await start(this.second, database);
  }

  /** The second before the first, whose folder holds the database. */
  async close() {
    await this[this.second]?.stop();
    await this[this.first]?.stop();
  }

  sql(text, params) {
    return this.original.sql(text, params);
  }

  /** A new browser, or one with a copy of another's cookies. */
  browser({ headers, like } = {}) {
    const jar = like?.jar.copy() ?? new Jar();
    return {
      jar,
      original: new Visitor(this.original, { headers, jar }),
      ours: new Visitor(this.ours, { headers, jar }),
    };
  }

  quiet() {
    return quiet(this.original);
  }

  /** A browser that has just signed up with one server. */
  async signUp(at, fields = {}) {
    await this.quiet();
    const email = fields.email ?? newEmail(at);
    const entry = { name: 'A Reader', password: PASSWORD, ...fields, email };
    const browser = this.browser();
    const { token, user } = given(await browser[at].client.signUp.email(entry));
    return Object.assign(browser, { email, user, token });
  }

  async signIn(at, email, fields = {}) {
    const entry = { email, password: PASSWORD, ...fields };
    const browser = this.browser();
    const { token, user } = given(await browser[at].client.signIn.email(entry));
    return Object.assign(browser, { email, user, token });
  }

  /** The status of a sign-in that may fail. */
  async trySignIn(at, email, password) {
    const visitor = this.browser()[at];
    return (await visitor.post('/sign-in/email', { email, password })).status;
  }

  /** Waits for the mail that one server sends: its link and its token. */
  async mail(at, email, part) {
    const find = () =>
      this[at].mails().find(({ to, url }) => to === email && url.includes(part));
    const { url } = await until(find, `mail ${part} to ${email} by ${at}`);
    await this.quiet();
    return linkOf(url);
  }
}

/** What get-session says, null or { session, user }. */
export const sessionAt = async (visitor) =>
  given(await visitor.client.getSession());

const WITH_PASSWORDS = {
  baseURL: ORIGIN,
  emailAndPassword: { enabled: true },
};

/**
 * A site for the suite that asks for it: options for both servers, `only` for
 * one of them, `settings` of ours, and which of them makes the tables.
 */
export function serve({ options = {}, engine, first = 'original', ...rest }) {
  const all = merge(WITH_PASSWORDS, options);
  const site = new Site({ options: all, engine, first, ...rest });
  before(() => site.open());
  after(() => site.close());
  return site;
}

/** A test in both directions. */
export function bothWays(name, body) {
  for (const [one, other] of WAYS) {
    test(`${name}: ${one}, then ${other}`, () => body(one, other));
  }
}
