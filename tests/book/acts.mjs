// SPDX-License-Identifier: Apache-2.0
// What readers do in the theme's screens, as they would: by what they see.
import { PASSWORD } from '../rest/people.mjs';
import { isOutage, isRefusal, settled } from './chromium.mjs';

/** The status of the page, once it is this one. */
export const status = (page, wanted) =>
  page.waitForFunction(
    (word) => document.documentElement.dataset.bookplateStatus === word,
    wanted,
  );

const field = (page, name) => page.locator(`main input[name="${name}"]`);

async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    await field(page, name).fill(value);
  }
}

const press = (page, name) =>
  page.getByRole('main').getByRole('button', { name, exact: true }).click();

/** Makes an account; ends on the first of the questions. */
export async function signUp(page, book, email, to = '/variants') {
  await page.goto(book.at(`/sign-up?to=${to}`));
  await fill(page, { name: 'Mary', email, password: PASSWORD });
  await press(page, 'Create account');
  await page.waitForURL(/\/welcome\?/);
}

/** Ends where `to` says. */
export async function signIn(page, book, email, to = '/variants') {
  await page.goto(book.at(`/sign-in?to=${to}`));
  await fill(page, { email, password: PASSWORD });
  await press(page, 'Sign in');
  await page.waitForURL(`**${to}`);
}

/** By the menu in the navbar. */
export async function signOut(page) {
  await page.locator('.bookplate-menu > summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await status(page, 'out');
}

/** One choice of a question; what is said of it is waited for by the caller. */
export const answer = (page, question, choice) =>
  page.locator(`input[name="${question}"][value="${choice}"]`).check();

/** The words below the questions, once they are these. */
export const saved = (page, text) =>
  page.getByRole('status').getByText(text).waitFor();

/** From the first question to the chapter: software is well known. */
export async function answerAll(page) {
  await answer(page, 'software_experience', 'expert');
  await saved(page, 'Saved');
  await press(page, 'Skip all the rest');
  await page.getByRole('heading', { name: 'Your book now shows' }).waitFor();
  await page.getByRole('link', { name: 'Back to the book' }).click();
  await page.waitForURL('**/variants');
}

/** Which of the two ways through /variants is shown: 'slow' or 'quick'. */
export async function wayIn(page) {
  await page.locator('.theme-doc-markdown').waitFor();
  const isVisible = (text) =>
    page.getByText(text, { exact: true }).first().isVisible();
  const ways = [];
  if (await isVisible('The long way round.')) {
    ways.push('slow');
  }
  if (await isVisible('The short cut.')) {
    ways.push('quick');
  }
  return ways.join(' ');
}

export async function reload(page) {
  await page.reload();
  await settled(page);
}

/** What the console showed, but for refusals, and outages where expected. */
export const unexpected = (page, { outage = false } = {}) =>
  page.problems.filter(
    (text) => !isRefusal(text) && !(outage && isOutage(text)),
  );

/** A session of an account, as the cookie of a browser context. */
export async function enterAs(context, book, email) {
  const { cookie } = await book.browser(email);
  const cookies = cookie.split('; ').map((pair) => {
    const [name, value] = pair.split(/=(.*)/s);
    return { name, value, url: book.origin };
  });
  await context.addCookies(cookies);
  return cookie;
}
