// SPDX-License-Identifier: Apache-2.0
// Who has an account here: nobody finds out by asking, nor by the clock.
// Runs alone: answers to the one and the other are timed.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import {
  PASSWORD,
  SKIP,
  WRONG,
  look,
  median,
  newEmail,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const NOBODY = 'nobody@book.example';
const ROUND = 25;
const PAIRS_MOST = 100;

/**
 * How unlike two samples are, by Mann and Whitney's test: normally
 * distributed around 0 when they come from one source.
 */
function mannWhitney(a, b) {
  const ranked = [
    ...a.map((value) => ({ value, first: true })),
    ...b.map((value) => ({ value, first: false })),
  ].sort((x, y) => x.value - y.value);
  const ranks = ranked.reduce((sum, { first }, i) => sum + (first ? i + 1 : 0), 0);
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const product = a.length * b.length;
  return (u - product / 2) / Math.sqrt((product * (a.length + b.length + 1)) / 12);
}

/**
 * Questions asked in turn take the same time as the last of them: medians
 * within 10 %, ranks mixed. A busy machine may need more rounds to show it, up
 * to a limit; an answer that lacks its hash or its row never passes.
 */
async function assertSameTime(...questions) {
  const times = questions.map(() => []);
  const unlike = () =>
    times.slice(0, -1).flatMap((one, i) => {
      const ratio = median(one) / median(times.at(-1));
      const z = mannWhitney(one, times.at(-1));
      const isSame = ratio > 0.9 && ratio < 1.1 && Math.abs(z) < 3.3;
      return isSame ? [] : [`question ${i}: ratio ${ratio}, z ${z}`];
    });
  while (times[0].length < PAIRS_MOST) {
    for (let i = 0; i < ROUND; i++) {
      for (let j = 0; j < questions.length; j++) {
        const which = (i + j) % questions.length;
        const answer = await questions[which](times[which].length);
        times[which].push(answer.ms);
      }
    }
    if (unlike().length === 0) {
      return;
    }
  }
  assert.fail(unlike().join('; '));
}

describe('signing in', { skip: SKIP }, () => {
  const scope = suite();
  let server;
  let owner;

  before(async () => {
    server = await startAccounts(scope);
    owner = await signedUp(server);
  });
  const tryAs = (email) => server.visitor().signIn(email, WRONG);

  test('S001: says the same of known and unknown', async () => {
    const known = await tryAs(owner.email);
    const unknown = await tryAs(NOBODY);
    assert.equal(known.status, 401);
    assert.equal(known.cookies.length, 0);
    assert.deepEqual(look(unknown), look(known));
  });

  test('S002, S006: the same of who has no password, and all as late', async () => {
    const social = await signedUp(server);
    await server.sql(
      `UPDATE account SET "providerId" = 'github', password = NULL
       WHERE "userId" = $1`,
      [social.id],
    );
    assert.deepEqual(look(await tryAs(social.email)), look(await tryAs(NOBODY)));
    await assertSameTime(
      () => tryAs(owner.email),
      () => tryAs(social.email),
      (i) => tryAs(`n${i}${NOBODY}`),
    );
  });
});

/** What a visitor sees of two answers that differ in made-up values only. */
function masked(answer, email) {
  return look({
    ...answer,
    text: answer.text
      .replaceAll(email, 'EMAIL')
      .replace(/"id":"\w+"/g, '"id":"ID"')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
  });
}

describe('signing up', { skip: SKIP }, () => {
  test('S003: does not tell a taken address where it is verified', async (t) => {
    const server = await startAccounts(t, { REQUIRE_EMAIL_VERIFICATION: 'on' });
    const taken = newEmail();
    const first = await server.visitor().signUp(taken);
    const again = await server.visitor().signUp(taken, 'another fine password');
    assert.equal(first.status, 200);
    assert.deepEqual(masked(again, taken), masked(first, taken));
    await until(() => server.mails().length === 2, 'the owner is told');
    assert.equal(server.mails()[1].to, taken);
    assert.doesNotMatch(server.mails()[1].url, /verify-email/);
    const users = await server.sql('SELECT count(*) AS n FROM "user"');
    assert.equal(Number(users[0].n), 1);
    await server.sql(`UPDATE "user" SET "emailVerified" = 1`);
    const stolen = await server.visitor().signIn(taken, 'another fine password');
    assert.equal(stolen.status, 401);
    assert.equal((await server.visitor().signIn(taken)).status, 200);
  });

  test('S003: tells it, as documented, where it is not', async (t) => {
    const server = await startAccounts(t);
    const { email } = await signedUp(server);
    assert.equal((await server.visitor().signUp(email)).status, 422);
  });
});

describe('asking for mail', { skip: SKIP }, () => {
  const scope = suite();
  let server;
  let owner;

  before(async () => {
    server = await startAccounts(scope, { CHANGE_EMAIL: 'on' });
    owner = await signedUp(server);
  });

  /** Asked side by side: each answer waits on purpose. */
  async function compare(path, key) {
    const ask = (email) => server.visitor().post(path, { [key]: email });
    const known = await Promise.all(
      Array.from({ length: 8 }, () => ask(owner.email)),
    );
    const unknown = await Promise.all(Array.from({ length: 8 }, () => ask(NOBODY)));
    assert.equal(known[0].status, 200);
    assert.deepEqual(look(unknown[0]), look(known[0]));
    const quickest = Math.min(...unknown.map(({ ms }) => ms));
    assert.ok(quickest > 450, `an unknown address was answered in ${quickest} ms`);
    const ratio =
      median(known.map(({ ms }) => ms)) / median(unknown.map(({ ms }) => ms));
    assert.ok(ratio > 0.8 && ratio < 1.25, `ratio ${ratio}`);
  }

  test('S004: a reset says the same, as late, and sends no mail inline', () =>
    compare('/request-password-reset', 'email'));

  test('S005: so does the mail that verifies an address', () =>
    compare('/send-verification-email', 'email'));

  test('S005: so does a new address that is taken', async () => {
    const other = await signedUp(server);
    const free = await owner.post('/change-email', { newEmail: newEmail() });
    const taken = await owner.post('/change-email', { newEmail: other.email });
    assert.equal(free.status, 200);
    assert.deepEqual(look(taken), look(free));
    assert.ok(taken.ms > 450, `a taken address was answered in ${taken.ms} ms`);
    const rows = await server.sql('SELECT email FROM "user" WHERE id = $1', [
      owner.id,
    ]);
    assert.equal(rows[0].email, owner.email);
  });

  test('S071: links name the configured address, whatever Host says', async () => {
    const before = server.mails().length;
    for (const [name, value] of [
      ['X-Forwarded-Host', 'evil.example'],
      ['Forwarded', 'host=evil.example;proto=https'],
      ['X-Forwarded-Proto', 'gopher'],
      ['Host', 'evil.example'],
    ]) {
      const answer = await server
        .visitor()
        .post('/request-password-reset', { email: owner.email }, { [name]: value });
      assert.equal(answer.status, name === 'Host' ? 421 : 200, name);
    }
    await until(() => server.mails().length === before + 3, 'three mails');
    for (const { url } of server.mails().slice(before)) {
      assert.match(url, /^http:\/\/book\.example\/api\/auth\/reset-password\//);
    }
  });
});
