// SPDX-License-Identifier: Apache-2.0
// What readers meet when the server is away, slow or in pain, or their session
// ends while they are at it: the book stays as it is, nothing typed or answered
// is lost, and nobody waits for an answer that does not come.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  answer,
  enterAs,
  reload,
  saved,
  signIn,
  signOut,
  status,
  unexpected,
  wayIn,
} from './acts.mjs';
import { browserFor, pageOf, settled, wordsOn } from './chromium.mjs';
import { startProxy, twoPorts } from './proxy.mjs';
import {
  PASSWORD,
  SKIP_BOOK,
  itemOf,
  newEmail,
  openBuilt,
  stopPostgres,
  suite,
} from './site.mjs';
import { until } from '../process/program.mjs';

after(stopPostgres);

/** The theme gives up after 4 s; drawing what it says then takes a moment. */
const PATIENCE_MS = 4000 + 800;

/** What screens say while they wait for the server. */
const WAITING =
  /^(Asking the server|The questions are on their way|One moment)/;

/** A book behind bad road, and a browser for those who read it. */
function bookBehindProxy() {
  const scope = suite();
  const all = {};
  before(async () => {
    const { port, to } = await twoPorts();
    all.proxy = await startProxy(scope, { port, to });
    all.book = await openBuilt(scope, 'small', {
      port: to,
      settings: { BETTER_AUTH_URL: `http://127.0.0.1:${port}` },
    });
    all.browser = await browserFor(scope);
  });
  /** Somebody with an account, in a browser that nobody else has used. */
  all.reader = async () => {
    const { browser, book } = all;
    await browser.clearCookies();
    const page = await pageOf(browser);
    await page.goto(book.at('/favicon.svg'));
    await page.evaluate(() => localStorage.clear());
    const { email } = await book.reader({ email: newEmail() });
    const cookie = await enterAs(browser, book, email);
    const get = async (path) => (await book.call('GET', path, { cookie })).json;
    return { page, email, get };
  };
  return all;
}

/** Notes by the page's own clock for how long it shows that it waits. */
const heedWaiting = (page) =>
  page.addInitScript((source) => {
    const isWaiting = new RegExp(source);
    const look = () => {
      const now = performance.now();
      const busy = [
        ...document.querySelectorAll('[role="status"], [aria-busy="true"]'),
      ];
      if (busy.some((node) => isWaiting.test(node.textContent.trim()))) {
        window.waitingSince ??= now;
        window.waitingUntil = now;
      }
    };
    setInterval(look, 20);
  }, WAITING.source);

const waitedOn = (page) =>
  page.evaluate(() => (window.waitingUntil ?? 0) - (window.waitingSince ?? 0));

