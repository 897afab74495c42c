// SPDX-License-Identifier: Apache-2.0
// What every route says, and who may ask.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Connection } from '../wire/raw.mjs';
import {
  SKIP,
  answersTo,
  ask,
  folderFor,
  request,
  start,
  writeSite,
} from './program.mjs';

const PAGES = 1000;

/** A server with a book. */
function startBook(t, env = {}) {
  const folder = folderFor(t);
  writeSite(folder, 'Book');
  return start(t, { env: { SITE_DIR: folder, ...env } });
}

const words = (text) => text.split(', ').sort();

describe('routes', { skip: SKIP }, () => {
  test('HEAD says what GET says', async (t) => {
    const { port } = await startBook(t);
    for (const path of ['/', '/healthz', '/readyz', '/none', '/404.html']) {
      const get = await ask(port, 'GET', path);
      const head = await ask(port, 'HEAD', path);
      const told = (answer) =>
        answer.fields.filter(([name]) => name !== 'date');
      assert.equal(head.status, get.status);
      assert.deepEqual(told(head), told(get));
      assert.ok(get.body.length > 0);
      assert.equal(Number(head.get('content-length')), get.body.length);
    }
  });

  test('OPTIONS tells the methods, others are 405', async (t) => {
    const { port } = await startBook(t);
    for (const path of ['/', '/healthz', '/readyz']) {
      const { status, get } = await ask(port, 'OPTIONS', path);
      assert.equal(status, 204);
      assert.deepEqual(words(get('allow')), ['GET', 'HEAD', 'OPTIONS']);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const refused = await ask(port, method, path, { 'Content-Length': 0 });
        assert.equal(refused.status, 405);
        assert.deepEqual(words(refused.get('allow')), words(get('allow')));
      }
    }
    const nowhere = await ask(port, 'POST', '/none', { 'Content-Length': 0 });
    assert.equal(nowhere.status, 404);
  });

  test('the probes answer in JSON that nobody keeps', async (t) => {
    const { port } = await start(t);
    for (const [path, status] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ]) {
      const answer = await ask(port, 'GET', path);
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.body), { status });
      assert.match(answer.get('content-type'), /^application\/json/);
      assert.match(answer.get('cache-control'), /no-store/);
    }
  });
});

describe('security fields', { skip: SKIP }, () => {
  const always = {
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /./,
    'content-security-policy': /frame-ancestors 'none'/,
  };

  async function check(port, path, more) {
    const { status, get } = await ask(port, 'GET', path);
    for (const [name, value] of Object.entries({ ...always, ...more })) {
      assert.match(`${get(name)}`, value, `${name} of ${path} (${status})`);
    }
  }

  test('stand on data, page and book', async (t) => {
    const plain = await start(t);
    const book = await startBook(t);
    const closed = { 'content-security-policy': /default-src 'none'/ };
    const unlocked = { 'strict-transport-security': /^undefined$/ };
    await check(plain.port, '/healthz', { ...closed, ...unlocked });
    await check(plain.port, '/none', closed);
    await check(plain.port, '/', { ...closed, ...unlocked });
    await check(book.port, '/', unlocked);
    await check(book.port, '/none', {});
  });

  test('bind to https where the public URL does', async (t) => {
    const { port } = await startBook(t, { BETTER_AUTH_URL: 'https://b.example' });
    for (const path of ['/healthz', '/']) {
      const answer = await ask(port, 'GET', path, { Host: 'b.example' });
      assert.match(answer.get('strict-transport-security'), /^max-age=\d+$/);
    }
  });
});

describe('hosts and origins', { skip: SKIP }, () => {
  const BETTER_AUTH_URL = 'https://b.example';

  test('only its own name is served, but for probes', async (t) => {
    const { port } = await startBook(t, { BETTER_AUTH_URL });
    for (const [Host, status] of [
      ['b.example', 200],
      ['B.Example:443', 200],
      ['b.example:80', 421],
      ['b.example.evil', 421],
      ['a.b.example', 421],
      ['127.0.0.1', 421],
      ['[::1]:443', 421],
      ['b.example:0', 421],
      ['b.example:99999', 421],
      ['', 421],
    ]) {
      const answer = await ask(port, 'GET', '/', { Host });
      // What cannot be a host at all may be refused as such.
      assert.ok([status, status === 421 ? 400 : 0].includes(answer.status), Host);
    }
    for (const path of ['/healthz', '/readyz']) {
      const answer = await ask(port, 'GET', path, { Host: '127.0.0.1' });
      assert.equal(answer.status, 200);
    }
    const asked = await ask(port, 'OPTIONS', '/', { Host: 'evil' });
    assert.equal(asked.status, 421);
  });

  test('a preflight is answered for friends only', async (t) => {
    const FRONTEND_URL = 'https://app.example,https://*.team.example';
    const { port } = await start(t, { env: { FRONTEND_URL, BETTER_AUTH_URL } });
    const preflight = (Origin) =>
      ask(port, 'OPTIONS', '/healthz', {
        Host: 'b.example',
        Origin,
        'Access-Control-Request-Method': 'POST',
      });
    for (const Origin of [
      'https://app.example',
      'https://b.example',
      'https://x.team.example',
    ]) {
      const { status, get } = await preflight(Origin);
      assert.equal(status, 204);
      assert.equal(get('access-control-allow-origin'), Origin);
      assert.equal(get('access-control-allow-credentials'), 'true');
      assert.match(get('access-control-allow-methods'), /POST/);
      assert.match(get('vary'), /Origin/);
      const echo = await ask(port, 'GET', '/healthz', { Origin });
      assert.equal(echo.get('access-control-allow-origin'), Origin);
      assert.equal(echo.get('access-control-allow-methods'), undefined);
    }
    for (const Origin of [
      'http://app.example',
      'https://app.example:444',
      'https://app.example.evil',
      'https://team.example',
      'https://xteam.example',
      'null',
      'https://app.example, https://app.example',
      '',
    ]) {
      const { get } = await preflight(Origin);
      assert.equal(get('access-control-allow-origin'), undefined, Origin);
      assert.match(get('vary'), /Origin/);
    }
  });
});

describe('a pipeline', { skip: SKIP }, () => {
  const GET = request('GET', '/healthz');

  async function pipeline(t, bytes, count) {
    const { port } = await start(t);
    const connection = await Connection.open(port);
    t.after(() => connection.destroy());
    const answers = await answersTo(connection, bytes, count);
    return { connection, codes: answers.map(({ status }) => status) };
  }

  test('of a thousand is answered in full and in order', async (t) => {
    const two = GET + request('GET', '/none');
    const bytes = two.repeat(PAGES / 2);
    const { connection, codes } = await pipeline(t, bytes, PAGES);
    const expected = Array.from({ length: PAGES }, (_, i) => (i % 2 ? 404 : 200));
    assert.deepEqual(codes, expected);
    assert.equal(connection.closed, false);
    assert.equal(connection.answers().rest, 0);
  });

  for (const at of [0, 1, 15, 16, 17, 500, PAGES - 1]) {
    test(`ends with what is bad at ${at}`, async (t) => {
      const bad = 'GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n';
      const bytes = GET.repeat(at) + bad + GET.repeat(PAGES - 1 - at);
      const { connection, codes } = await pipeline(t, bytes, PAGES);
      assert.ok(await connection.until(() => connection.closed, 5000));
      assert.equal(connection.error, null);
      assert.deepEqual(codes, [...Array(at).fill(200), 400]);
    });
  }
});
