// SPDX-License-Identifier: Apache-2.0
// Readers who change their accounts without pause, and remember what they
// were told: after a crash each finds what was acknowledged, or what was on
// its way at that moment, and nothing else.
import assert from 'node:assert/strict';

import { PASSWORD, newEmail, signToken } from './house.mjs';

/** What to do next, and how often of sixteen times. */
const WEIGHTS = {
  rename: 3,
  answer: 4,
  read: 4,
  repassword: 2,
  leave: 2,
  remove: 1,
};
const DECK = Object.entries(WEIGHTS).flatMap(([what, n]) => Array(n).fill(what));

const LEVELS = ['beginner', 'intermediate', 'expert'];
const PAGE = '/docs/kill';
const OWN = { base: '' }; // calls of the plain API
const oneOf = (list) => list[Math.floor(Math.random() * list.length)];
let moments = 0;

const named = (word) => `${word} ${Math.random().toString(36).slice(2, 10)}`;

/** An account as its owner believes it to be; email null: there is none. */
const NOBODY = {
  email: null,
  name: null,
  password: null,
  token: null,
  level: null, // what they answered
  place: null, // where they stopped reading
};

/** Later than any before: of two words about a page the newer counts. */
function moment() {
  moments = Math.max(moments + 1, Date.now() - 60_000);
  return moments;
}

export class Writer {
  state = NOBODY;
  pending = null; // what the state is if the last call went through
  removed = []; // addresses whose end was acknowledged
  ended = []; // tokens likewise
  acknowledged = 0;

  constructor(visitorOf) {
    this.visitorOf = visitorOf;
  }

