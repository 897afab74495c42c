// SPDX-License-Identifier: Apache-2.0
// The questionnaire as a person meets it: step by step, with Back, kept as it is
// given, and never in the way.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { browserFor, isOutage, isRefusal, pageOf } from '../chromium.mjs';
import {
  PASSWORD,
  SKIP_BOOK,
  itemOf,
  newEmail,
  openBuilt,
  stopPostgres,
  suite,
} from '../site.mjs';

after(stopPostgres);

const LEVELS = [
  'software_experience',
  'programming_background',
  'hardware_knowledge',
];

const choice = (page, question, at) =>
  page.locator(`input[name=${question}]`).nth(at);

const status = (page) => page.locator('form [role=status]');

async function says(page, text) {
  await status(page).getByText(text).waitFor();
}

/** An account, signed in in this browser's cookies. */
async function signUp(page, book) {
  const email = newEmail();
  const answer = await page.request.post(
    `${book.origin}/api/auth/sign-up/email`,
    {
      headers: { origin: book.origin },
      data: { name: 'Ann', email, password: PASSWORD },
    },
  );
  assert.equal(answer.status(), 200, await answer.text());
}

const profileOf = async (page, book) =>
  (await page.request.get(`${book.origin}/api/profile`)).json();

async function openQuestions(page, book, search = '') {
  await page.goto(book.at(`/welcome${search}`));
  await page.locator('fieldset').first().waitFor();
}

const isExpected = (text) => isRefusal(text) || isOutage(text);

describe('the questionnaire of a guest', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let page;
  before(async () => {
    book = await openBuilt(scope, 'small');
    page = await pageOf(await browserFor(scope));
  });

  test('is reached from a chapter and leads back to it', async () => {
    await page.goto(book.at('/variants'));
    await page.getByRole('link', { name: /3 questions, no account/ }).click();
    await page.locator('fieldset').first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get('to'), '/variants');
    assert.match(await page.title(), /^Step 1 of 3: /);
  });

  test('keeps each answer as it is given', async () => {
    for (const name of LEVELS) {
      await choice(page, name, 0).check();
    }
    await says(page, 'Kept in this browser');
    const { answers } = await itemOf(page);
    assert.deepEqual(Object.keys(answers), LEVELS);
  });

  test('goes on with Enter, to the heading, and back', async () => {
    await page.keyboard.press('Enter');
    await page.waitForURL(/step=2/);
    const heading = page.getByRole('heading', { level: 2 });
    await page.waitForFunction(() => document.activeElement.matches('h2'));
    assert.equal(await heading.textContent(), 'Your software');
    await page.goBack();
    await page.getByText('Step 1 of 3').waitFor();
    assert.equal(await choice(page, LEVELS[0], 0).isChecked(), true);
  });

  test('says what changed, and takes it back', async () => {
    await page.getByRole('button', { name: 'Skip all the rest' }).click();
    await page.getByRole('heading', { name: 'Your book now shows' }).waitFor();
    const undo = page.getByRole('button', { name: /^Undo.*Explanations/ });
    await undo.click();
    assert.deepEqual((await itemOf(page)).answers, {});
    await page.getByRole('button', { name: /^Put back.*Expl/ }).click();
    assert.equal(Object.keys((await itemOf(page)).answers).length, 3);
    await page.getByRole('link', { name: 'Back to the book' }).click();
    await page.waitForURL(/variants$/);
    const words = page.locator('html[data-bookplate~="level:beginner"]');
    await words.waitFor({ state: 'attached' });
    assert.deepEqual(page.problems, []);
  });

  test('stands within four seconds when the server is silent', async () => {
    await page.route('**/api/**', () => {}); // never answered
    await page.goto(book.at('/welcome'), { waitUntil: 'load' });
    const fields = page.locator('fieldset').first();
    await fields.waitFor({ timeout: 4000 });
    await page.unroute('**/api/**');
  });
});

describe('the questionnaire of a reader', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  let page;
  before(async () => {
    book = await openBuilt(scope, 'small');
    browser = await browserFor(scope);
    page = await pageOf(browser);
    await openQuestions(page, book);
    await choice(page, LEVELS[0], 2).check();
    await signUp(page, book);
  });

  test('asks what becomes of a guest’s answers, and keeps them', async () => {
    await openQuestions(page, book);
    await page.getByText('Keep 1 answer?').waitFor();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByText('They belong to your account now.').waitFor();
    const { answers } = await profileOf(page, book);
    assert.deepEqual(answers, { [LEVELS[0]]: 'expert' });
  });

  test('records the consent', async () => {
    await page.locator('input[name=consent]').check();
    await says(page, 'Saved');
    const { consent } = await profileOf(page, book);
    assert.equal(consent.version, '1');
  });

  test('shows in another tab within a second', async () => {
    const other = await pageOf(browser);
    await other.goto(book.at('/variants'));
    await choice(page, LEVELS[1], 3).check();
    await other
      .locator('html[data-bookplate~="programming:expert"]')
      .waitFor({ state: 'attached', timeout: 1000 });
    await other.close();
  });

  test('lets the last of quick answers count', async () => {
    let first = true;
    await page.route('**/api/profile', async (route) => {
      if (route.request().method() === 'PUT' && first) {
        first = false;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      await route.continue();
    });
    for (const at of [0, 1, 2, 3, 1]) {
      await choice(page, LEVELS[2], at).click();
    }
    await says(page, 'Saved');
    await page.unroute('**/api/profile');
    const { answers } = await profileOf(page, book);
    assert.equal(answers[LEVELS[2]], 'basic');
    assert.equal((await itemOf(page)).answers[LEVELS[2]], 'basic');
  });

  test('keeps what a server that is away was not told', async () => {
    await page.route('**/api/**', (route) => route.abort());
    await choice(page, LEVELS[2], 3).click();
    await says(page, 'Not sent yet');
    await page.unroute('**/api/**');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await says(page, 'Saved');
    const { answers } = await profileOf(page, book);
    assert.equal(answers[LEVELS[2]], 'advanced');
  });

  test('says a refusal beside the question and above the form', async () => {
    const words = 'Choose one of: none, basic.';
    const fields = { [`answers.${LEVELS[2]}`]: words };
    await page.route('**/api/profile', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({
            status: 422,
            json: { error: { code: 'VALIDATION_ERROR', message: '', fields } },
          })
        : route.continue(),
    );
    await choice(page, LEVELS[2], 2).click();
    await page.locator('fieldset').getByText(words).waitFor();
    assert.equal(await choice(page, LEVELS[2], 2).isChecked(), true);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator('.alert').getByText(words).waitFor();
    await page.unroute('**/api/profile');
    await choice(page, LEVELS[2], 1).click();
    await says(page, 'Saved');
    assert.equal(await page.getByText(words).count(), 0);
  });

  test('says that the session has ended, and keeps the answer', async () => {
    await browser.clearCookies();
    await choice(page, LEVELS[2], 0).click();
    await says(page, 'Your session has ended.');
    const { answers, unsentAnswers } = await itemOf(page);
    assert.equal(answers[LEVELS[2]], 'none');
    assert.deepEqual(unsentAnswers, [LEVELS[2]]);
    assert.deepEqual(
      page.problems.filter((text) => !isExpected(text)),
      [],
    );
  });
});
