// SPDX-License-Identifier: Apache-2.0
// A sign-up with background and progress is one request and one transaction:
// what is written durably is counted, on SQLite by the frames in its log that
// end a transaction, on PostgreSQL by the transactions that the rows are of.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import {
  databaseFor,
  folderFor,
  isSanitized,
  newEmail,
  startAccounts,
} from '../accounts/house.mjs';
import { NO_LOOK, run } from '../process/program.mjs';
import { BACKGROUND, PASSWORD, SKIP, stopPostgres } from './people.mjs';

/** The audit's chain follows within a second, in a write of its own. */
const CHAINED_MS = 2500;
const MOST = 2;

after(stopPostgres);

function whyNoStrace() {
  if (isSanitized()) {
    return 'a sanitizer looks for leaks itself, and must not be traced';
  }
  try {
    execFileSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'strace is not installed, or may not trace here';
  }
}

const body = () => ({
  email: newEmail('durable'),
  password: PASSWORD,
  background: BACKGROUND,
  progress: [
    { page: '/docs/one', state: 'read' },
    { page: '/docs/two', state: 'reading', place: '#half' },
  ],
});

const plain = (server, method, path, given, headers = {}) =>
  server.call(method, path, given, { base: '', headers });

async function signUp(server) {
  const answer = await plain(server, 'POST', '/auth/signup', body());
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

const bearer = ({ session_token: token }) => ({
  Authorization: `Bearer ${token}`,
});

/** Each is at most one durable write, and says what it is. */
const CALLS = [
  ['GET', '/api/profile', undefined, 0],
  ['PUT', '/api/profile', { answers: { software_experience: 'expert' } }, 1],
  ['PUT', '/api/profile', { answers: { software_experience: 'expert' } }, 0],
  ['PUT', '/auth/profile', { background: { hardware_knowledge: 'none' } }, 1],
  [
    'PUT',
    '/api/progress',
    {
      progress: Array.from({ length: 200 }, (_, at) => ({
        page: `/docs/chapter-${at}`,
        state: 'read',
      })),
    },
    1,
  ],
  ['POST', '/auth/signout', {}, 1],
];

/**
 * Every frame begins with 24 bytes of its own: a page's number, and the file's
 * size when the frame ends a transaction (each is flushed then), else 0. The
 * log's name ends in "-wal", in hexadecimal too.
 */
function commitsIn(trace) {
  const heads = trace.matchAll(/\\x2d\\x77\\x61\\x6c>, "((?:\\x[\da-f]{2}){8})"\.*, 24, /g);
  return [...heads].filter(([, bytes]) => !bytes.endsWith('\\x00'.repeat(4)))
    .length;
}

describe('on SQLite, by its log', { skip: SKIP || NO_LOOK || whyNoStrace() }, () => {
  async function traced(t) {
    const log = join(folderFor(t), 'writes');
    const server = await startAccounts(
      t,
      { LOOPS: '1' },
      {
        launch: {
          shell: `exec strace -D -f -qq -o ${log} -y -xx -s 8 -e trace=pwrite64 "$0" "$@"`,
        },
      },
    );
    await signUp(server); // keys and tables are there now
    await delay(CHAINED_MS);
    return { server, commits: () => commitsIn(readFileSync(log, 'utf8')) };
  }

  test('a sign-up with all it brings', async (t) => {
    const { server, commits } = await traced(t);
    const before = commits();
    await signUp(server);
    await delay(CHAINED_MS);
    const count = commits() - before;
    t.diagnostic(`${count} transactions, the audit's chain among them`);
    assert.ok(count >= 1 && count <= MOST, `${count} transactions`);
  });

  test('what a reader does next', async (t) => {
    const { server, commits } = await traced(t);
    const reader = await signUp(server);
    for (const [method, path, given, writes] of CALLS) {
      await delay(CHAINED_MS);
      const before = commits();
      const answer = await plain(server, method, path, given, bearer(reader));
      assert.equal(answer.status, 200, `${path}: ${answer.text}`);
      const count = commits() - before;
      assert.equal(count, writes, `${method} ${path}: ${count} transactions`);
    }
  });
});

test('on PostgreSQL, by the rows', { skip: SKIP }, async (t) => {
  const database = await databaseFor(t, 'postgres');
  await run(['migrate'], { env: { DATABASE_URL: database.url } });
  const server = await startAccounts(t, {}, { database });
  const { user_id: id } = await signUp(server);
  const rows = [
    ['"user"', 'id'],
    ['account', '"userId"'],
    ['session', '"userId"'],
    ['bookplate_profile', 'user_id'],
    ['bookplate_profile_history', 'user_id'],
    ['bookplate_progress', 'user_id'],
  ];
  const of = rows.map(
    ([table, column]) =>
      `SELECT '${table}' AS name, CAST(xmin AS text) AS made FROM ${table}
       WHERE CAST(${column} AS text) = '${id}'`,
  );
  const found = await database.sql(of.join(' UNION ALL '));
  assert.equal(found.length, rows.length + 1, JSON.stringify(found)); // two pages
  assert.equal(new Set(found.map(({ made }) => made)).size, 1);
});