  /** The next call: where, what with, and what holds once it is answered. */
  #next() {
    const { email, password, token } = this.state;
    if (email === null) {
      return this.#signUp();
    }
    if (token === null) {
      return {
        path: '/sign-in/email',
        body: { email, password },
        next: this.state,
      };
    }
    const what = oneOf(DECK);
    if (what === 'answer') {
      const level = oneOf(LEVELS);
      return {
        method: 'PUT',
        path: '/api/profile',
        body: { answers: { software_experience: level } },
        next: { ...this.state, level },
      };
    }
    if (what === 'read') {
      const place = `#part-${Math.random().toString(36).slice(2)}`;
      return {
        method: 'PUT',
        path: '/api/progress',
        body: { page: PAGE, state: 'reading', place, at: moment() },
        next: { ...this.state, place },
      };
    }
    if (what === 'rename') {
      const name = named('Ada');
      return {
        path: '/update-user',
        body: { name },
        next: { ...this.state, name },
      };
    }
    if (what === 'repassword') {
      const newPassword = named('a harbour');
      return {
        path: '/change-password',
        body: { currentPassword: password, newPassword },
        next: { ...this.state, password: newPassword },
      };
    }
    if (what === 'leave') {
      return { path: '/sign-out', body: {}, next: { ...this.state, token: null } };
    }
    return { path: '/delete-user', body: { password }, next: NOBODY };
  }

  /** By Better Auth's call, or by the plain one with a background. */
  #signUp() {
    const next = {
      ...NOBODY,
      email: newEmail('writer'),
      name: named('Ada'),
      password: PASSWORD,
    };
    const { email, name, password } = next;
    const body = { email, name, password };
    if (Math.random() < 0.5) {
      return { path: '/sign-up/email', body, next };
    }
    const level = oneOf(LEVELS);
    return {
      path: '/auth/signup',
      body: { ...body, background: { software_experience: level } },
      next: { ...next, level },
    };
  }

  #acknowledge(next, token) {
    const before = this.state;
    this.state = { ...next, token: token ?? next.token ?? null };
    this.pending = null;
    this.acknowledged += 1;
    if (before.token !== null && this.state.token === null) {
      this.ended.push(before.token);
    }
    if (before.email !== null && this.state.email === null) {
      this.removed.push(before.email);
    }
  }

  /** One call; false when nobody answered. */
  async step() {
    const { method = 'POST', path, body, next } = this.#next();
    const isOwn = /^\/(api|auth)\//.test(path);
    const visitor = this.visitorOf();
    if (this.state.token !== null) {
      visitor.cookies.set('better-auth.session_token', signToken(this.state.token));
    }
    this.pending = next;
    let answer;
    try {
      answer = await visitor.send(method, path, body, {}, isOwn ? OWN : {});
    } catch {
      return false;
    }
    if (answer.status === 503) {
      return true; // busy: done or not, as if it had not been answered
    }
    assert.ok(
      answer.status === 200 || (answer.status === 201 && path === '/auth/signup'),
      `${path}: ${answer.status} ${answer.text}`,
    );
    this.#acknowledge(
      next,
      path.startsWith('/sign-') && next.email ? answer.json.token : undefined,
    );
    return true;
  }

  async run() {
    while (await this.step()) {
      // until nobody answers
    }
  }

  /** Compares with what the database holds now, and believes that. */
  check({ users, tokens }) {
    for (const email of this.removed) {
      assert.ok(!users.has(email), `${email} was deleted`);
    }
    for (const token of this.ended) {
      assert.ok(!tokens.has(token), 'a session that was ended is there');
    }
    const possible = [this.state, ...(this.pending ? [this.pending] : [])];
    const found = possible.filter(({ email, name }) =>
      email === null
        ? possible.every((one) => one.email === null || !users.has(one.email))
        : users.get(email)?.name === name,
    );
    assert.ok(found.length > 0, `lost: ${JSON.stringify(possible)}`);
    const { token } = this.state;
    if (token !== null && this.pending?.token === token) {
      assert.ok(tokens.has(token), 'a session that was opened is gone');
    }
    this.found = found;
    this.state = { ...found[0], token: null };
    this.pending = null;
  }

  /** The password acknowledged last opens the account. */
  async signIn() {
    const { email } = this.state;
    if (email === null) {
      return;
    }
    const statuses = [];
    for (const password of new Set(this.found.map((one) => one.password))) {
      const visitor = this.visitorOf();
      const answer = await visitor.signIn(email, password);
      statuses.push(answer.status);
      if (answer.status === 200) {
        await this.#look(visitor, password);
        this.state = { ...this.state, token: answer.json.token };
        return;
      }
    }
    assert.fail(`the password of ${email} is lost: ${statuses}`);
  }

  /** What they answered and where they stopped is there as well. */
  async #look(visitor, password) {
    const get = async (path) =>
      (await visitor.send('GET', path, undefined, {}, OWN)).json;
    const { answers } = await get('/api/profile');
    const { progress } = await get('/api/progress');
    const level = answers.software_experience ?? null;
    const place = progress[0]?.place ?? null;
    const state = this.found.find(
      (one) =>
        one.password === password && one.level === level && one.place === place,
    );
    assert.ok(
      state,
      `lost: ${JSON.stringify(this.found)}; there is ${level}, ${place}`,
    );
    this.state = state;
  }
}

/** What the database holds of writers, once nothing in it is half done. */
export async function readTables(database) {
  const rows = await database.sql(
    `SELECT u.id, u.email, u.name, count(a.id) AS accounts FROM "user" u
     LEFT JOIN account a ON a."userId" = u.id
     WHERE u.email LIKE 'writer%' GROUP BY u.id, u.email, u.name`,
  );
  for (const { email, accounts } of rows) {
    assert.equal(Number(accounts), 1, `${email} has ${accounts} ways to sign in`);
  }
  for (const table of ['account', 'session']) {
    const orphans = await database.sql(
      `SELECT id FROM ${table} WHERE "userId" NOT IN (SELECT id FROM "user")`,
    );
    assert.equal(orphans.length, 0, `${table} rows of nobody`);
  }
  for (const table of ['profile', 'profile_history', 'progress']) {
    const orphans = await database.sql(
      `SELECT user_id FROM bookplate_${table}
       WHERE user_id NOT IN (SELECT id FROM "user")`,
    );
    assert.equal(orphans.length, 0, `${table} rows of nobody`);
  }
  const sessions = await database.sql('SELECT token FROM session');
  return {
    users: new Map(rows.map((row) => [row.email, row])),
    tokens: new Set(sessions.map(({ token }) => token)),
  };
}
