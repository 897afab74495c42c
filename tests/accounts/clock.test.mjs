// SPDX-License-Identifier: Apache-2.0
// What time does: links and sessions end, limits do not mind a clock that is
// put back, and nobody is locked out or let in by it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import { startWithClock, whyNoClock } from './clock.mjs';
import { PASSWORD, SKIP, WRONG, signedUp } from './house.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const skip = SKIP || whyNoClock();
if (skip) {
  console.log(`# skipped: ${skip}`);
}

describe('the clock', { skip }, () => {
  for (const storage of ['memory', 'database']) {
    test(`S019: put back, it neither blocks nor frees (${storage})`, async (t) => {
      const server = await startWithClock(t, { RATE_LIMIT: storage });
      const visitor = await signedUp(server);
      const guess = async () => (await visitor.signIn(visitor.email, WRONG)).status;
      assert.deepEqual(
        [await guess(), await guess(), await guess()],
        [401, 401, 401],
      );
      assert.equal(await guess(), 429);
      server.step(-HOUR);
      const after = [];
      for (let i = 0; i < 8; i++) {
        after.push(await guess());
      }
      const free = after.filter((status) => status === 401).length;
      assert.ok(free <= (storage === 'memory' ? 0 : 3), `${after}`);
      assert.equal(after.at(-1), 429);
      server.step(-HOUR + 11); // what a row in the database goes by
      if (storage === 'database') {
        assert.equal(await guess(), 401, 'ten seconds later it is over');
      }
      assert.equal((await visitor.get('/get-session')).status, 200);
    });
  }

  test('S019: put back, it ends no session', async (t) => {
    const server = await startWithClock(t);
    const visitor = await signedUp(server);
    server.step(-HOUR);
    assert.equal((await visitor.session()).user.email, visitor.email);
  });

  test('S054: a link for a new password ends after an hour', async (t) => {
    const server = await startWithClock(t);
    const { email } = await signedUp(server);
    await server.visitor().post('/request-password-reset', { email });
    await until(() => server.mails().length === 1, 'the mail');
    const token = /reset-password\/([^?]+)/.exec(server.mails()[0].url)[1];
    const use = () =>
      server
        .visitor()
        .post('/reset-password', { token, newPassword: 'a harbour by night' });
    server.step(HOUR + 1);
    const late = await use();
    assert.deepEqual([late.status, late.json.code], [400, 'INVALID_TOKEN']);
    const page = await server
      .visitor()
      .get(`/reset-password/${token}?callbackURL=/new`);
    assert.match(page.headers.location, /error=INVALID_TOKEN/);
    assert.equal((await server.visitor().signIn(email)).status, 200);
    server.step(HOUR - 60);
    assert.equal((await use()).status, 200, 'a minute before, it works');
  });

  test('S054: so does the link that verifies an address', async (t) => {
    const server = await startWithClock(t, { REQUIRE_EMAIL_VERIFICATION: 'on' });
    await server.visitor().signUp('late@book.example');
    await until(() => server.mails().length === 1, 'the mail');
    const link = new URL(server.mails()[0].url);
    const follow = (more = '') =>
      server
        .visitor()
        .get(
          link.pathname.slice('/api/auth'.length) +
            `?token=${link.searchParams.get('token')}${more}`,
        );
    server.step(HOUR + 1);
    const late = await follow();
    assert.deepEqual([late.status, late.json.code], [401, 'TOKEN_EXPIRED']);
    server.step(0);
    assert.equal((await follow()).status, 200);
  });

  test('S068: used each day a session lives on, left alone it ends', async (t) => {
    const server = await startWithClock(t);
    const visitor = await signedUp(server);
    let renewed = 0;
    for (let day = 1; day <= 400; day++) {
      server.step(day * DAY + 60 * day);
      const answer = await visitor.get('/get-session');
      assert.equal(answer.json?.user.email, visitor.email, `day ${day}`);
      renewed += answer.cookies.length > 0 ? 1 : 0;
    }
    assert.equal(renewed, 400, 'each day the cookie is sent anew');
    const held = visitor.copy();
    server.step(407 * DAY - HOUR);
    assert.notEqual(await held.copy().session(), null, 'a week is not over');
    server.step(415 * DAY);
    assert.equal(await held.session(), null);
    const rows = await server.sql('SELECT count(*) AS n FROM session');
    assert.equal(Number(rows[0].n), 0, 'and its row is gone');
  });

  test('S068: used within the day it is not written again', async (t) => {
    const server = await startWithClock(t);
    const visitor = await signedUp(server);
    const ends = (await visitor.session()).session.expiresAt;
    server.step(DAY - HOUR);
    assert.equal((await visitor.session()).session.expiresAt, ends);
    server.step(DAY + HOUR);
    assert.notEqual((await visitor.session()).session.expiresAt, ends);
  });

  test('S068: not to be remembered, it ends after a day', async (t) => {
    const server = await startWithClock(t);
    const { email } = await signedUp(server);
    const visitor = server.visitor();
    await visitor.signIn(email, PASSWORD, { rememberMe: false });
    for (const hours of [8, 16, 23]) {
      server.step(hours * HOUR);
      assert.notEqual(await visitor.session(), null, `${hours} h`);
    }
    server.step(24 * HOUR + 1);
    assert.equal(await visitor.session(), null);
  });
});
