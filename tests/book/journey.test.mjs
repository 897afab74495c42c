// SPDX-License-Identifier: Apache-2.0
// The whole way of a reader through the example book: as a guest, with an
// account, the chapter that changes, signed out, and back on another device.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { answer, saved, signIn, signOut, signUp, unexpected } from './acts.mjs';
import { browserFor, pageOf, settled, wordsOn } from './chromium.mjs';
import {
  SKIP_BOOK,
  newEmail,
  openBuilt,
  stopPostgres,
  suite,
} from './site.mjs';

after(stopPostgres);

const CHAPTER = '/module-1-ros2/nodes-and-topics';

/** The headings that a reader of the chapter sees, as their anchors. */
const headingsOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.theme-doc-markdown h2[id]')]
      .filter((heading) => heading.offsetParent !== null)
      .map((heading) => heading.id),
  );

const textOf = (page) => page.locator('.theme-doc-markdown').innerText();

const openTab = (page) =>
  page.locator('[role=tab][aria-selected=true]').first().innerText();

const main = (page) => page.getByRole('main');

describe('a reader of the example book', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  const email = newEmail('mary');
  let book;
  let first;
  let original;

  before(async () => {
    book = await openBuilt(scope, 'textbook');
    first = await browserFor(scope);
  });

  test('reads as a guest, and is never stopped', async () => {
    const page = await pageOf(first);
    await page.goto(book.at(CHAPTER));
    await settled(page);
    original = await textOf(page);
    assert.ok(original.length > 3000, `${original.length} characters`);
    assert.equal(await wordsOn(page), '');
    assert.ok(await page.locator('.bookplate-guest').isVisible());
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('button', { name: 'Read ✓' }).waitFor();
    assert.deepEqual(page.problems, []);
    await page.close();
  });

  test('signs up, keeping what was read, and says what they know', async () => {
    const page = await pageOf(first);
    await page.goto(book.at(`/sign-up?to=${CHAPTER}`));
    await settled(page);
    assert.ok(await page.getByLabel(/^Keep 1 chapter /).isChecked());
    await signUp(page, book, email, CHAPTER);
    await answer(page, 'software_experience', 'expert');
    await answer(page, 'programming_background', 'advanced');
    await answer(page, 'hardware_knowledge', 'intermediate');
    await saved(page, 'Saved');
    await main(page).getByRole('button', { name: 'Next' }).click();
    await answer(page, 'languages', 'cpp');
    await saved(page, 'Saved');
    await main(page).getByRole('button', { name: 'Skip all the rest' }).click();
    await page.getByRole('heading', { name: 'Your book now shows' }).waitFor();
    await page.getByRole('link', { name: 'Back to the book' }).click();
    await page.waitForURL(`**${CHAPTER}`);
    assert.deepEqual(unexpected(page), []);
    await page.close();
  });

  test('sees the chapter changed, and C++ first', async () => {
    const page = await pageOf(first);
    await page.goto(book.at(CHAPTER));
    await settled(page);
    assert.match(await wordsOn(page), /^level:expert .*languages:cpp/);
    const now = await textOf(page);
    assert.notEqual(now, original);
    assert.ok((await headingsOf(page)).length > 2);
    assert.equal(await openTab(page), 'C++');
    assert.ok(await page.getByRole('button', { name: 'Read ✓' }).isVisible());
    assert.equal(await page.locator('.bookplate-guest').isVisible(), false);
    assert.deepEqual(page.problems, []);
    await page.close();
  });

  test('signs out, and leaves nothing behind', async () => {
    const page = await pageOf(first);
    await page.goto(book.at(CHAPTER));
    await settled(page);
    await signOut(page);
    assert.equal(await wordsOn(page), '');
    await page.reload();
    await settled(page);
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert.ok(!stored.includes(email), stored);
    assert.ok(!stored.includes('"expert"'), stored);
    assert.deepEqual(unexpected(page), []);
    await page.close();
  });

  test('finds it all again on another device', async () => {
    const second = await browserFor(scope);
    const page = await pageOf(second);
    await signIn(page, book, email, CHAPTER);
    await page.waitForFunction(() =>
      document.documentElement.dataset.bookplate?.startsWith('level:expert'),
    );
    await page.getByRole('button', { name: 'Read ✓' }).waitFor();
    await page.goto(book.at('/dashboard'));
    await settled(page);
    const bar = page.getByRole('progressbar').first();
    await bar.waitFor();
    const read = await page
      .getByRole('progressbar')
      .evaluateAll((bars) => bars.reduce((sum, { value }) => sum + value, 0));
    assert.equal(read, 1);
    assert.deepEqual(unexpected(page), []);
  });

  test('reads two chapters in Urdu, from right to left', async () => {
    const page = await pageOf(first);
    await page.goto(
      book.at('/module-3-perception-navigation/cameras-depth-and-imu', '/ur'),
    );
    await settled(page);
    const { dir, lang } = await page.evaluate(() => ({
      dir: document.documentElement.dir,
      lang: document.documentElement.lang,
    }));
    assert.deepEqual({ dir, lang }, { dir: 'rtl', lang: 'ur' });
    const bar = await page.locator('.bookplate-bar').innerText();
    assert.match(bar, /[\u0600-\u06ff]/);
    assert.doesNotMatch(bar, /Mark as read|Showing/);
    await page.goto(book.at('/sign-up', '/ur'));
    await settled(page);
    const words = await main(page).innerText();
    assert.match(words, /[\u0600-\u06ff]/);
    assert.doesNotMatch(words, /Create account|Password/);
    assert.deepEqual(page.problems, []);
  });
});
