// SPDX-License-Identifier: Apache-2.0
// Which paths there are, and how a body must come.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { given, serve } from '../target.mjs';

describe('paths', () => {
  const book = serve({ disabledPaths: ['/list-accounts', '/update-user'] });

  test('ok is ok', async () => {
    const answer = await book.visitor().get('/ok');
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"ok":true}');
    assert.equal(answer.headers['content-type'], 'application/json');
  });

  for (const path of [
    '/nope',
    '/ok/',
    '/ok/x',
    '//ok',
    '/OK',
    '/sign-in',
    '/sign-in/username',
    '/sign-in/magic-link',
    '/admin/list-users',
    '/token',
    '/jwks',
    '/',
  ]) {
    test(`${JSON.stringify(path)} is not there`, async () => {
      const answer = await book.visitor().get(path);
      assert.equal(answer.status, 404);
      assert.equal(answer.text, '');
    });
  }

  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    test(`${method} /ok is not there`, async () => {
      const answer = await book.visitor().raw(method, '/ok');
      assert.equal(answer.status, 404);
    });
  }

  test('a disabled path is not there', async () => {
    const visitor = await book.reader();
    const answer = await visitor.get('/list-accounts');
    assert.equal(answer.status, 404);
    assert.equal(answer.text, 'Not Found');
    assert.equal((await visitor.post('/update-user', { name: 'x' })).status, 404);
    assert.equal(given(await visitor.client.getSession()).user.name, 'A Reader');
  });

  test('a disabled path stays so when it is written otherwise', async () => {
    const visitor = await book.reader();
    for (const path of ['//list-accounts', '/list-accounts/', '/list%2Daccounts']) {
      assert.equal((await visitor.get(path)).status, 404, path);
    }
  });
});

describe('bodies', () => {
  const book = serve();

  test('of another type are refused', async () => {
    const visitor = await book.reader();
    const headers = { 'content-type': 'text/plain' };
    const answer = await visitor.post('/update-user', '{"name":"x"}', headers);
    assert.equal(answer.status, 415);
    assert.deepEqual(answer.json, {
      message:
        'Content-Type "text/plain" is not allowed. Allowed types: application/json',
      code: 'UNSUPPORTED_MEDIA_TYPE',
    });
  });

  test('may name their character set', async () => {
    const visitor = await book.reader();
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await visitor.post('/update-user', { name: 'ü' }, headers);
    assert.equal(answer.status, 200);
    assert.equal(given(await visitor.client.getSession()).user.name, 'ü');
  });

  test('as a form are refused where a page could send them', async () => {
    const visitor = await book.reader();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await visitor.post('/update-user', 'name=x', headers);
    assert.equal(answer.status, 415);
  });

  for (const body of ['{', '{"name":}', 'name', "{'name':1}"]) {
    test(`${JSON.stringify(body)} is no JSON`, async () => {
      const visitor = await book.reader();
      const answer = await visitor.post('/update-user', body);
      assert.equal(answer.status, 400);
      assert.deepEqual(answer.json, {
        message: 'Invalid JSON in request body',
        code: 'BAD_REQUEST',
      });
    });
  }
});

describe('the page of errors', () => {
  const book = serve();

  test('shows the code', async () => {
    const answer = await book.visitor().get('/error?error=INVALID_TOKEN');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.match(answer.text, /INVALID_TOKEN/);
  });

  test('shows nothing that could be code', async () => {
    const script = encodeURIComponent('<script>alert(1)</script>');
    const path = `/error?error=${script}&error_description=${script}`;
    const answer = await book.visitor().get(path);
    assert.equal(answer.status, 200);
    assert.equal(answer.text.includes('<script>alert'), false);
    assert.match(answer.text, /UNKNOWN/);
  });
});
