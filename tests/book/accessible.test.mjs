// SPDX-License-Identifier: Apache-2.0
// Who reads with a screen reader, by keyboard alone, in the dark, from right to
// left or on a narrow screen: every screen before axe-core, then what no rule
// sees: the order of the focus, and the whole way by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { browserFor, pageOf, settled, wordsOn } from './chromium.mjs';
import {
  CHAPTER,
  asGuest,
  asReader,
  enter,
  inTheme,
  partOf,
  stopMotion,
  whenDown,
  whenEnded,
} from './screens.mjs';
import {
  PASSWORD,
  SKIP_BOOK,
  newEmail,
  openBuilt,
  stopPostgres,
  suite,
} from './site.mjs';

after(stopPostgres);

const require = createRequire(import.meta.url);
const NARROW = 360;
const LEAST = 24; // WCAG 2.2, success criterion 2.5.8
const WIDE = { width: 1280, height: 800 };
const TAGS = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
];
const WITH_MAIL = { settings: { MAIL_SPOOL: 'mails' } };

async function loadAxe(page) {
  if (await page.evaluate(() => window.axe === undefined)) {
    await page.evaluate(
      readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'),
    );
  }
}

/** Docusaurus's own table of contents, where an open menu lies over it. */
const isCovered = (fault) =>
  fault.startsWith('target-size: .table-of-contents');

