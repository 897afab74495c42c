// SPDX-License-Identifier: Apache-2.0
// What a page of the book does for a guest who signs up: offers, the account
// by Better Auth's call, and then answers and progress from before. In a real
// browser, from a page of the server's own origin by cookie, and from one of
// another site by bearer.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  folderFor,
  newEmail,
  openBook,
  stopPostgres,
  suite,
} from './people.mjs';

const CHROMIUM = '/usr/bin/chromium';
const NO_BROWSER = !existsSync(CHROMIUM) && 'chromium is not installed';
const WAIT_MS = 60_000;
const PAGE = '<!doctype html><title>A page</title><link rel="icon" href="data:,">';
const PROGRESS = [
  { page: '/book/docs/intro', state: 'read', place: '#end', seconds: 60, at: 2000 },
  { page: '/book/docs/next', state: 'visited', place: '', seconds: 5, at: 1000 },
];

after(stopPostgres);

const require = createRequire(import.meta.url);

function startBrowser(t) {
  const { chromium } = require('playwright-core');
  return chromium.launchPersistentContext(join(folderFor(t), 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    timeout: WAIT_MS,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
}

/** Another site's host, with one page. */
async function startHost(t) {
  const host = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  t.after(() => {
    host.closeAllConnections();
    host.close();
  });
  return `http://localhost:${host.address().port}`;
}

/** Runs in the page: the calls of a theme, one after the other. */
async function play({ server, byBearer, email, password, answers, progress }) {
  const credentials = byBearer ? 'omit' : 'include';
  const seen = {};
  let bearer = null;
  const call = async (method, path, body, more = {}) => {
    const answer = await fetch(server + path, {
      method,
      credentials,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...more,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const { status, headers } = answer;
    return {
      status,
      json: await answer.json(),
      tag: headers.get('etag'),
      token: headers.get('set-auth-token'),
    };
  };
  seen.offers = await call('GET', '/api/offers');
  seen.guest = await call('GET', '/api/reader');
  const person = { email, password, name: 'Ada' };
  seen.made = await call('POST', '/api/auth/sign-up/email', person);
  bearer = byBearer ? seen.made.token : null;
  seen.empty = await call('GET', '/api/reader');
  const merge = { answers, merge: 'guest-7f3a' };
  const match = { 'if-match': seen.empty.json.etag };
  seen.merged = await call('PUT', '/api/profile', merge, match);
  seen.again = await call('PUT', '/api/profile', merge);
  seen.stale = (await call('PUT', '/api/profile', { answers }, match)).status;
  seen.kept = await call('PUT', '/api/progress', { progress });
  seen.reader = await call('GET', '/api/reader?since=0');
  seen.out = await call('POST', '/api/auth/sign-out', {});
  seen.over = await call('GET', '/api/reader');
  return seen;
}

function isWhole(seen, email) {
  assert.deepEqual(seen.offers.json.methods, ['password']);
  assert.match(seen.offers.tag, /^"/);
  assert.equal(seen.guest.status, 200);
  assert.equal(seen.guest.json.profile, null);
  assert.equal(seen.made.status, 200, JSON.stringify(seen.made));
  assert.equal(seen.empty.json.profile.user.email, email);
  assert.deepEqual(seen.empty.json.profile.answers, {});
  assert.equal(seen.merged.status, 200, JSON.stringify(seen.merged));
  assert.deepEqual(seen.merged.json.answers, BACKGROUND);
  assert.equal(seen.again.tag, seen.merged.tag); // once for each id
  assert.equal(seen.stale, 412);
  assert.equal(seen.kept.status, 200, JSON.stringify(seen.kept));
  const { profile, etag, progress } = seen.reader.json;
  assert.deepEqual(profile, seen.merged.json);
  assert.equal(etag, seen.merged.tag);
  assert.deepEqual(progress, PROGRESS);
  assert.equal(seen.out.status, 200);
  assert.equal(seen.over.status, 200);
  assert.equal(seen.over.json.profile, null);
}

for (const engine of ENGINES) {
  describe(`a guest who signs up, on ${engine}`, { skip: SKIP || NO_BROWSER }, () => {
    const scope = suite();
    let context;
    let book;
    let away;

    before(async () => {
      const site = folderFor(scope);
      writeFileSync(join(site, 'index.html'), PAGE);
      away = await startHost(scope);
      context = await startBrowser(scope);
      scope.after(() => context.close());
      book = await openBook(scope, {
        engine,
        settings: { SITE_DIR: site, SITE_BASE: '/book/', FRONTEND_URL: away },
      });
    });

    /** All of it on a page there; what the console showed red. */
    async function walk(url, byBearer) {
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      const problems = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
          problems.push(message.text());
        }
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(url);
      const email = newEmail();
      const seen = await page.evaluate(play, {
        server: book.url,
        byBearer,
        email,
        password: PASSWORD,
        answers: BACKGROUND,
        progress: PROGRESS,
      });
      isWhole(seen, email);
      // The one that was to be refused.
      assert.equal(problems.length, 1, `${problems}`);
      assert.match(problems[0], /status of 412/);
      await page.close();
      return seen;
    }

    test('on a page of this server, by cookie', async () => {
      const { over } = await walk(`${book.url}/book/`, false);
      assert.equal('refused' in over.json, false); // the cookie went with it
    });

    test('on a page of this server, by bearer', async () => {
      await walk(`${book.url}/book/`, true);
    });

    test('on a page of another site, by bearer', async () => {
      const { made, over } = await walk(`${away}/`, true);
      assert.ok(made.token.length > 32, 'set-auth-token can be read');
      assert.equal(over.json.refused, 'UNAUTHORIZED');
    });

    test('asks before it sends, and is told what it may', async () => {
      const wanted = ['authorization', 'content-type', 'if-match', 'if-none-match'];
      for (const [method, path] of [
        ['POST', '/api/auth/sign-up/email'],
        ['GET', '/api/reader'],
        ['PUT', '/api/profile'],
        ['PUT', '/api/progress'],
      ]) {
        const { headers } = await book.call('OPTIONS', path, {
          headers: {
            origin: away,
            'access-control-request-method': method,
            'access-control-request-headers': wanted.join(','),
          },
        });
        assert.equal(headers['access-control-allow-origin'], away, path);
        assert.ok(headers['access-control-allow-methods'].includes(method), path);
        const allowed = headers['access-control-allow-headers'].split(/, */);
        assert.deepEqual(wanted.filter((name) => !allowed.includes(name)), [], path);
      }
    });
  });
}
