// SPDX-License-Identifier: Apache-2.0
// Every screen of the book in every state it has, one after another, in one
// browser. Nothing is found by its words, so that it works in every language.
//
//   await asGuest({ page, book, locale: '/ur', see });
//
// `see(name)` is called when a screen is there; it may look at the page, and
// leaves it as it was.
import { PASSWORD, newEmail } from '../rest/people.mjs';
import { settled } from './chromium.mjs';

/** A chapter that is there in both languages, with variants and terms. */
export const CHAPTER = '/';

const REFUSED = 'main .alert--danger';

/** A theme of the page, once it has it. */
export async function inTheme(page, theme) {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction(
    (wanted) => document.documentElement.dataset.theme === wanted,
    theme,
  );
}

/** Nothing fades from one colour into another while it is looked at. */
export const stopMotion = (page) =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '*, ::before, ::after { transition: none !important; ' +
        'animation: none !important; caret-color: transparent !important }',
    );
    document.adoptedStyleSheets = [sheet];
  });

async function open({ page, book, locale }, path, until = 'main h1') {
  await page.goto(book.at(path, locale));
  await settled(page);
  await page.locator(until).first().waitFor();
  await stopMotion(page);
}

const submit = (page, form = 'main form') =>
  page.locator(`${form} button:not([type="button"])`).first().click();

/** A form as it is, and after nothing was typed into it. */
async function form(walk, name, path) {
  const { page, see } = walk;
  await open(walk, path, 'main form');
  await see(name);
  await submit(page);
  await page.locator(REFUSED).first().waitFor();
  await see(`${name}-errors`);
}

async function chapter(walk) {
  const { page, see } = walk;
  await open(walk, CHAPTER);
  await see('chapter');
  await page.locator('.bookplate-bar__version summary').click();
  await see('chapter-versions');
  await page.keyboard.press('Escape');
  const term = page.locator('[data-bookplate-term]').first();
  await term.getByRole('button').click();
  await term.locator('[role="status"] > span').waitFor();
  await see('chapter-term');
  await page.keyboard.press('Escape');
  await page.locator('.bookplate-bar__all').click();
  await see('chapter-all');
}

/** The questions from the first to what they changed. */
async function questionnaire(walk) {
  const { page, see } = walk;
  await open(walk, `/welcome?to=${CHAPTER}`, 'main fieldset');
  await see('welcome-1');
  await page.locator('input[name="software_experience"]').last().check();
  await page.locator('main fieldset details summary').first().click();
  await see('welcome-1-answered');
  for (const step of [2, 3]) {
    await submit(page);
    await page.waitForURL(`**step=${step}`);
    await page.locator('main fieldset').first().waitFor();
    await see(`welcome-${step}`);
  }
  await page.locator('main input[name="devices"]').first().check();
  await submit(page);
  await page.locator('main section').waitFor();
  await see('welcome-changes');
}

async function mailed(walk) {
  const { page, see } = walk;
  await form(walk, 'forgot-password', '/forgot-password');
  await page.locator('main input[name="email"]').fill(newEmail());
  await submit(page);
  await page.locator('main p[role="status"]').waitFor();
  await see('forgot-password-sent');
  await form(walk, 'reset-password', '/reset-password?token=of-somebody');
  await open(
    walk,
    '/reset-password?error=INVALID_TOKEN',
    'main [role="alert"]',
  );
  await see('reset-password-used');
  await open(walk, '/verify-email', 'main form');
  await see('verify-email');
  await open(walk, '/verify-email?verified=1');
  await see('verify-email-done');
  await open(walk, '/verify-email?verified=1&error=TOKEN_EXPIRED');
  await see('verify-email-error');
}

