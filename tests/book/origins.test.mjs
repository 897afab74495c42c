// SPDX-License-Identifier: Apache-2.0
// Where the book is and where its server is: on one origin, on subdomains of
// one site, on two sites; and what lets the server know the reader each time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  answerAll,
  reload,
  signIn,
  signOut,
  signUp,
  status,
  unexpected,
  wayIn,
} from './acts.mjs';
import { browserFor, pageOf, settled } from './chromium.mjs';
import { bookOf } from './builds.mjs';
import { startHosts } from './hosts.mjs';
import {
  SKIP_BOOK,
  itemOf,
  newEmail,
  openBook,
  stopPostgres,
  suite,
} from './site.mjs';
import { freePorts } from '../wire/raw.mjs';

after(stopPostgres);

const BOOK = 'https://book.test';
const SIBLING = 'https://api.book.test';
const OTHER = 'https://api.other.test';

/**
 * A book at https://book.test with its server at `server`, and a browser that
 * finds both. Where they are not one origin, the book is on a host of static
 * files, and the server has nothing but its API.
 */
async function openTier(scope, { build, server, settings, thirdParty }) {
  const folder = await bookOf(build);
  const isOne = server === BOOK;
  const [port] = await freePorts(1);
  const book = await openBook(scope, {
    port,
    settings: {
      BETTER_AUTH_URL: server,
      TRUSTED_PROXIES: '127.0.0.1',
      ...(isOne && { SITE_DIR: folder }),
      ...settings,
    },
  });
  const listen = await startHosts(scope, [
    ...(isOne ? [] : [{ name: 'book.test', root: folder }]),
    { name: new URL(server).hostname, port },
  ]);
  const browser = await browserFor(scope, {
    hosts: {
      'book.test': listen,
      [new URL(server).hostname]: listen,
    },
    thirdParty,
  });
  return { ...book, server, browser, at: (path) => `${BOOK}${path}` };
}

/** How the server was told who asks, each time the page asked it that. */
function heedCredentials(page) {
  const seen = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/reader') {
      seen.push(
        request.allHeaders().then(({ cookie = '', authorization }) => ({
          cookie: cookie.includes('session_token='),
          bearer: authorization !== undefined,
        })),
      );
    }
  });
  return async () => {
    const { cookie, bearer } = (await Promise.all(seen)).at(-1);
    return [cookie && 'cookie', bearer && 'bearer'].filter(Boolean).join(' ');
  };
}

/** Every token the page could find. */
const tokensIn = (page) =>
  page.evaluate(() =>
    [sessionStorage, localStorage].flatMap((storage) =>
      Object.keys(storage).filter((name) => /token/.test(name)),
    ),
  );

const sessionCookies = async (browser) =>
  (await browser.cookies()).filter(({ name }) => /session_token/.test(name));

/** Signs up, answers, reads, leaves and comes back: the same on every tier. */
async function live(tier) {
  const { browser } = tier;
  const page = await pageOf(browser);
  const credential = heedCredentials(page);
  const email = newEmail();
  await page.goto(tier.at('/variants'));
  await settled(page);
  assert.equal(await wayIn(page), 'slow');
  await signUp(page, tier, email);
  await answerAll(page);
  assert.equal(await wayIn(page), 'quick');
  await reload(page);
  await status(page, 'in');
  assert.equal(await wayIn(page), 'quick');
  const used = await credential();
  const [cookie] = await sessionCookies(browser);
  const tokens = await tokensIn(page);
  await signOut(page);
  assert.equal(await wayIn(page), 'slow');
  assert.deepEqual(await tokensIn(page), []);
  assert.deepEqual(await sessionCookies(browser), []);
  const { owner, answers, progress } = await itemOf(page);
  assert.deepEqual(
    { owner, answers, read: Object.keys(progress) },
    { owner: null, answers: {}, read: [] },
  );
  await signIn(page, tier, email);
  await status(page, 'in');
  assert.equal(await wayIn(page), 'quick');
  assert.deepEqual(unexpected(page), []);
  await page.close();
  return { used, cookie, tokens };
}

