// SPDX-License-Identifier: Apache-2.0
// A disk that fails, and a crash at a chosen system call (F2, F3), as a
// reader of the whole server meets them: the store's own tests go through
// every call (tests/unit/store/sqlite_kill_test.c and sqlite_disk_test.c).
// RELIABILITY=1: every call up to the fortieth instead of a few.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';

import { NO_LOOK, run } from '../process/program.mjs';
import {
  SKIP,
  databaseFor,
  isSanitized,
  newEmail,
  startAccounts,
} from './house.mjs';
import { readTables } from './writers.mjs';

const IS_LONG = process.env.RELIABILITY === '1';
/** Which call of its kind the fault meets; the first few are the start's. */
const PLACES = { pwrite64: [9, 16, 24], fdatasync: [2, 4, 5] };
const placesOf = (fault) =>
  IS_LONG
    ? Array.from({ length: 40 }, (_, i) => i + 1)
    : PLACES[fault.split(':')[0]];
const FAULTS = {
  'killed in a write': 'pwrite64:signal=KILL',
  'killed in a flush': 'fdatasync:signal=KILL',
  'no room to write': 'pwrite64:error=ENOSPC',
  'a write that fails': 'pwrite64:error=EIO',
  'a flush that fails': 'fdatasync:error=EIO',
};
const SIGN_UPS = 4;

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

const skip = SKIP || NO_LOOK || whyNoStrace();
if (skip) {
  console.log(`# skipped: ${skip}`);
}

/** What was acknowledged of a few sign-ups while the fault strikes. */
async function signUpUnder(t, database, fault, place) {
  const inject = `${fault}:when=${place}${fault.includes('error') ? '+' : ''}`;
  // -D: the server stays our own child, and the tracer becomes its own.
  const shell = `exec strace -D -f -qq -o /dev/null -e trace=pwrite64,fdatasync,fsync -e inject=${inject} "$0" "$@"`;
  const acknowledged = [];
  const refused = [];
  let server;
  try {
    server = await startAccounts(
      t,
      { LOOPS: '1' },
      { database, launch: { shell } },
    );
  } catch {
    return { acknowledged, refused }; // it struck before the start line
  }
  for (let i = 0; i < SIGN_UPS; i++) {
    const email = newEmail('writer');
    const answer = await server
      .visitor()
      .signUp(email)
      .catch(() => null);
    if (answer?.status === 200) {
      acknowledged.push(email);
    } else {
      refused.push(answer?.status ?? null);
    }
  }
  const session = await server.call('GET', '/get-session').catch(() => null);
  const isKilled = fault.includes('KILL');
  assert.ok(isKilled || session?.status === 200, 'reading goes on');
  server.signal('SIGKILL');
  await server.exit;
  return { acknowledged, refused };
}

describe('the disk', { skip }, () => {
  for (const [what, fault] of Object.entries(FAULTS)) {
    test(`${fault.includes('KILL') ? 'F2' : 'F3'}: ${what}`, async (t) => {
      let struck = 0;
      for (const place of placesOf(fault)) {
        const database = await databaseFor(t, 'sqlite');
        await run(['migrate'], { env: { DATABASE_URL: database.url } });
        const { acknowledged, refused } = await signUpUnder(
          t,
          database,
          fault,
          place,
        );
        struck += refused.length > 0 ? 1 : 0;
        const isClean = (status) =>
          status === (fault.includes('KILL') ? null : 503);
        assert.ok(refused.every(isClean), `${place}: ${refused}`);
        const next = await startAccounts(t, {}, { database });
        const rows = await database.sql('SELECT * FROM pragma_integrity_check');
        assert.deepEqual(rows, [{ integrity_check: 'ok' }]);
        const { users } = await readTables(database);
        for (const email of acknowledged) {
          assert.ok(users.has(email), `${place}: ${email} is lost`);
        }
        next.signal('SIGKILL');
        await next.exit;
      }
      assert.ok(struck > 0, 'the fault never struck a request');
    });
  }
});
