// SPDX-License-Identifier: Apache-2.0
// Passwords themselves: too long, equal in Unicode's eyes, too common, and
// too many at once.
// Runs alone: it counts what a crowd is given in time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atEnd, until } from '../process/program.mjs';
import {
  PASSWORD,
  SECRET,
  SKIP,
  WRONG,
  commonPasswords,
  isSanitized,
  newEmail,
  signedUp,
  startAccounts,
} from './house.mjs';

const HASH_BYTES = 32 << 20;
/** One thread computes that many side by side (net/hash_pool.c). */
const SIDE_BY_SIDE = 12;
const OTHERWISE = 40 << 20;
const LISTED = 3000;

describe('passwords', { skip: SKIP }, () => {
  test('S020: a long one is refused before it costs anything', async (t) => {
    const server = await startAccounts(t);
    const { email } = await signedUp(server);
    const long = {
      'a megabyte': ['x'.repeat(1 << 20), 413],
      'combining marks': [`a${'\u0301'.repeat(150_000)}`, 413],
      'as long as a body may be': ['x'.repeat(60_000), 400],
      'marks as long as a body may be': [`a${'\u0301'.repeat(30_000)}`, 400],
      'one letter that becomes many': ['\ufdfa'.repeat(600), 400],
      'one more than the longest': ['x'.repeat(129), 400],
    };
    for (const [what, [password, status]] of Object.entries(long)) {
      const up = await server.visitor().signUp(newEmail(), password);
      const back = await server.visitor().signIn(email, password);
      assert.deepEqual([up.status, back.status], [status, status], what);
      assert.ok(up.ms < 1000 && back.ms < 1000, what);
      assert.ok(status === 413 || up.json.code === 'PASSWORD_TOO_LONG', what);
    }
    const marks = `a${'\u0301'.repeat(120)}`;
    assert.equal((await server.visitor().signUp(newEmail(), marks)).status, 200);
  });

  test('S021: equal after NFKC, on this server and on the original', async (t) => {
    const { quiet, startOriginal } = await import('../contract/servers.mjs');
    const server = await startAccounts(t);
    const original = await startOriginal({
      database: server.database.url,
      options: {
        baseURL: 'http://book.example',
        secret: SECRET,
        emailAndPassword: { enabled: true },
      },
    });
    atEnd(t, () => original.stop());
    const there = {
      port: Number(new URL(original.url).port),
      send: async (path, body) => {
        await quiet(original);
        return fetch(`${original.url}/api/auth${path}`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Origin: 'http://book.example',
          },
          body: JSON.stringify(body),
        });
      },
    };
    const pairs = [
      ['\ufb01ne weather today', 'fine weather today'],
      ['\u2126 and \u212b ngstr\u00f6m', '\u03a9 and \u00c5 ngstro\u0308m'],
    ];
    for (const [chosen, typed] of pairs) {
      const here = newEmail();
      const far = newEmail();
      assert.equal((await server.visitor().signUp(here, chosen)).status, 200);
      const made = await there.send('/sign-up/email', {
        name: 'A',
        email: far,
        password: chosen,
      });
      assert.equal(made.status, 200);
      for (const email of [here, far]) {
        for (const password of [chosen, typed]) {
          assert.equal(
            (await server.visitor().signIn(email, password)).status,
            200,
          );
          assert.equal(
            (await there.send('/sign-in/email', { email, password })).status,
            200,
          );
        }
        assert.equal((await server.visitor().signIn(email, WRONG)).status, 401);
      }
    }
  });

  test('S022: the most common ones are refused', async (t) => {
    const list = commonPasswords();
    if (list === null) {
      t.diagnostic('# skipped: the list of common passwords is not installed');
      return;
    }
    const server = await startAccounts(t, { PASSWORD_BLOCKLIST: 'on' });
    const common = list.slice(0, LISTED).filter((word) => word.length >= 8);
    assert.ok(common.length > 300, `${common.length} words`);
    const email = newEmail();
    const passed = [];
    for (let i = 0; i < common.length; i += 40) {
      const words = common.slice(i, i + 40);
      const answers = await Promise.all(
        words.map((word) => server.visitor().signUp(email, word)),
      );
      answers.forEach(({ status, text }, at) => {
        if (status !== 400 || !text.includes('PASSWORD_COMPROMISED')) {
          passed.push(words[at]);
        }
      });
    }
    assert.deepEqual(passed, []);
    const visitor = await signedUp(server);
    const change = await visitor.post('/change-password', {
      currentPassword: PASSWORD,
      newPassword: common[0],
    });
    assert.equal(change.json.code, 'PASSWORD_COMPROMISED');
  });

  test('S023: of a crowd some wait and the rest is sent away', async (t) => {
    const queue = 20;
    const server = await startAccounts(t, {
      HASH_THREADS: '1',
      HASH_QUEUE: String(queue),
    });
    const { email } = await signedUp(server);
    const idle = server.rss();
    let most = idle;
    const timer = setInterval(() => (most = Math.max(most, server.rss())), 5);
    const flood = Promise.all(
      Array.from({ length: 200 }, () => server.visitor().signIn(email)),
    );
    const quiet = await server.call('GET', '/ok');
    const answers = await flood;
    clearInterval(timer);
    const served = answers.filter(({ status }) => status === 200);
    const shed = answers.filter(({ status }) => status === 503);
    assert.equal(quiet.status, 200);
    assert.equal(served.length + shed.length, 200);
    assert.ok(
      served.length >= queue && shed.length > 50,
      `${served.length} served`,
    );
    shed.forEach(({ headers }) => assert.ok(Number(headers['retry-after']) >= 1));
    if (isSanitized()) {
      t.diagnostic('# skipped: a sanitizer keeps memory for itself');
      return;
    }
    assert.ok(
      most <= idle + SIDE_BY_SIDE * HASH_BYTES + OTHERWISE,
      `${most} bytes`,
    );
    await until(() => server.rss() <= idle + OTHERWISE, 'memory is given back');
  });
});
