// SPDX-License-Identifier: Apache-2.0
// One sequence: its readers as they should be, and the servers they meet.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

import { given, newEmail, refused } from '../people.mjs';
import { RULES, Reader } from './truth.mjs';

const ENDED_TRIED = 2; // tokens of each reader, at the end

/** Progress as a map by page, in which each stands once. */
export function byPage(list) {
  const pages = list.map(({ page, ...more }) => [page, more]);
  assert.equal(new Set(pages.map(([page]) => page)).size, pages.length);
  return new Map(pages);
}

export class Scene {
  steps = 0;

  constructor(world, rules = RULES) {
    this.world = world;
    this.rules = rules;
  }

  /** `isPrepared`: for each reader, whether there is an account already. */
  async open(isPrepared) {
    this.readers = await Promise.all(
      isPrepared.map(async (prepared) => {
        if (!prepared) {
          return new Reader(newEmail(), this.rules);
        }
        const { id, email, password, token } = await this.world.prepared();
        const reader = new Reader(email, this.rules);
        reader.begin(id, password, { tokens: [token] });
        return reader;
      }),
    );
  }

  reader(who) {
    return this.readers[who % this.readers.length];
  }

  get origin() {
    return this.world.book.origin;
  }

  get admin() {
    return this.world.admin;
  }

  call(...request) {
    return this.world.call(...request);
  }

  asAdmin(server, method, path, body) {
    const { cookie } = this.admin;
    const headers = { origin: this.origin };
    return this.call(server, method, path, { cookie, headers, body });
  }

  cookie(token) {
    return this.world.cookie(token);
  }

  restart(server, signal) {
    return this.world.restart(server, signal);
  }

  /** What is stored of a reader, in the words of the truth. */
  async #stored(reader) {
    const token = reader.sessions[0].tokens[0];
    const get = async (path) => given(await this.call(1, 'GET', path, { token }));
    const { answers, version } = await get('/api/profile');
    const { progress } = await get('/api/progress');
    return { answers, version, pages: byPage(progress) };
  }

  /** The reader is one of these by now: which, the servers say. */
  async adopt(reader, outcomes) {
    const stored = await this.#stored(reader);
    const isIt = ({ account: { answers, version, pages } }) =>
      isDeepStrictEqual(stored, { answers, version, pages });
    const found = outcomes.find(isIt);
    assert.ok(
      found,
      `${JSON.stringify(stored)} is none of ${JSON.stringify(outcomes)}`,
    );
    reader.become(found);
  }

  async #checkRows(reader) {
    const rows = await this.world.count(reader.email, reader.account?.id);
    assert.deepEqual(rows, reader.rows(), reader.email);
  }

  async take({ kind, ...step }, kinds) {
    this.steps += 1;
    await kinds[kind].run(this, step);
    await this.#checkRows(this.reader(step.who ?? 0));
  }

  async #checkSession(reader, session, server) {
    const token = session.tokens.at(-1);
    const { account } = reader;
    const get = async (path) =>
      given(await this.call(server, 'GET', path, { token }));
    const { user_id, background } = await get('/auth/profile');
    assert.equal(user_id, account.id);
    assert.deepEqual(background, account.answers);
    const { version } = await get('/api/profile');
    assert.equal(version, account.version);
    const { progress } = await get('/api/progress');
    assert.deepEqual(byPage(progress), account.pages);
  }

  /** At the end everything is as it should be, on every server. */
  async check() {
    for (const reader of this.readers) {
      await this.#checkRows(reader);
      for (const [i, session] of reader.sessions.entries()) {
        await this.#checkSession(reader, session, i);
      }
      for (const [i, token] of reader.ended.slice(-ENDED_TRIED).entries()) {
        const answer = await this.call(i, 'GET', '/auth/me', { token });
        refused(answer, 401, 'UNAUTHORIZED');
      }
    }
  }
}
