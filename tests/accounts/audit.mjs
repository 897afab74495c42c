// SPDX-License-Identifier: Apache-2.0
// The audit as its readers see it: rows in their order, pseudonyms computed
// here once more, and the commands.
import { createHmac, hkdfSync } from 'node:crypto';
import assert from 'node:assert/strict';

import { run, until } from '../process/program.mjs';
import { SECRET } from './house.mjs';

/** What the audit calls a user, under the key that is made of a secret. */
export function nameOf(id, secret = SECRET) {
  const key = hkdfSync('sha256', secret, 'bookplate', 'audit pseudonyms', 32);
  const mac = createHmac('sha256', Buffer.from(key)).update(`${id}`).digest();
  return `p_${mac.subarray(0, 16).toString('base64url')}`;
}

const asNumbers = (row) => ({
  ...row,
  seq: row.seq === null ? null : Number(row.seq),
  created_at: Number(row.created_at),
});

/** All rows, those without a number last. */
export async function auditRows(database) {
  const rows = await database.sql(
    'SELECT * FROM bookplate_audit ORDER BY seq IS NULL, seq, created_at, id',
  );
  return rows.map(asNumbers);
}

/** The same once every row has its number. */
export async function chainedRows(database) {
  let rows;
  await until(async () => {
    rows = await auditRows(database);
    return rows.every(({ seq }) => seq !== null);
  }, 'all rows are chained');
  return rows;
}

/** For startAccounts: PostgreSQL's tables are the operator's to make. */
export async function migrate(env) {
  const { code, stderr } = await run(['migrate'], { env });
  assert.equal(code, 0, stderr);
}

/** "bookplate audit verify" or "show", and what it printed. */
export const auditCommand = (database, words, settings = {}) =>
  run(['audit', ...words], {
    env: {
      DATABASE_URL: database.url,
      BETTER_AUTH_SECRET: SECRET,
      ...settings,
    },
  });

export async function assertUnbroken(database, count) {
  const { code, stdout, stderr } = await auditCommand(database, ['verify']);
  assert.equal(code, 0, stdout + stderr);
  const [, rows] = /^(\d+) rows?, head ([0-9a-f]{64}): unbroken\n$/.exec(stdout);
  if (count !== undefined) {
    assert.equal(Number(rows), count);
  }
}
