// SPDX-License-Identifier: Apache-2.0
// The plain API from a page in a real browser: Debian's Chromium, a new
// profile, no network but this machine. The page comes from the server itself,
// from another origin that FRONTEND_URL lists, and from one it does not.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { whyNoClock } from '../accounts/clock.mjs';
import { openWithClock } from './clock.mjs';
import {
  PASSWORD,
  SKIP,
  folderFor,
  newEmail,
  openBook,
  stopPostgres,
  suite,
} from './people.mjs';

const CHROMIUM = '/usr/bin/chromium';
const PAGE = readFileSync(new URL('page.html', import.meta.url), 'utf8');
const WAIT_MS = 60_000; // two cores, shared with whatever else runs
const LIFE_S = 900;
const NO_BROWSER = !existsSync(CHROMIUM) && 'chromium is not installed';

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

/** Another host that serves the page and nothing else. */
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
  return host.address().port;
}

/** Somebody before a page; `problems` is what the console would show red. */
async function openPage(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const seen = { problems: [], requests: [] };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      seen.problems.push(message.text());
    }
  });
  page.on('pageerror', (error) => seen.problems.push(String(error)));
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    seen.requests.push(`${request.method()} ${pathname}`);
  });
  await page.goto(url);
  return Object.assign(seen, {
    page,
    async press(name) {
      await page.click(`button[name=${name}]`);
      await page.waitForSelector(`#answer[data-act=${name}]`, {
        state: 'attached',
      });
      return JSON.parse(await page.textContent('#answer'));
    },
    async fill(email, hardware) {
      await page.fill('input[name=email]', email);
      await page.fill('input[name=password]', PASSWORD);
      await page.selectOption('select', hardware);
    },
  });
}

/** The refusals a browser reports by itself, as it does for each 401. */
const isRefusal = (text) => /the server responded with a status of 4/.test(text);

/** The whole contract, by hand. */
async function walk(person) {
  const email = newEmail();
  await person.fill(email, 'basic');
  const made = await person.press('signup');
  assert.equal(made.status, 201, JSON.stringify(made));
  const looked = await person.press('profile');
  assert.equal(looked.json.email, email);
  assert.deepEqual(looked.json.background, { hardware_knowledge: 'basic' });
  await person.page.selectOption('select', 'advanced');
  const changed = await person.press('change');
  assert.deepEqual(changed.json.background, { hardware_knowledge: 'advanced' });
  const back = await person.press('signin');
  assert.equal(back.status, 200);
  assert.deepEqual(back.json.background, { hardware_knowledge: 'advanced' });
  assert.equal((await person.press('signout')).status, 200);
  assert.deepEqual(person.problems, []);
  assert.equal((await person.press('profile')).status, 401);
  assert.ok(person.problems.every(isRefusal), `${person.problems}`);
}

describe('a page with fetch()', { skip: SKIP || NO_BROWSER }, () => {
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
      settings: { SITE_DIR: site, FRONTEND_URL: `http://localhost:${away}` },
    });
  });

  test('of the same origin', async () => {
    await walk(await openPage(context, `${book.url}/`));
  });

  test('of another origin, and another site', async () => {
    const url = `http://localhost:${away}/?server=${book.url}`;
    await walk(await openPage(context, url));
  });

  test('of another origin sees versions, and answers by them', async () => {
    const url = `http://localhost:${away}/?server=${book.url}`;
    const { page, problems } = await openPage(context, url);
    const { token } = await book.reader();
    const script = async ([server, token]) => {
      const headers = { authorization: `Bearer ${token}` };
      const ask = async (more) => {
        const answer = await fetch(`${server}/api/profile`, {
          ...more,
          headers: { ...headers, ...more?.headers },
        });
        return { status: answer.status, tag: answer.headers.get('etag') };
      };
      const put = (tag, level) =>
        ask({
          method: 'PUT',
          headers: { 'if-match': tag, 'content-type': 'application/json' },
          body: JSON.stringify({ answers: { hardware_knowledge: level } }),
        });
      const { tag } = await ask();
      const first = await put(tag, 'basic');
      const late = await put(tag, 'advanced');
      const again = await put(first.tag, 'advanced');
      return [tag, first, late, again];
    };
    const [tag, ...puts] = await page.evaluate(script, [book.url, token]);
    assert.match(tag, /^"[^"]+"$/);
    assert.deepEqual(
      puts.map(({ status }) => status),
      [200, 412, 200],
    );
    assert.equal(puts[0].tag, puts[1].tag);
    assert.ok(problems.every(isRefusal), `${problems}`);
  });

  test('of an origin nobody listed: it is told nothing', async () => {
    const url = `http://127.0.0.1:${away}/?server=${book.url}`;
    const person = await openPage(context, url);
    const [{ count }] = await book.sql('SELECT count(*) AS count FROM "user"');
    await person.fill(newEmail(), 'basic');
    await Promise.all([
      person.page.waitForEvent('requestfailed'),
      person.page.click('button[name=signup]'),
    ]);
    assert.equal(await person.page.textContent('#answer'), '');
    const [now] = await book.sql('SELECT count(*) AS count FROM "user"');
    assert.equal(now.count, count);
  });
});

const NO_CLOCK = SKIP || NO_BROWSER || whyNoClock();
describe('a page left open for an hour', { skip: NO_CLOCK }, () => {
  const scope = suite();

  test('gets a new token, and nobody notices', async () => {
    const away = await startHost(scope);
    const book = await openWithClock(scope, {
      settings: { FRONTEND_URL: `http://localhost:${away}` },
    });
    const context = await startBrowser(scope);
    scope.after(() => context.close());
    const url = `http://localhost:${away}/?server=${book.url}`;
    const person = await openPage(context, url);
    await person.fill(newEmail(), 'basic');
    assert.equal((await person.press('signup')).status, 201);
    book.step(LIFE_S * 4);
    const looked = await person.press('profile');
    assert.equal(looked.status, 200, JSON.stringify(looked));
    assert.equal(looked.renewals, 1);
    const changed = await person.press('change');
    assert.equal(changed.status, 200);
    assert.equal(changed.renewals, 1);
    assert.deepEqual(
      person.requests.filter((line) => line !== 'GET /'),
      [
        'POST /auth/signup',
        'GET /auth/profile',
        'POST /auth/refresh',
        'GET /auth/profile',
        'PUT /auth/profile',
      ],
    );
    assert.ok(person.problems.every(isRefusal), `${person.problems}`);
    assert.equal(person.problems.length, 1);
  });
});
