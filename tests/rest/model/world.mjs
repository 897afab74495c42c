// SPDX-License-Identifier: Apache-2.0
// Where the sequences of the property test happen: two servers on one
// database, an administrator, and accounts that were prepared so that not
// every reader costs a password hash.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import { atEnd } from '../../process/program.mjs';
import { signToken } from '../../accounts/house.mjs';
import { bookplate } from '../../store/databases.mjs';
import { freePorts } from '../../wire/raw.mjs';
import {
  PASSWORD,
  SECRET,
  given,
  jose,
  newDatabase,
  newEmail,
  openBook,
  openReplica,
} from '../people.mjs';

const packages = new URL('../../contract/package.json', import.meta.url);
const require = createRequire(packages);
const POOL = 400; // accounts made at once
const SETTINGS = { DELETE_USER: 'on', HASH_QUEUE: '1024' };

const ROWS = {
  users: 'SELECT count(*) FROM "user" WHERE email = $1',
  accounts: 'SELECT count(*) FROM account WHERE "userId" = $2',
  sessions: 'SELECT count(*) FROM session WHERE "userId" = $2',
  profiles: 'SELECT count(*) FROM bookplate_profile WHERE user_id = $2',
  history: 'SELECT count(*) FROM bookplate_profile_history WHERE user_id = $2',
  progress: 'SELECT count(*) FROM bookplate_progress WHERE user_id = $2',
};
const COUNT = `SELECT ${Object.entries(ROWS)
  .map(([name, text]) => `(${text}) AS ${name}`)
  .join(', ')}`;

const numbers = (row) =>
  Object.fromEntries(Object.entries(row).map(([name, n]) => [name, Number(n)]));

/** One open connection to look with: thousands of times. */
function openEye(t, url) {
  const file = /^sqlite:(.*)/.exec(url)?.[1];
  if (file) {
    const database = new (require('better-sqlite3'))(file, { timeout: 10_000 });
    atEnd(t, () => database.close());
    const text = (sql) => database.prepare(sql.replace(/\$(\d+)/g, '?$1'));
    const count = text(COUNT);
    const named = (values) =>
      Object.fromEntries(values.map((value, i) => [i + 1, value]));
    return {
      count: async (...values) => numbers(count.get(named(values))),
      sql: async (sql, values = []) => {
        const statement = text(sql);
        return statement.reader
          ? statement.all(named(values))
          : statement.run(named(values));
      },
    };
  }
  const pool = new (require('pg').Pool)({ connectionString: url, max: 4 });
  atEnd(t, () => pool.end());
  return {
    count: async (...values) => numbers((await pool.query(COUNT, values)).rows[0]),
    sql: async (sql, values) => (await pool.query(sql, values)).rows,
  };
}

export class World {
  #pool = [];
  #filling = null;
  #made = 0;

  static async open(t, engine) {
    const world = new World();
    world.t = t;
    world.database = await newDatabase(t, engine);
    const [port] = await freePorts(1);
    const book = await openBook(t, {
      database: world.database,
      port,
      settings: SETTINGS,
    });
    world.servers = [book, await openReplica(t, book)];
    world.eye = openEye(t, world.database.url);
    world.book = book;
    world.admin = await book.admin();
    world.template = await book.reader({ email: newEmail('template') });
    await world.#fill();
    return world;
  }

  /** Any server; there are two. */
  call(server, ...request) {
    return this.servers[server % 2].call(...request);
  }

  count(email, id) {
    return this.eye.count(email, id ?? '');
  }

  /** What the audit says has happened: how often each. */
  async noted() {
    const rows = await this.eye.sql(
      'SELECT event, count(*) AS times FROM bookplate_audit GROUP BY event',
    );
    return Object.fromEntries(
      rows.map(({ event, times }) => [event, Number(times)]),
    );
  }

  /** Nothing is torn, and the audit's chain has no link too few. */
  async checkFiles() {
    const made = await bookplate(this.t, this.database, ['audit', 'verify'], {
      BETTER_AUTH_SECRET: SECRET,
    });
    assert.equal(made.code, 0, made.stdout + made.stderr);
    if (this.book.env.DATABASE_URL.startsWith('sqlite:')) {
      const rows = await this.eye.sql('SELECT * FROM pragma_integrity_check');
      assert.deepEqual(rows, [{ integrity_check: 'ok' }]);
    }
  }

  /** kill -9 or SIGTERM, and a new process at the same address. */
  async restart(server, signal) {
    const old = this.servers[server % 2];
    old.signal(signal);
    await old.exit;
    old.call.close();
    const { PORT, ...settings } = old.env;
    this.servers[server % 2] = await openBook(this.t, {
      database: this.database,
      port: Number(PORT),
      settings,
    });
  }

  /** The cookie of the browser whose session that is. */
  async cookie(token) {
    const { sid } = jose.decodeJwt(token);
    const [row] = await this.eye.sql('SELECT token FROM session WHERE id = $1', [
      sid,
    ]);
    const value = signToken(row?.token ?? 'none', SECRET);
    return `better-auth.session_token=${value}`;
  }

  /** Accounts with one session each, like the template's. */
  async #fill() {
    const from = this.#made;
    this.#made += POOL;
    const name = (i) => `pool-${process.pid}-${i}`;
    const list = Array.from({ length: POOL }, (_, i) => name(from + i));
    const places = list.map((_, i) => `($${i + 2})`).join(', ');
    const insert = (text) =>
      this.eye.sql(`WITH made(id) AS (VALUES ${places}) ${text}`, [
        this.template.id,
        ...list,
      ]);
    await insert(
      `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       SELECT made.id, name, made.id || '@example.com', "emailVerified", "createdAt", "updatedAt"
       FROM "user", made WHERE "user".id = $1`,
    );
    await insert(
      `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       SELECT made.id, made.id, "providerId", made.id, password, "createdAt", "updatedAt"
       FROM account, made WHERE "userId" = $1`,
    );
    await insert(
      `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
       SELECT made.id, made.id || '-token', made.id, "expiresAt", "createdAt", "updatedAt"
       FROM session, made WHERE "userId" = $1`,
    );
    this.#pool.push(...list);
  }

  /** { id, email, password, token } of somebody signed in. */
  async prepared() {
    while (this.#pool.length === 0) {
      this.#filling ??= this.#fill().finally(() => (this.#filling = null));
      await this.#filling;
    }
    const id = this.#pool.pop();
    const answer = await this.call(this.#pool.length, 'POST', '/auth/refresh', {
      cookie: `better-auth.session_token=${signToken(`${id}-token`, SECRET)}`,
      headers: { origin: this.book.origin },
    });
    const { session_token: token } = given(answer);
    assert.equal(jose.decodeJwt(token).sub, id);
    return { id, email: `${id}@example.com`, password: PASSWORD, token };
  }
}
