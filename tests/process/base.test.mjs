// SPDX-License-Identifier: Apache-2.0
// A book that is not at "/": where SITE_BASE or the book itself puts it, what
// keeps the server from starting, and what a reload makes of a book that moved.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { SKIP, ask, folderFor, run, start, until, writeSite } from './program.mjs';

const HTML = { Accept: 'text/html' };

/** A small built book; `book` is its book.json. */
function buildAt(folder, book) {
  mkdirSync(folder, { recursive: true });
  writeSite(folder, 'Home');
  for (const part of ['docs', 'assets/js', 'ur/assets/js', 'bookplate']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write('docs/intro.html', '<title>Intro</title>');
  write('assets/js/main.0123abcd.js', 'let a = 1;');
  write('ur/index.html', '<title>Urdu</title>');
  write('ur/404.html', '<title>Lost in Urdu</title>');
  write('ur/assets/js/main.89abcdef.js', 'let b = 1;');
  if (book !== undefined) {
    write('bookplate/book.json', typeof book === 'string' ? book : JSON.stringify(book));
  }
  return folder;
}

async function startAt(t, { book, base, ...env } = {}) {
  const cwd = folderFor(t);
  const site = buildAt(join(cwd, 'site'), book);
  const server = await start(t, {
    cwd,
    env: { SITE_DIR: site, ...(base !== undefined && { SITE_BASE: base }), ...env },
  });
  const get = (path, fields) => ask(server.port, 'GET', path, fields);
  return { server, site, get };
}

/** Everything a book has is there, below its base and nowhere else. */
async function isBelow(get, base) {
  const home = await get(base);
  assert.equal(home.status, 200);
  assert.match(home.body, /Home/);
  assert.match(home.get('etag'), /^"/);
  assert.match((await get(`${base}docs/intro`)).body, /Intro/);
  assert.match((await get(`${base}docs/intro/`)).body, /Intro/);
  assert.match((await get(`${base}ur/`)).body, /Urdu/);
  const lost = await get(`${base}docs/none`, HTML);
  assert.equal(lost.status, 404);
  assert.match(lost.body, /Home.* not found/);
  assert.match((await get(`${base}ur/none`, HTML)).body, /Lost in Urdu/);
  for (const name of ['assets/js/main.0123abcd.js', 'ur/assets/js/main.89abcdef.js']) {
    const asset = await get(base + name);
    assert.equal(asset.get('cache-control'), 'public, max-age=31536000, immutable');
  }
  assert.match(home.get('cache-control'), /max-age=0, must-revalidate/);
  const headers = { 'If-None-Match': home.get('etag') };
  assert.equal((await get(base, headers)).status, 304);
  for (const path of ['/', base.slice(0, -1)].filter(() => base !== '/')) {
    const sent = await get(`${path}?from=mail`);
    assert.equal(sent.status, 302, path);
    assert.equal(sent.get('location'), `${base}?from=mail`);
    assert.equal(sent.get('cache-control'), 'no-store');
  }
  if (base !== '/') {
    assert.equal((await get('/docs/intro')).status, 404);
  }
  assert.equal((await get('/readyz')).status, 200);
  assert.equal((await get('/api/questionnaire')).status, 200);
  assert.equal((await get('/api/auth/ok')).status, 200);
}

describe('the base of a book', { skip: SKIP }, () => {
  test('is what SITE_BASE says', async (t) => {
    const { get } = await startAt(t, { base: '/book/' });
    await isBelow(get, '/book/');
  });

  test('is what the book says, where nothing is set', async (t) => {
    const { get } = await startAt(t, { book: { base_url: '/a/b/' } });
    await isBelow(get, '/a/b/');
  });

  test('is / without either, and where the setting says so', async (t) => {
    const { get } = await startAt(t, { book: { title: 'no base_url' } });
    await isBelow(get, '/');
    const other = await startAt(t, { book: { base_url: '/a/b/' }, base: '/' });
    await isBelow(other.get, '/');
  });

  test('moves with the next build, and stays when that one is wrong', async (t) => {
    const { server, site, get } = await startAt(t, { book: { base_url: '/one/' }, LOOPS: '1' });
    const reload = async (event, count) => {
      server.signal('SIGHUP');
      await until(() => server.logs().length >= count, event);
      assert.equal(server.events().at(-1).event, event);
    };
    buildAt(site, { base_url: '/two/' });
    await isBelow(get, '/one/');
    await reload('reloaded', 1);
    await until(async () => (await get('/two/')).status === 200, 'the new base');
    await isBelow(get, '/two/');
    assert.equal((await get('/one/')).status, 404);
    buildAt(site, { base_url: '/api/' });
    await reload('reload_refused', 2);
    assert.match(server.events().at(-1).reason, /base_url.*\/api\//);
    await isBelow(get, '/two/');
  });

  const wrong = [
    ['book', /SITE_BASE: "book" must begin and end with a slash/],
    ['/book', /SITE_BASE: "\/book" must begin and end with a slash/],
    ['//evil.example/', /two slashes/],
    ['/a/../', /"\.\."/],
    ['/a?b/', /letters, digits/],
    ['/a#b/', /letters, digits/],
    ['/%2e%2e/', /letters, digits/],
    ['/api/', /below \/api\//],
    ['/api/book/', /below \/api\//],
    ['/auth/', /below \/auth\//],
    ['/healthz/', /below \/healthz\//],
    ['/.well-known/x/', /below \/\.well-known\//],
    [`/${'x'.repeat(127)}/`, /SITE_BASE/],
  ];
  for (const [base, line] of wrong) {
    test(`SITE_BASE=${base.slice(0, 20)} keeps the server from starting`, async (t) => {
      const cwd = folderFor(t);
      const env = { SITE_DIR: buildAt(join(cwd, 'site')), SITE_BASE: base, PORT: '0' };
      for (const command of [['serve'], ['check']]) {
        const { code, stdout, stderr } = await run(command, { cwd, env });
        assert.equal(code, 2, stderr);
        assert.equal(stdout, '');
        assert.match(stderr, line);
        assert.match(stderr, /^bookplate: [^\n]+\n$/);
      }
    });
  }

  const broken = [
    ['{', /book\.json: is not a JSON object/],
    [{ base_url: 7 }, /book\.json: base_url: is no text/],
    [{ base_url: 'book' }, /book\.json: base_url: must begin and end/],
    [{ base_url: '/auth/' }, /book\.json: base_url: .*below \/auth\//],
  ];
  for (const [book, line] of broken) {
    test(`so does a book that says ${JSON.stringify(book)}`, async (t) => {
      const cwd = folderFor(t);
      const env = { SITE_DIR: buildAt(join(cwd, 'site'), book), PORT: '0' };
      const { code, stderr } = await run(['serve'], { cwd, env });
      assert.notEqual(code, 0);
      assert.match(stderr, line);
      assert.match(stderr, /^bookplate: [^\n]*SITE_DIR: [^\n]+\n$/);
    });
  }
});