/** Whether this browser sends a cookie of the server's from a page of ours. */
async function sendsThirdParty({ browser, server, at }) {
  const probe = { name: 'probe', value: '1', url: server };
  const more = { sameSite: 'None', secure: true, httpOnly: true };
  await browser.addCookies([{ ...probe, ...more }]);
  const page = await browser.newPage();
  const asked = page.waitForRequest(`${server}/api/reader`);
  await page.goto(at('/'));
  const { cookie = '' } = await (await asked).allHeaders();
  await page.close();
  return cookie.includes('probe=1');
}

/** A tier of its own for the tests of a suite. */
function tierOf(options) {
  const scope = suite();
  const tier = {};
  before(async () => {
    Object.assign(tier, await openTier(scope, options));
  });
  return tier;
}

describe('a book and its server on one origin', { skip: SKIP_BOOK }, () => {
  const tier = tierOf({ build: 'small', server: BOOK });

  test('needs nothing but its address', async () => {
    const { used, cookie, tokens } = await live(tier);
    assert.equal(used, 'cookie');
    assert.equal(cookie.name, '__Secure-better-auth.session_token');
    assert.deepEqual(
      [cookie.domain, cookie.secure, cookie.httpOnly, cookie.sameSite],
      ['book.test', true, true, 'Lax'],
    );
    assert.deepEqual(tokens, []);
  });
});

describe('a server on a subdomain', { skip: SKIP_BOOK }, () => {
  const tier = tierOf({
    build: 'sibling',
    server: SIBLING,
    settings: { FRONTEND_URL: BOOK },
  });

  test('knows readers by a cookie of its own', async () => {
    const { used, cookie, tokens } = await live(tier);
    assert.equal(used, 'cookie');
    assert.deepEqual(
      [cookie.domain, cookie.secure, cookie.httpOnly, cookie.sameSite],
      ['api.book.test', true, true, 'Lax'],
    );
    assert.deepEqual(tokens, []);
  });
});

const ABROAD = { FRONTEND_URL: BOOK, COOKIE_SAME_SITE: 'none' };
const PARTITIONED = { ...ABROAD, COOKIE_PARTITIONED: 'on' };
const TOKEN = [`bookplate-token:${OTHER}`];

/** thirdParty: of the browser; then what comes of it. */
const CASES = [
  {
    name: 'and its cookies allowed',
    settings: ABROAD,
    thirdParty: true,
    expected: { used: 'cookie', tokens: [], partitioned: false },
  },
  {
    name: 'and its cookies blocked',
    settings: ABROAD,
    thirdParty: false,
    expected: { used: 'bearer', tokens: TOKEN, partitioned: undefined },
  },
  {
    name: 'and its cookies partitioned',
    settings: PARTITIONED,
    thirdParty: true,
    expected: { used: 'cookie', tokens: [], partitioned: true },
  },
  {
    name: 'and its cookies partitioned, others blocked',
    settings: PARTITIONED,
    thirdParty: false,
    expected: { used: 'cookie', tokens: [], partitioned: true },
  },
];

for (const { name, settings, thirdParty, expected } of CASES) {
  describe(`a server on another site, ${name}`, { skip: SKIP_BOOK }, () => {
    const tier = tierOf({
      build: 'other',
      server: OTHER,
      settings,
      thirdParty,
    });

    test('knows readers all the same', async () => {
      assert.equal(await sendsThirdParty(tier), thirdParty);
      const { used, cookie, tokens } = await live(tier);
      const partitioned = cookie && cookie.partitionKey !== undefined;
      assert.deepEqual({ used, tokens, partitioned }, expected);
    });
  });
}

describe('a server that was not told of the book', { skip: SKIP_BOOK }, () => {
  const tier = tierOf({ build: 'other', server: OTHER });
  /** What Chromium says of an answer that the page may not read. */
  const isBlocked = (text) => /blocked by CORS policy|ERR_FAILED/.test(text);

  test('leaves it readable, and the page says so', async () => {
    const page = await pageOf(tier.browser);
    await page.goto(tier.at('/variants'));
    await status(page, 'offline');
    assert.equal(await wayIn(page), 'slow');
    await page.goto(tier.at('/sign-in'));
    await page.getByText('The server does not answer.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.goto(tier.at('/variants'));
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('button', { name: 'Read ✓' }).waitFor();
    assert.ok(page.problems.some((text) => /CORS/.test(text)));
    assert.deepEqual(
      page.problems.filter((text) => !isBlocked(text)),
      [],
    );
    await page.close();
  });
});
