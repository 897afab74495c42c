// SPDX-License-Identifier: Apache-2.0
// How many requests one address may make.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { ENGINE, TARGET, given, serve } from '../target.mjs';

const MESSAGE = 'Too many requests. Please try again later.';

/**
 * Seconds to wait, between two bounds. The original's own, counted in
 * PostgreSQL, is beyond all bounds: it adds a number to a text.
 */
function assertWait({ headers }, least, most, storage) {
  const wait = Number(headers['x-retry-after']);
  const isWrong = TARGET === 'original' && ENGINE === 'postgres';
  const bound = isWrong && storage === 'database' ? Infinity : most;
  assert.ok(wait >= least && wait <= bound, `X-Retry-After: ${wait}`);
}

/** The statuses of so many requests, one after the other. */
async function statuses(ask, count) {
  const all = [];
  for (let i = 0; i < count; i++) {
    all.push((await ask()).status);
  }
  return all;
}

const passed = (list) => list.filter((status) => status !== 429).length;

for (const storage of ['memory', 'database']) {
  describe(`limits counted in ${storage}`, () => {
    const book = serve({ rateLimit: { enabled: true, storage } });
    const signIn = (visitor = book.visitor()) =>
      visitor.post('/sign-in/email', { email: 'a', password: 'b' });
    const request = () =>
      book.visitor().post('/request-password-reset', { email: 'a@b.de' });

    test('let three sign-ins through, then say how long to wait', async () => {
      assert.deepEqual(await statuses(signIn, 4), [400, 400, 400, 429]);
      const answer = await signIn();
      assert.equal(answer.status, 429);
      assert.deepEqual(answer.json, { message: MESSAGE });
      assertWait(answer, 1, 10, storage);
    });

    test('the client sees the refusal', async () => {
      await statuses(signIn, 3);
      const { error } = await book
        .visitor()
        .client.signIn.email({ email: 'a', password: 'b' });
      assert.equal(error.status, 429);
      assert.equal(error.message, MESSAGE);
    });

    test('count each path by itself', async () => {
      await statuses(signIn, 4);
      assert.equal((await request()).status, 400);
    });

    test('let three requests for a mail through in a minute', async () => {
      const list = await statuses(request, 5);
      assert.ok(list.slice(3).every((status) => status === 429), list.join());
      assertWait(await request(), 11, 60, storage);
    });

    test('are generous where nothing is guessed', async () => {
      const get = () => book.visitor().get('/get-session');
      assert.equal(passed(await statuses(get, 60)), 60);
    });

    test('hold for paths that are not there', async () => {
      const list = await statuses(() => book.visitor().get('/nope'), 105);
      assert.equal(passed(list), 100);
    });
  });
}

describe('limits that are set', () => {
  const book = serve({
    rateLimit: {
      enabled: true,
      window: 60,
      max: 5,
      customRules: {
        '/get-session': false,
        '/sign-in/*': { window: 2, max: 1 },
        '/ok': { window: 60, max: 2 },
      },
    },
  });
  const get = (path) => () => book.visitor().get(path);

  test('hold for every path', async () => {
    assert.equal(passed(await statuses(get('/error'), 8)), 5);
  });

  test('can be stricter for one', async () => {
    assert.equal(passed(await statuses(get('/ok'), 5)), 2);
  });

  test('can be off for one', async () => {
    assert.equal(passed(await statuses(get('/get-session'), 20)), 20);
  });

  test('are over after their time', async () => {
    const signIn = () =>
      book.visitor().post('/sign-in/email', { email: 'a', password: 'b' });
    assert.deepEqual(await statuses(signIn, 2), [400, 429]);
    await delay(2100); // the window closes by the clock of the server
    assert.equal((await signIn()).status, 400);
  });
});

describe('limits switched off', () => {
  const book = serve();

  test('are none', async () => {
    const visitor = book.visitor();
    const signIn = () =>
      visitor.post('/sign-in/email', { email: 'a', password: 'b' });
    assert.equal(passed(await statuses(signIn, 20)), 20);
    given(await visitor.client.getSession());
  });
});