/** What axe-core has against the page: "rule: element: why". */
async function violations(page, runOnly) {
  await loadAxe(page);
  const all = await page.evaluate(async (only) => {
    const { violations: found } = await window.axe.run(document, {
      runOnly: only,
      resultTypes: ['violations'],
      ...(only.type === 'tag' && {
        rules: { 'target-size': { enabled: true } },
      }),
    });
    return found.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) =>
          `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
      ),
    );
  }, runOnly);
  return all.filter((fault) => !isCovered(fault));
}

/** Controls of ours smaller than a finger; text and labels count with them. */
const smallOnes = (page) =>
  page.evaluate((least) => {
    const controls = document.querySelectorAll(
      'main :is(input, select, textarea, summary, button), .navbar .bookplate-sign-in',
    );
    const isSmall = (control) => {
      const box = (control.closest('label') ?? control).getBoundingClientRect();
      // A word in a sentence is as tall as its line (2.5.8, "inline").
      const isWord = control.closest('[data-bookplate-term]') !== null;
      return (
        control.checkVisibility({ checkVisibilityCSS: true }) &&
        box.width > 0 &&
        !isWord &&
        Math.min(box.width, box.height) < least
      );
    };
    return [...controls]
      .filter(isSmall)
      .map((control) => `smaller than ${least} px: ${control.outerHTML}`);
  }, LEAST);

/** What is wider than a narrow screen. */
async function wideOnes(page) {
  await page.setViewportSize({ width: NARROW, height: 800 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(WIDE);
  return width > NARROW ? [`${width} px wide on ${NARROW}`] : [];
}

/** One h1, and no step down is left out. */
const headings = (page) =>
  page.evaluate(() => {
    const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')]
      .filter((one) => one.checkVisibility())
      .map(({ tagName }) => Number(tagName[1]));
    const jumps = levels.filter(
      (one, at) => at > 0 && one > levels[at - 1] + 1,
    );
    const firsts = levels.filter((one) => one === 1).length;
    return firsts === 1 && jumps.length === 0
      ? []
      : [`headings: ${levels.join(' ')}`];
  });

/** Looks at a screen in both themes; tells all that is wrong with it. */
async function inspect(page, name, faults) {
  const found = [
    ...(await violations(page, { type: 'tag', values: TAGS })),
    ...(await smallOnes(page)),
    ...(await headings(page)),
    ...(await wideOnes(page)),
  ];
  await inTheme(page, 'dark');
  const dark = await violations(page, {
    type: 'rule',
    values: ['color-contrast', 'link-in-text-block'],
  });
  await inTheme(page, 'light');
  faults.push(
    ...found.map((fault) => `${name}: ${fault}`),
    ...dark.map((fault) => `${name}, dark: ${fault}`),
  );
}

describe('every screen', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  before(async () => {
    book = await openBuilt(scope, 'textbook', WITH_MAIL);
    browser = await browserFor(scope);
  });

  for (const [language, locale] of [
    ['English', ''],
    ['Urdu', '/ur'],
  ]) {
    test(`is accessible in ${language}`, async () => {
      await browser.clearCookies();
      const page = await pageOf(browser);
      await page.goto(book.at('/', locale));
      await page.evaluate(() => localStorage.clear());
      const faults = [];
      const see = (name) => inspect(page, name, faults);
      const walk = { page, book, locale, see };
      for (const part of [asGuest, asReader, whenEnded, whenDown]) {
        await part(walk);
      }
      await page.close();
      assert.deepEqual(faults, []);
    });
  }
});

/** What a screen reader would say has the focus, and whether it shows. */
async function focused(page) {
  await loadAxe(page);
  return page.evaluate(() => {
    const one = document.activeElement;
    window.axe.setup(document.body);
    const name = window.axe.commons.text.accessibleText(one);
    const role = window.axe.commons.aria.getRole(one);
    window.axe.teardown();
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    return {
      name,
      role,
      isSeen: outlined || boxShadow !== 'none',
    };
  });
}

/** What Tab leads to within <main>, and what of it does not show it. */
async function tabOrder(page) {
  await page.evaluate(() => {
    const main = document.querySelector('main');
    main.tabIndex = -1;
    main.focus();
  });
  const names = [];
  const hidden = [];
  const whole = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const inMain = await page.evaluate(
      () => document.activeElement.closest('main') !== null,
    );
    if (!inMain) {
      break;
    }
    const { name, role, isSeen } = await focused(page);
    names.push(name);
    whole.push(`${role} ${name}`);
    hidden.push(...(isSeen ? [] : [name]));
  }
  return { names, hidden, whole };
}

/** Tab until this has the focus. */
async function tabTo(page, wanted) {
  const passed = [];
  for (let step = 0; step < 90; step += 1) {
    await page.keyboard.press('Tab');
    const { name } = await focused(page);
    if (name === wanted) {
      return;
    }
    passed.push(name);
  }
  assert.fail(`Tab never led to "${wanted}", but to ${passed.join(', ')}`);
}

async function press(page, name, key = 'Enter') {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

async function type(page, name, text) {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

const focusIs = (page, selector) =>
  page.waitForFunction(
    (wanted) => document.activeElement.matches(wanted),
    selector,
  );

const FORMS = [
  {
    path: '/sign-in',
    names: [
      'E-mail address',
      'Password',
      'Show password',
      'Keep me signed in',
      'Forgotten your password?',
      'Sign in',
      'Create one',
    ],
  },
  {
    path: '/sign-up',
    names: [
      'Name',
      'E-mail address',
      'Password',
      'Show password',
      'Create account',
      'Sign in',
    ],
  },
  {
    path: '/forgot-password',
    names: ['E-mail address', 'Send the link', 'Back to signing in'],
  },
  {
    path: '/reset-password?token=of-somebody',
    names: ['New password', 'Show password', 'Set the password'],
  },
];

describe('by keyboard alone', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  let browser;
  before(async () => {
    book = await openBuilt(scope, 'textbook', WITH_MAIL);
    browser = await browserFor(scope);
  });

  test('the focus goes through each form in its order', async () => {
    const page = await pageOf(browser);
    for (const { path, names } of FORMS) {
      await page.goto(book.at(path));
      await page.locator('main form').waitFor();
      await stopMotion(page);
      const order = await tabOrder(page);
      assert.deepEqual(order.names, names, path);
      assert.deepEqual(order.hidden, [], path);
    }
    await page.close();
  });

  test('a refused form says so where the focus goes', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/sign-up'));
    await page.locator('main form').waitFor();
    await press(page, 'Create account');
    await focusIs(page, '.alert--danger');
    await page.keyboard.press('Tab'); // to the first field that is wrong
    await page.keyboard.press('Enter');
    await focusIs(page, 'input[name="name"]');
    const described = await page.evaluate(() =>
      (document.activeElement.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(''),
    );
    assert.ok(described.length > 5, 'the field says what is wrong with it');
    await page.close();
  });

  test('every question and button of the questionnaire is met', async () => {
    const page = await pageOf(browser);
    await page.goto(book.at('/welcome'));
    await page.locator('main fieldset').first().waitFor();
    await stopMotion(page);
    const { names, hidden } = await tabOrder(page);
    assert.deepEqual(hidden, []);
    assert.ok(names.every(Boolean), `a name is missing: ${names.join(', ')}`);
    const ways = ['Next', 'Skip this step', 'Skip all the rest'];
    assert.deepEqual(names.slice(-3), ways);
    await page.close();
  });

  test('every control of the account has a name and shows it', async () => {
    const page = await pageOf(browser);
    await enter({ page, book }, { name: 'Mary Anning' });
    await page.goto(book.at('/account'));
    await page
      .locator(`${partOf('security')} li`)
      .first()
      .waitFor();
    await stopMotion(page);
    const { names, hidden, whole } = await tabOrder(page);
    assert.deepEqual(hidden, []);
    assert.ok(names.every(Boolean), `a name is missing: ${names.join(', ')}`);
    const doubled = whole.filter((one, at) => whole.indexOf(one) !== at);
    assert.deepEqual(doubled, [], 'two of a kind have one name');
    await page.close();
    await browser.clearCookies();
  });

  test('a reader signs up, answers and reads what changed', async () => {
    const own = await browserFor(scope);
    const page = await pageOf(own);
    await page.goto(book.at(CHAPTER));
    await settled(page);
    await press(page, 'Sign in');
    await page.locator('main form').waitFor();
    await press(page, 'Create one');
    await page.waitForURL('**/sign-up?*');
    await page.locator('main form').waitFor();
    await type(page, 'Name', 'Mary Anning');
    await type(page, 'E-mail address', newEmail());
    await type(page, 'Password', PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/welcome?*');
    await page.locator('main fieldset').first().waitFor();
    await page.locator('input[name="software_experience"]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await press(page, 'Next');
    await focusIs(page, 'main h2');
    await press(page, 'Skip all the rest');
    await focusIs(page, 'main h2');
    assert.match(await page.title(), /^Your book fits you now/);
    await press(page, 'Back to the book');
    await page.waitForURL(book.at(CHAPTER));
    assert.match(await wordsOn(page), /software:expert/);
    assert.deepEqual(page.problems, []);
  });
});

const QUESTIONNAIRE = fileURLToPath(
  new URL('../rest/all-kinds.json', import.meta.url),
);

describe('an answer that is none', { skip: SKIP_BOOK }, () => {
  const scope = suite();

  test('is said beside its question, which gets the focus', async () => {
    const book = await openBuilt(scope, 'textbook', {
      settings: { QUESTIONNAIRE },
    });
    const browser = await browserFor(scope);
    const page = await pageOf(browser);
    await enter({ page, book });
    await page.goto(book.at('/welcome'));
    await page.locator('main input[name="hours"]').fill('1000');
    await page.keyboard.press('Tab');
    await page.locator('main form button[type="submit"]').click();
    await focusIs(page, 'input[name="hours"], .alert--danger');
    await stopMotion(page);
    const faults = [];
    await inspect(page, 'welcome-wrong', faults);
    assert.deepEqual(faults, []);
  });
});
