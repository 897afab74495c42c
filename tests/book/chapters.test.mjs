// SPDX-License-Identifier: Apache-2.0
// A chapter as its reader sees it: which variants are shown, to whom, from the
// first paint on; the bar above it; what is asked of the server, and when.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { browserFor, pageOf, settled, wordsOn } from './chromium.mjs';
import {
  SKIP_BOOK,
  itemOf,
  openBuilt,
  seedGuest,
  stopPostgres,
  suite,
} from './site.mjs';

after(stopPostgres);

const EXPERT = {
  answers: { software_experience: 'expert', devices: ['jetson'] },
  levels: { software: 3 },
  shows: { '': 'level:expert software:expert devices:jetson' },
};

const visible = (page, text) =>
  page.getByText(text, { exact: true }).first().isVisible();

/** Which of the chapter's pieces are shown. */
async function shownIn(page) {
  const pieces = {
    slow: 'The long way round.',
    quick: 'The short cut.',
    jetson: 'Flash the board first.',
    cpp: 'New to C++?',
  };
  const shown = [];
  for (const [name, text] of Object.entries(pieces)) {
    if (await visible(page, text)) {
      shown.push(name);
    }
  }
  return shown.join(' ');
}

const tocOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.table-of-contents a')]
      .filter((link) => link.offsetParent !== null)
      .map((link) => link.getAttribute('href')),
  );

describe('a chapter with variants', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  before(async () => {
    book = await openBuilt(scope, 'small');
    browser = await browserFor(scope);
  });

  test('shows the fallback to who is not known', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'));
    await settled(page);
    assert.equal(await shownIn(page), 'slow cpp');
    assert.deepEqual(await tocOf(page), ['#slowly', '#notes']);
    assert.deepEqual(page.problems, []);
    await page.close();
  });

  test('asks the server once, and only when it can be read', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'), { waitUntil: 'load' });
    assert.deepEqual(page.asked, []);
    await settled(page);
    await page.waitForTimeout(1000); // long enough for a second one to show
    assert.deepEqual(page.asked, ['GET /api/reader']);
    await page.close();
  });

  test('has all of it in the HTML, and without scripts too', async () => {
    const plain = await browserFor(scope, { javaScriptEnabled: false });
    const page = await pageOf(plain);
    await page.goto(book.at('/variants'));
    assert.equal(await shownIn(page), 'slow cpp');
    assert.deepEqual(await tocOf(page), ['#slowly', '#notes']);
    assert.equal(await page.locator('.bookplate-guest').isVisible(), false);
    assert.equal(await page.getByText('Sign in').isVisible(), false);
    const html = await page.content();
    assert.match(html, /The short cut\./);
    assert.match(html, /Flash the board first\./);
    assert.deepEqual(page.problems, []);
  });

  test('is changed for this page alone, and for always', async () => {
    const reader = await browserFor(scope);
    const page = await pageOf(reader);
    await page.goto(book.at('/variants'));
    await settled(page);
    const menu = page.locator('.bookplate-bar__version summary');
    const choose = async (name) => {
      await menu.click();
      await page.getByRole('button', { name, exact: true }).click();
    };
    await choose('expert');
    assert.equal(await shownIn(page), 'quick cpp');
    assert.equal(await menu.innerText(), 'Showing: expert');
    assert.deepEqual(await tocOf(page), ['#quickly', '#notes']);
    await page.goto(book.at('/'));
    assert.equal(await wordsOn(page), '');
    await page.goto(book.at('/variants'));
    assert.equal(await shownIn(page), 'quick cpp');
    await menu.click();
    await page.getByLabel('In every chapter').check();
    await page.getByRole('button', { name: 'beginner', exact: true }).click();
    assert.equal(await shownIn(page), 'slow cpp');
    await page.goto(book.at('/'));
    assert.equal(await wordsOn(page), 'level:beginner');
    assert.deepEqual(page.problems, []);
  });

  test('shows all of them when asked', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'));
    await settled(page);
    await page.getByRole('button', { name: 'See all' }).click();
    assert.equal(await shownIn(page), 'slow quick jetson cpp');
    assert.ok(await visible(page, 'For readers with level:expert'));
    await page.close();
  });

  test('explains a word where it stands', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'));
    await settled(page);
    const word = page.getByRole('button', { name: 'servo' });
    await word.focus();
    await page.keyboard.press('Enter');
    await page.getByText('A motor that holds an angle.').waitFor();
    assert.equal(await word.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('Escape');
    assert.equal(await word.getAttribute('aria-expanded'), 'false');
    await page.close();
  });
});

