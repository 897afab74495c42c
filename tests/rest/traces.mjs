// SPDX-License-Identifier: Apache-2.0
// Everything that can be kept of a reader, and where it is found.
//
//   wholeReader(book, name)  somebody with a row in every table
//   rowsOf(book, reader)     those rows, by table
//   stringsOf(rows)          every text in them that says who it is
//   secretsOf(rows)          those that open something, or a hash of it
//   dump(book)               every row of every table, as text
import assert from 'node:assert/strict';

import { BACKGROUND, PASSWORD, given, newEmail } from './people.mjs';

const NOW = new Date().toISOString();

/** Tables with the column that names the reader; null: the address does. */
export const TABLES = {
  user: 'id',
  session: 'userId',
  account: 'userId',
  verification: 'value',
  bookplate_profile: 'user_id',
  bookplate_profile_history: 'user_id',
  bookplate_progress: 'user_id',
  bookplate_outbox: null,
};

const SECRET_COLUMNS = [
  'token',
  'password',
  'accessToken',
  'refreshToken',
  'idToken',
  'identifier',
  'answers',
  'changes',
  'message',
];

/** Long enough to be nobody else's. */
const isTelling = (value) => typeof value === 'string' && value.length >= 12;

const isoDate = /^\d{4}-\d\d-\d\d[T ]/;

let count = 0;

/** A reader with answers, progress, sessions, a link and a mail that waits. */
export async function wholeReader(book, word) {
  count += 1;
  const mark = `${word}-${process.pid}-${count}-${Math.random().toString(36).slice(2)}`;
  const name = `Name of ${mark}`;
  const email = newEmail(word);
  const ann = await book.reader({ name, email, background: BACKGROUND });
  const pages = [1, 2, 3].map((i) => `/docs/${mark}/${i}`);
  const place = `#place-of-${mark}`;
  const { token } = ann;
  given(
    await book.call('PUT', '/api/progress', {
      token,
      body: { progress: pages.map((page) => ({ page, state: 'read', place })) },
    }),
  );
  given(
    await book.call('PUT', '/auth/profile', {
      token,
      body: { background: { software_experience: 'expert' } },
    }),
  );
  const second = await book.signIn(email);
  const browser = await book.browser(email);
  await book.sql(
    `INSERT INTO "account" ("id", "accountId", "providerId", "userId",
     "accessToken", "refreshToken", "idToken", "createdAt", "updatedAt")
     VALUES ($1, $2, 'google', $3, $4, $5, $6, $7, $7)`,
    [
      `id-of-${mark}`,
      `google-${mark}`,
      ann.id,
      `access-${mark}`,
      `refresh-${mark}`,
      `identity-${mark}`,
      NOW,
    ],
  );
  given(
    await book.call('POST', '/api/auth/request-password-reset', {
      body: { email, redirectTo: '/' },
    }),
  );
  return {
    ...ann,
    name,
    mark,
    pages,
    place,
    password: PASSWORD,
    second: second.token,
    browser,
  };
}

/** What the tables have of a reader; every one has something. */
export async function rowsOf(book, { id, email }) {
  const rows = {};
  for (const [table, column] of Object.entries(TABLES)) {
    rows[table] = await book.sql(
      `SELECT * FROM "${table}" WHERE "${column ?? 'recipient'}" = $1`,
      [column === null ? email : id],
    );
    assert.ok(rows[table].length > 0, `nothing in ${table}`);
  }
  return rows;
}

const valuesOf = (rows, wanted) =>
  Object.values(rows)
    .flat()
    .flatMap((row) => Object.entries(row))
    .filter(([column, value]) => wanted(column) && isTelling(value))
    .map(([, value]) => value);

export const stringsOf = (rows) => [
  ...new Set(valuesOf(rows, () => true).filter((value) => !isoDate.test(value))),
];

export const secretsOf = (rows) =>
  valuesOf(rows, (column) => SECRET_COLUMNS.includes(column));

async function tableNames(book, engine) {
  const rows = await book.sql(
    engine === 'sqlite'
      ? `SELECT name FROM sqlite_master WHERE type = 'table'`
      : `SELECT table_name AS name FROM information_schema.tables
         WHERE table_schema = 'public'`,
  );
  return rows.map((row) => row.name);
}

/** Every row of every table, as text; what `book.sql` gives. */
export async function dump(book, engine) {
  const parts = [];
  for (const name of await tableNames(book, engine)) {
    const rows = await book.sql(`SELECT * FROM "${name}"`);
    parts.push(`${name} ${JSON.stringify(rows)}`);
  }
  return parts.join('\n');
}