async function taken(walk) {
  const { page, book, see } = walk;
  const { email } = await book.reader();
  const values = { name: 'Mary', email, password: PASSWORD };
  for (const [name, value] of Object.entries(values)) {
    await page.locator(`main input[name="${name}"]`).fill(value);
  }
  await submit(page);
  await page.locator(`${REFUSED} li`).nth(0).waitFor();
  await page.locator('main a[href*="sign-in?"]').first().waitFor();
  await see('sign-up-taken');
}

/** All that is there without an account. */
export async function asGuest(walk) {
  await chapter(walk);
  await questionnaire(walk);
  await form(walk, 'sign-in', `/sign-in?to=${CHAPTER}`);
  await form(walk, 'sign-up', `/sign-up?to=${CHAPTER}`);
  await taken(walk);
  await mailed(walk);
  await open(walk, '/account', 'main ul');
  await walk.see('account-guest');
  await open(walk, '/dashboard');
  await walk.see('dashboard-guest');
}

/** Signs a new reader in, by cookie. */
export async function enter({ page, book }, fields) {
  const { email } = await book.reader(fields);
  const { cookie } = await book.browser(email);
  const pairs = cookie.split('; ').map((pair) => pair.split(/=(.*)/s));
  await page
    .context()
    .addCookies(
      pairs.map(([name, value]) => ({ name, value, url: book.origin })),
    );
  return email;
}

/** A part of the account's page. */
export const partOf = (name) => `section[aria-labelledby="${name}"]`;

async function account(walk) {
  const { page, see } = walk;
  const data = partOf('data');
  await open(walk, '/account', `${partOf('security')} li`);
  await see('account');
  await page.locator('main input[name="name"]').fill('');
  for (const part of ['profile', 'security'].map(partOf)) {
    await submit(page, `${part} form`);
    await page.locator(`${part} .alert--danger`).waitFor();
  }
  await page
    .locator(`${partOf('background')} li button`)
    .first()
    .click();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('main details')) {
      details.open = true;
    }
  });
  await page.locator(`${data} form`).waitFor();
  await submit(page, `${data} form`);
  await page.locator(`${data} .alert--danger`).waitFor();
  await see('account-open');
}

/** All that is there with one, from who was a guest in this browser. */
export async function asReader(walk) {
  const { page, see } = walk;
  await enter(walk, { name: 'Mary Anning' });
  await open(walk, '/account', 'main aside button.button--primary');
  await see('account-offer');
  await page.locator('main aside button.button--primary').click();
  await page.locator('main aside p[role="status"]').waitFor();
  await open(walk, CHAPTER, 'details.bookplate-menu');
  await page.locator('.bookplate-menu > summary').click();
  await see('chapter-menu');
  await account(walk);
  await open(walk, '/dashboard', 'main li');
  await see('dashboard');
  await open(walk, '/welcome', 'main fieldset');
  await see('welcome-reader');
  await open(walk, '/sign-in');
  await see('sign-in-already');
}

/** A session that ends while its reader is there. */
export async function whenEnded(walk) {
  const { page, book, see } = walk;
  await book.sql('DELETE FROM session');
  await open(walk, '/account', 'main .alert--warning');
  await see('account-ended');
  await open(walk, CHAPTER);
  await see('chapter-ended');
  await open(walk, '/sign-in', 'main form');
  await see('sign-in-ended');
  await page.context().clearCookies();
}

/** What is left when the server does not answer. */
export async function whenDown(walk) {
  const { page, see } = walk;
  const cut = (route) => route.abort('connectionrefused');
  await page.route(/\/(api|auth)\//, cut);
  await open(walk, CHAPTER);
  await see('chapter-down');
  await open(walk, '/sign-in', 'main button');
  await see('sign-in-down');
  await open(walk, '/account', 'main .alert--warning');
  await see('account-down');
  await open(walk, '/dashboard', 'main .alert--warning');
  await see('dashboard-down');
  await open(walk, '/welcome', 'main fieldset');
  await see('welcome-down');
  await page.unroute(/\/(api|auth)\//, cut);
}
