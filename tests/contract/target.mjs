// SPDX-License-Identifier: Apache-2.0
// Which server the cases meet: TARGET=ours|original, ENGINE=sqlite|postgres.
// One file against one of them, from the root of the repository:
//
//   TARGET=original node --test tests/contract/cases/session.test.mjs
//   ENGINE=postgres BOOKPLATE_BIN=build/debug/bookplate \
//       node --test tests/contract/cases/session.test.mjs
//
// ORIGINAL_LOG=1 shows what the original logs.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { after, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { startOriginal, startOurs, stopCluster } from './servers.mjs';
import { Visitor } from './visitor.mjs';

globalThis.crypto ??= webcrypto; // for jose; Node 18 does not put it there

export const TARGET = process.env.TARGET ?? 'ours';
export const ENGINE = process.env.ENGINE ?? 'sqlite';
export const PASSWORD = 'correct horse 42';
const MAIL_MS = 10_000;

const STARTS = { original: startOriginal, ours: startOurs };
assert.ok(STARTS[TARGET], `TARGET is ours or original, not ${TARGET}`);
assert.ok(['sqlite', 'postgres'].includes(ENGINE), `ENGINE=${ENGINE}`);

after(stopCluster);

const isObject = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Options laid over options, objects merged. */
export function merge(under, over) {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const both = isObject(value) && isObject(under[key]);
    result[key] = both ? merge(under[key], value) : value;
  }
  return result;
}

const WITH_PASSWORDS = { emailAndPassword: { enabled: true } };

/** Mail for everything, as one switch. */
export const MAIL = {
  emailAndPassword: { sendResetPassword: true },
  emailVerification: { sendVerificationEmail: true },
};

let count = 0;

/** An address nobody had before. */
export function newEmail(word = 'reader') {
  count += 1;
  return `${word}-${process.pid}-${count}@example.org`;
}

class Book {
  constructor(options, clientPlugins) {
    this.given = options;
    this.clientPlugins = clientPlugins;
  }

  async open() {
    this.server = await STARTS[TARGET]({ options: this.given, engine: ENGINE });
  }

  get origin() {
    return this.server.origin;
  }

  sql(text, params) {
    return this.server.sql(text, params);
  }

  /** A new browser, or one with a copy of another's cookies. */
  visitor({ headers, like } = {}) {
    return new Visitor(this.server, {
      headers,
      clientPlugins: this.clientPlugins,
      jar: like?.jar.copy(),
    });
  }

  /** A new visitor who has just signed up: .email, .user, .token. */
  async reader(fields = {}) {
    const visitor = this.visitor();
    const email = fields.email ?? newEmail();
    const { data, error } = await visitor.client.signUp.email({
      name: 'A Reader',
      password: PASSWORD,
      ...fields,
      email,
    });
    assert.equal(error, null, JSON.stringify(error));
    return Object.assign(visitor, {
      email,
      user: data.user,
      token: data.token,
    });
  }

  /** Signs an account in from a new browser. */
  async signIn(email, password = PASSWORD, fields = {}) {
    const visitor = this.visitor();
    const { data, error } = await visitor.client.signIn.email({
      email,
      password,
      ...fields,
    });
    assert.equal(error, null, JSON.stringify(error));
    return Object.assign(visitor, { email, user: data.user, token: data.token });
  }

  /** The mails to an address whose link has this in it. */
  mailsTo(email, part = '') {
    return this.server
      .mails()
      .filter(({ to, url }) => to === email && url.includes(part));
  }

  /** Waits for the n-th such mail; ours are sent after the answer. */
  async mailTo(email, part = '', n = 1) {
    const deadline = Date.now() + MAIL_MS;
    for (;;) {
      const mails = this.mailsTo(email, part);
      if (mails.length >= n) {
        return linkOf(mails[n - 1]);
      }
      assert.ok(Date.now() < deadline, `no mail ${part} to ${email}`);
      await delay(10);
    }
  }

  /** Nothing was sent to an address: a later mail has come, none to it. */
  async noMailTo(email, part = '') {
    const later = await this.reader();
    await later.client.requestPasswordReset({ email: later.email });
    await this.mailTo(later.email, '/reset-password/');
    assert.deepEqual(this.mailsTo(email, part), []);
  }
}

function linkOf({ to, url }) {
  const { pathname, searchParams } = new URL(url);
  return {
    to,
    url,
    token: searchParams.get('token') ?? pathname.split('/').at(-1),
    callbackURL: searchParams.get('callbackURL'),
  };
}

/** A server with these options for the suite (describe) that asks for it. */
export function serve(options = {}, clientPlugins = []) {
  const book = new Book(merge(WITH_PASSWORDS, options), clientPlugins);
  before(() => book.open());
  after(() => book.server?.stop());
  return book;
}

/** What a call of the client is refused with. */
export function refused({ data, error }, status, code) {
  assert.equal(data, null, JSON.stringify(data));
  assert.equal(error.status, status, JSON.stringify(error));
  assert.equal(error.code, code, JSON.stringify(error));
}

/** What a call of the client gives. */
export function given({ data, error }) {
  assert.equal(error, null, JSON.stringify(error));
  return data;
}