describe('a reader who is known', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  before(async () => {
    book = await openBuilt(scope, 'small');
    browser = await browserFor(scope);
    await seedGuest(browser, EXPERT);
  });

  test('sees their version from the first paint on', async () => {
    const page = await pageOf(browser);
    // What was ever shown: noted at each frame, from the first one on.
    await page.addInitScript(() => {
      window.framesWithSlow = 0;
      const look = () => {
        for (const p of document.querySelectorAll('p')) {
          const isSlow = p.textContent === 'The long way round.';
          window.framesWithSlow += isSlow && p.offsetParent !== null ? 1 : 0;
        }
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(book.at('/variants'));
    await settled(page);
    assert.equal(await shownIn(page), 'quick jetson cpp');
    assert.equal(await page.evaluate(() => window.framesWithSlow), 0);
    assert.equal(await page.locator('.bookplate-guest').isVisible(), false);
    assert.deepEqual(page.problems, []);
  });

  test('sees the original again with one choice', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'));
    await settled(page);
    await page.locator('.bookplate-bar__version summary').click();
    await page.getByRole('button', { name: 'original', exact: true }).click();
    assert.equal(await shownIn(page), 'slow cpp');
    await page.locator('.bookplate-bar__version summary').click();
    await page.getByRole('button', { name: 'As my answers say' }).click();
    assert.equal(await shownIn(page), 'quick jetson cpp');
  });

  test('marks a chapter as read, and sees it in the sidebar', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/'));
    await settled(page);
    await page.getByRole('button', { name: 'Mark as read' }).click();
    const link = page.locator('.theme-doc-sidebar-menu a').first();
    await page.waitForFunction(
      (a) => a.textContent.endsWith('✓'),
      await link.elementHandle(),
    );
    const { progress } = await itemOf(page);
    assert.equal(progress['/'].state, 'read');
    // What the next chapter builds on is no longer missing.
    await page.goto(book.at('/variants'));
    await settled(page);
    await page.getByText('You have read what this builds on').waitFor();
    assert.deepEqual(page.problems, []);
  });

  test('is followed to where they stopped', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/long'));
    await settled(page);
    await page.locator('#part-7').scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 400);
    await page.waitForFunction(
      () =>
        JSON.parse(localStorage.getItem('bookplate:/')).progress['/long']
          ?.state === 'reading',
    );
    const { progress } = await itemOf(page);
    assert.match(progress['/long'].place, /^#part-[678]$/);
  });
});

describe('a book below a path', { skip: SKIP_BOOK }, () => {
  const scope = suite();

  test('works as one at the root does', async () => {
    const book = await openBuilt(scope, 'based', {
      settings: { SITE_BASE: '/book/' },
    });
    const browser = await browserFor(scope);
    await seedGuest(browser, EXPERT, '/book/');
    const page = await pageOf(browser);
    await page.goto(`${book.origin}/`);
    assert.equal(new URL(page.url()).pathname, '/book/');
    await page.getByRole('link', { name: 'Variants' }).first().click();
    await page.waitForURL('**/book/variants');
    await settled(page);
    assert.equal(await shownIn(page), 'quick jetson cpp');
    const menu = page.locator('.bookplate-bar__version summary');
    await menu.click();
    await page.getByRole('button', { name: 'beginner', exact: true }).click();
    await page.reload();
    assert.equal(await shownIn(page), 'slow jetson cpp');
    const local = await itemOf(page, '/book/');
    assert.deepEqual(Object.keys(local.pages), ['/variants']);
    const signIn = page.getByRole('link', { name: 'Sign in' });
    assert.match(await signIn.getAttribute('href'), /^\/book\/sign-in/);
    assert.deepEqual(page.problems, []);
  });
});
