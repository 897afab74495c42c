// SPDX-License-Identifier: Apache-2.0
// Who may make a browser change something: origins, and where links lead.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { PASSWORD, given, newEmail, serve } from '../target.mjs';

const NONE = null; // the header is not sent

describe('the origin of a request with cookies', () => {
  const book = serve({ trustedOrigins: ['https://front.example.org'] });
  let visitor;
  before(async () => {
    visitor = await book.reader();
  });
  const update = (headers) =>
    visitor.post('/update-user', { name: 'x' }, headers);

  test('ours is good', async () => {
    assert.equal((await update({ origin: book.origin })).status, 200);
  });

  test('a trusted one is good', async () => {
    const headers = { origin: 'https://front.example.org' };
    assert.equal((await update(headers)).status, 200);
  });

  for (const origin of [
    'https://evil.example',
    'https://front.example.org.evil.example',
    'https://xfront.example.org',
    'http://front.example.org',
    'https://front.example.org:8443',
  ]) {
    test(`${origin} is not`, async () => {
      const answer = await update({ origin });
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.json, {
        message: 'Invalid origin',
        code: 'INVALID_ORIGIN',
      });
    });
  }

  for (const origin of [NONE, 'null']) {
    test(`${origin === NONE ? 'none' : origin} is refused`, async () => {
      const answer = await update({ origin });
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.json, {
        message: 'Missing or null Origin',
        code: 'MISSING_OR_NULL_ORIGIN',
      });
    });
  }

  test('a good Referer stands for it', async () => {
    const headers = { origin: NONE, referer: `${book.origin}/page?x=1` };
    assert.equal((await update(headers)).status, 200);
  });

  test('a bad Referer is refused', async () => {
    const headers = { origin: NONE, referer: 'https://evil.example/page' };
    const answer = await update(headers);
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_ORIGIN');
  });

  test('an unrelated cookie is enough to be asked', async () => {
    const headers = { origin: NONE, cookie: 'a=b' };
    const answer = await book.visitor().post('/sign-out', {}, headers);
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'MISSING_OR_NULL_ORIGIN');
  });

  test('reading is for everybody', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await visitor.get('/get-session', headers);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.user.id, visitor.user.id);
  });
});

describe('the origin of a sign-in', () => {
  const book = serve();
  let email;
  before(async () => {
    ({ email } = await book.reader());
  });
  const signIn = (headers, visitor = book.visitor()) =>
    visitor.post('/sign-in/email', { email, password: PASSWORD }, headers);

  test('may be missing for a program', async () => {
    assert.equal((await signIn({ origin: NONE })).status, 200);
  });

  test('elsewhere is refused', async () => {
    const answer = await signIn({ origin: 'https://evil.example' });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_ORIGIN');
  });

  test('is needed by a browser', async () => {
    const answer = await signIn({ origin: NONE, 'sec-fetch-mode': 'cors' });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'MISSING_OR_NULL_ORIGIN');
  });

  test('of a form on another site is refused', async () => {
    const answer = await signIn({
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED');
  });

  test('of our own page is good', async () => {
    const answer = await signIn({
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    });
    assert.equal(answer.status, 200);
  });

  test('is asked at sign-up as well', async () => {
    const body = { email: newEmail(), name: 'A', password: PASSWORD };
    const headers = { origin: 'https://evil.example' };
    const answer = await book.visitor().post('/sign-up/email', body, headers);
    assert.equal(answer.status, 403);
  });

  test('is not asked where no cookie could be set', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await book.visitor().post('/sign-out', {}, headers);
    assert.equal(answer.status, 200);
  });
});

describe('where links may lead', () => {
  const book = serve({ trustedOrigins: ['https://front.example.org'] });
  let email;
  before(async () => {
    ({ email } = await book.reader());
  });
  const signIn = (callbackURL) =>
    book
      .visitor()
      .client.signIn.email({ email, password: PASSWORD, callbackURL });

  for (const url of [
    '/',
    '/ok',
    '/a/../b',
    '/x?u=https://evil.example',
    '/x#part',
    'https://front.example.org/welcome',
  ]) {
    test(`${url} is good`, async () => {
      assert.equal(given(await signIn(url)).url, url);
    });
  }

  for (const url of [
    '//evil.example',
    '/\\evil.example',
    '/a%2f%2fevil.example',
    '/a%5cevil.example',
    'dash',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://front.example.org@evil.example/',
    'https://front.example.org.evil.example/',
    'http://front.example.org/',
    '/a\tb',
  ]) {
    test(`${JSON.stringify(url)} is not`, async () => {
      const { error } = await signIn(url);
      assert.equal(error.status, 403, url);
      assert.equal(error.code, 'INVALID_CALLBACK_URL');
    });
  }

  test('our own origin is good', async () => {
    const url = `${book.origin}/home`;
    assert.equal(given(await signIn(url)).url, url);
  });
});

describe('origins with wildcards', () => {
  const book = serve({
    trustedOrigins: [
      'https://*.example.org',
      '*.example.com',
      'https://*.example.net:*',
    ],
  });
  let visitor;
  before(async () => {
    visitor = await book.reader();
  });
  const CASES = {
    'https://a.example.org': 200,
    'https://a.b.example.org': 200,
    'https://example.org': 403,
    'http://a.example.org': 403,
    'https://a.example.org:8443': 403,
    'https://a.example.org.evil.example': 403,
    'https://evilexample.org': 403,
    'https://a.example.com': 200,
    'http://a.example.com': 200,
    'https://evilexample.com': 403,
    'https://a.example.net:8443': 200,
  };
  for (const [origin, status] of Object.entries(CASES)) {
    test(`${origin} gets ${status}`, async () => {
      const answer = await visitor.post('/update-user', { name: 'x' }, { origin });
      assert.equal(answer.status, status);
    });
  }
});