/** What the browser keeps of earlier answers, such as what a server offers. */
async function clearCache(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

/** What Chromium tells every page whose network comes back. */
async function networkReturns(browser) {
  await browser.setOffline(true);
  await browser.setOffline(false);
}

const nameField = (page) => page.locator('main input[name="name"]');
const mainButton = (page, name) =>
  page.getByRole('main').getByRole('button', { name, exact: true });

describe('a server that goes away', { skip: SKIP_BOOK }, () => {
  const all = bookBehindProxy();

  test('is told later what was answered and read', async () => {
    const { proxy, book, browser } = all;
    const { page, get } = await all.reader();
    const chapter = await pageOf(browser);
    await chapter.goto(book.at('/variants'));
    await status(chapter, 'in');
    await page.goto(book.at('/welcome'));
    await status(page, 'in');
    await page.locator('input[name="software_experience"]').first().waitFor();
    await proxy.close();
    await answer(page, 'software_experience', 'expert');
    assert.match(await wordsOn(page), /level:expert/);
    await saved(page, 'Not sent yet: the server does not answer.');
    await chapter.getByText('The short cut.', { exact: true }).waitFor();
    await chapter.getByRole('button', { name: 'Mark as read' }).click();
    await chapter.getByRole('button', { name: 'Read ✓' }).waitFor();
    assert.deepEqual((await get('/api/profile')).answers, {});
    await proxy.open();
    await networkReturns(browser);
    await saved(page, 'Saved');
    await until(async () => {
      const { answers } = await get('/api/profile');
      const { progress } = await get('/api/progress');
      const read = progress.find((step) => step.page === '/variants');
      return answers.software_experience === 'expert' && read?.state === 'read';
    }, 'the server to know the answer and the chapter');
    assert.deepEqual((await itemOf(page)).unsentAnswers, []);
    assert.equal(await wayIn(chapter), 'quick');
    for (const one of [page, chapter]) {
      assert.deepEqual(unexpected(one, { outage: true }), []);
      await one.close();
    }
  });

  test('leaves the book, and its reader, as they were', async () => {
    const { proxy, book } = all;
    const { page } = await all.reader();
    await page.goto(book.at('/welcome'));
    await status(page, 'in');
    await answer(page, 'software_experience', 'expert');
    await saved(page, 'Saved');
    proxy.mode = 'cut';
    await page.goto(book.at('/variants'));
    await status(page, 'offline');
    assert.equal(await wayIn(page), 'quick');
    assert.equal(await page.getByLabel('Your account').isVisible(), true);
    await page.goto(book.at('/account'));
    await page.getByText('The server does not answer.').first().waitFor();
    assert.equal(await nameField(page).isVisible(), true);
    proxy.mode = 'pass';
    await mainButton(page, 'Try again').first().click();
    await status(page, 'in');
    assert.deepEqual(unexpected(page, { outage: true }), []);
    await page.close();
  });

  test('lets nobody in, says so, and is asked again', async () => {
    const { proxy, book, browser } = all;
    await browser.clearCookies();
    const page = await pageOf(browser);
    for (const mode of ['cut', 'fail']) {
      await clearCache(page);
      proxy.mode = mode;
      await page.goto(book.at('/sign-in'));
      await page.getByText('The server does not answer.').waitFor();
      proxy.mode = 'pass';
      await mainButton(page, 'Try again').click();
      await page.locator('main input[name="email"]').waitFor();
    }
    assert.deepEqual(unexpected(page, { outage: true }), []);
    await page.close();
  });

  test('takes nothing of what was typed', async () => {
    const { proxy, book, browser } = all;
    await browser.clearCookies();
    const page = await pageOf(browser);
    await page.goto(book.at('/favicon.svg'));
    await page.evaluate(() => localStorage.clear());
    await page.goto(book.at('/sign-up?to=/variants'));
    const typed = { name: 'Mary', email: newEmail(), password: PASSWORD };
    for (const [name, value] of Object.entries(typed)) {
      await page.locator(`main input[name="${name}"]`).fill(value);
    }
    for (const mode of ['fail', 'cut']) {
      proxy.mode = mode;
      await mainButton(page, 'Create account').click();
      await page.getByRole('alert').getByText('is still here').waitFor();
      for (const [name, value] of Object.entries(typed)) {
        const field = page.locator(`main input[name="${name}"]`);
        assert.equal(await field.inputValue(), value);
      }
    }
    proxy.mode = 'pass';
    await mainButton(page, 'Create account').click();
    await page.waitForURL(/\/welcome\?/);
    assert.deepEqual(unexpected(page, { outage: true }), []);
    await page.close();
  });
});

describe('a server that takes ten seconds', { skip: SKIP_BOOK }, () => {
  const all = bookBehindProxy();

  test('keeps nobody from reading', async () => {
    const { proxy, book } = all;
    const { page } = await all.reader();
    proxy.mode = 'hold';
    await page.goto(book.at('/variants'), { waitUntil: 'load' });
    assert.equal(await wayIn(page), 'slow');
    const text = await page.locator('.theme-doc-markdown').innerText();
    await status(page, 'offline');
    assert.equal(await page.locator('.theme-doc-markdown').innerText(), text);
    proxy.mode = 'pass';
    assert.deepEqual(unexpected(page, { outage: true }), []);
    await page.close();
  });

  test('is not waited for on any screen', async () => {
    const { proxy, book, browser } = all;
    const { page } = await all.reader();
    await page.goto(book.at('/'));
    await status(page, 'in');
    await clearCache(page);
    proxy.mode = 'hold';
    const screens = {
      '/sign-in': 'The server does not answer.',
      '/sign-up': 'The server does not answer.',
      '/forgot-password': 'The server does not answer.',
      '/account': 'The server does not answer.',
      '/dashboard': 'The server does not answer.',
      '/welcome': 'Where you start',
    };
    const waits = await Promise.all(
      Object.entries(screens).map(async ([path, text]) => {
        const screen = await pageOf(browser);
        await heedWaiting(screen);
        await screen.goto(book.at(path), { waitUntil: 'load' });
        await screen.getByText(text).first().waitFor();
        const waited = await waitedOn(screen);
        assert.deepEqual(unexpected(screen, { outage: true }), [], path);
        await screen.close();
        return { path, waited };
      }),
    );
    proxy.mode = 'pass';
    const waited = Object.fromEntries(
      waits.map((screen) => [screen.path, screen.waited]),
    );
    for (const [path, time] of Object.entries(waited)) {
      assert.ok(time < PATIENCE_MS, `${path}: ${time.toFixed()} ms`);
    }
    assert.ok(waited['/sign-in'] > 0, 'the page says that it waits');
    await page.close();
  });
});

describe('a session that ends', { skip: SKIP_BOOK }, () => {
  const all = bookBehindProxy();
  const endSessions = () => all.book.sql('DELETE FROM "session"');

  test('keeps an answer for who signs in again', async () => {
    const { book } = all;
    const { page, email } = await all.reader();
    await page.goto(book.at('/welcome?to=/variants'));
    await status(page, 'in');
    await endSessions();
    await answer(page, 'software_experience', 'expert');
    await saved(page, 'Your session has ended.');
    assert.match(await wordsOn(page), /level:expert/);
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByText('Your session has ended.').waitFor();
    const address = page.locator('main input[name="email"]');
    assert.equal(await address.inputValue(), email);
    await page.locator('main input[name="password"]').fill(PASSWORD);
    await mainButton(page, 'Sign in').click();
    await page.waitForURL(/\/welcome\?/);
    await status(page, 'in');
    const { token } = await book.signIn(email);
    await until(async () => {
      const { json } = await book.call('GET', '/api/profile', { token });
      return json.answers.software_experience === 'expert';
    }, 'the answer to arrive');
    assert.match(await wordsOn(page), /level:expert/);
    assert.deepEqual(unexpected(page), []);
    await page.close();
  });

  test('keeps a name that was typed, on the same page', async () => {
    const { book } = all;
    const { page } = await all.reader();
    await page.goto(book.at('/account'));
    await status(page, 'in');
    await endSessions();
    await nameField(page).fill('Grace');
    await mainButton(page, 'Save').click();
    await page.getByText('Your session has ended.').first().waitFor();
    assert.equal(await nameField(page).inputValue(), 'Grace');
    await page.getByLabel('Your password').first().fill(PASSWORD);
    await mainButton(page, 'Sign in again').first().click();
    await status(page, 'in');
    assert.equal(await nameField(page).inputValue(), 'Grace');
    await mainButton(page, 'Save').click();
    await page.getByText('Saved.').first().waitFor();
    const [{ name }] = await book.sql(
      `SELECT name FROM "user" WHERE name = 'Grace'`,
    );
    assert.equal(name, 'Grace');
    assert.deepEqual(unexpected(page), []);
    await page.close();
  });

  test('goes on where another tab signs in again', async () => {
    const { book, browser } = all;
    const { page, email } = await all.reader();
    await page.goto(book.at('/account'));
    await status(page, 'in');
    await endSessions();
    await nameField(page).fill('Ada');
    await mainButton(page, 'Save').click();
    await page.getByText('Your session has ended.').first().waitFor();
    const other = await pageOf(browser);
    await signIn(other, book, email);
    await status(page, 'in');
    assert.equal(await nameField(page).inputValue(), 'Ada');
    await mainButton(page, 'Save').click();
    await page.getByText('Saved.').first().waitFor();
    assert.deepEqual(unexpected(page), []);
    assert.deepEqual(unexpected(other), []);
    await other.close();
    await page.close();
  });
});

/** From now on notes when the words on <html> first hold `word`. */
const heed = (page, word) =>
  page.evaluate((wanted) => {
    const html = document.documentElement;
    const look = () => {
      if ((html.dataset.bookplate ?? '').split(' ').includes(wanted)) {
        window.heeded ??= Date.now();
      }
    };
    new MutationObserver(look).observe(html, { attributes: true });
  }, word);

/** When the choice was made on this page, by the page's clock. */
const noteClick = (page, selector) =>
  page.evaluate(
    (target) =>
      document.querySelector(target).addEventListener(
        'click',
        () => {
          window.clicked ??= Date.now();
        },
        { capture: true },
      ),
    selector,
  );

describe('two tabs of one reader', { skip: SKIP_BOOK }, () => {
  const all = bookBehindProxy();

  test('show an answer, and signing out, within a second', async () => {
    const { book, browser } = all;
    const { page } = await all.reader();
    const other = await pageOf(browser);
    await other.goto(book.at('/variants'));
    await settled(other);
    await page.goto(book.at('/welcome'));
    await status(page, 'in');
    const choice = 'input[name="software_experience"][value="expert"]';
    await page.locator(choice).waitFor();
    await Promise.all([page, other].map((tab) => heed(tab, 'level:expert')));
    await noteClick(page, choice);
    await page.locator(choice).check();
    await other.getByText('The short cut.', { exact: true }).waitFor();
    const clicked = await page.evaluate(() => window.clicked);
    for (const tab of [page, other]) {
      const took = (await tab.evaluate(() => window.heeded)) - clicked;
      assert.ok(took >= 0 && took <= 1000, `${took} ms`);
    }
    assert.equal(await wayIn(other), 'quick');
    await saved(page, 'Saved');
    await signOut(other);
    await status(page, 'out');
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    assert.equal(await wordsOn(page), '');
    await reload(page);
    assert.equal(await wordsOn(page), '');
    assert.deepEqual(unexpected(page), []);
    assert.deepEqual(unexpected(other), []);
  });
});
