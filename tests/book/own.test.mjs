// SPDX-License-Identifier: Apache-2.0
// Books whose authors went their own ways: own Root, own chapter, own navbar, own
// MDX components, own page with the theme's hooks; and the accounts' official
// client in place of the theme's.
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
import {
  SKIP_BOOK,
  newEmail,
  openBuilt,
  stopPostgres,
  suite,
} from './site.mjs';

after(stopPostgres);

/** What the author's page says of the reader. */
const factsOn = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('dd')].map(({ id, textContent }) => [
        id.replace('fact-', ''),
        textContent,
      ]),
    ),
  );

const fact = (page, name, text) =>
  page.locator(`#fact-${name}`).getByText(text, { exact: true }).waitFor();

describe('a book that replaces much of the theme', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  before(async () => {
    book = await openBuilt(scope, 'own');
    browser = await browserFor(scope);
  });

  test('still has its chapters, its bar and its marks', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/variants'));
    await settled(page);
    assert.equal(await wayIn(page), 'slow');
    assert.equal(await page.locator('#own-root #own-aside').count(), 1);
    assert.ok(await page.getByText('Written by hand.').isVisible());
    await page.getByRole('button', { name: 'Applause: 0' }).click();
    await page.getByRole('button', { name: 'Applause: 1' }).waitFor();
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('button', { name: 'Read ✓' }).waitFor();
    const menu = page.locator('.bookplate-bar__version summary');
    await menu.click();
    await page.getByRole('button', { name: 'expert', exact: true }).click();
    assert.equal(await wayIn(page), 'quick');
    await page.evaluate(() => localStorage.clear());
    assert.deepEqual(page.problems, []);
    await page.close();
  });

  test('lets readers sign up, out and in', async () => {
    const page = await pageOf(browser);
    const email = newEmail();
    await page.goto(book.at('/variants'));
    await settled(page);
    await page.getByRole('link', { name: 'Sign in' }).first().click();
    await page.waitForURL('**/sign-in?to=*');
    await signUp(page, book, email);
    await answerAll(page);
    assert.equal(await wayIn(page), 'quick');
    await signOut(page);
    assert.equal(await wayIn(page), 'slow');
    await signIn(page, book, email);
    await status(page, 'in');
    assert.equal(await wayIn(page), 'quick');
    await reload(page);
    assert.equal(await wayIn(page), 'quick');
    assert.deepEqual(unexpected(page), []);
    await signOut(page);
    await page.close();
  });

  test('has pages of its own that know the reader', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/reader'));
    await status(page, 'out');
    assert.deepEqual(await factsOn(page), {
      status: 'out',
      name: 'nobody',
      level: 'unknown',
      software: 'unknown',
      chapter: 'unread',
    });
    await signUp(page, book, newEmail());
    await answerAll(page);
    await page.goto(book.at('/reader'));
    await fact(page, 'status', 'in');
    const { chapter, ...known } = await factsOn(page);
    assert.notEqual(chapter, 'read');
    assert.deepEqual(known, {
      status: 'in',
      name: 'Mary',
      level: 'expert',
      software: 'expert',
    });
    await page.getByRole('button', { name: 'I know this chapter' }).click();
    await fact(page, 'chapter', 'read');
    await page.goto(book.at('/variants'));
    await page.getByRole('button', { name: 'Read ✓' }).waitFor();
    assert.deepEqual(unexpected(page), []);
    await page.close();
  });
});

describe(
  "a book with the accounts' official client",
  { skip: SKIP_BOOK },
  () => {
    const scope = suite();

    test('signs readers up, out and in', async () => {
      const book = await openBuilt(scope, 'official');
      const browser = await browserFor(scope);
      const page = await pageOf(browser);
      const email = newEmail();
      await signUp(page, book, email);
      await answerAll(page);
      assert.equal(await wayIn(page), 'quick');
      await signOut(page);
      assert.equal(await wayIn(page), 'slow');
      // A refusal looks the same as the theme's own client shows it.
      await page.goto(book.at('/sign-in?to=/variants'));
      await page.locator('main input[name="email"]').fill(email);
      await page.locator('main input[name="password"]').fill('not this one');
      const submit = page.getByRole('main').getByRole('button', {
        name: 'Sign in',
        exact: true,
      });
      await submit.click();
      await page
        .getByRole('alert')
        .getByText(/password/i)
        .first()
        .waitFor();
      await signIn(page, book, email);
      await status(page, 'in');
      assert.equal(await wayIn(page), 'quick');
      assert.deepEqual(unexpected(page), []);
    });
  },
);
