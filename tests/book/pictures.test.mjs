// SPDX-License-Identifier: Apache-2.0
// A picture of every screen, for people to look at: on a desk and on a phone,
// light and dark, in both languages, in build/book/pictures/. What a test can
// see of them: none is empty, and no console has anything to say.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { OUT } from './builds.mjs';
import { browserFor, isOutage, isRefusal, pageOf } from './chromium.mjs';
import { asGuest, asReader, inTheme, whenDown, whenEnded } from './screens.mjs';
import { SKIP_BOOK, openBuilt, stopPostgres, suite } from './site.mjs';

after(stopPostgres);

const PICTURES = join(OUT, 'pictures');
const SIZES = {
  desk: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
};
/** A screen with less than this said on it is taken to be empty. */
const LEAST_WORDS = 8;

const wordsIn = (page) =>
  page.evaluate(
    () => document.querySelector('main').innerText.trim().split(/\s+/).length,
  );

/** Of all of the page, but for chapters, which are long. */
async function picture(page, name) {
  await page.screenshot({
    path: join(PICTURES, `${name}.png`),
    fullPage: !name.includes('chapter'),
  });
}

/** `views` are [size, theme]. */
async function takeAll(page, name, views) {
  assert.ok((await wordsIn(page)) >= LEAST_WORDS, `${name} is empty`);
  for (const [size, theme] of views) {
    await page.setViewportSize(SIZES[size]);
    await inTheme(page, theme);
    await picture(page, `${name}-${size}-${theme}`);
  }
  await page.setViewportSize(SIZES.desk);
  await inTheme(page, 'light');
}

const TWO_VIEWS = [
  ['desk', 'light'],
  ['phone', 'dark'],
];
/** In CI, where nobody looks at them, two show the same mistakes sooner. */
const ALL_VIEWS = process.env.CI
  ? TWO_VIEWS
  : [...TWO_VIEWS, ['desk', 'dark'], ['phone', 'light']];

describe('pictures of every screen', { skip: SKIP_BOOK }, () => {
  const scope = suite();
  let book;
  before(async () => {
    rmSync(PICTURES, { recursive: true, force: true });
    mkdirSync(PICTURES, { recursive: true });
    book = await openBuilt(scope, 'textbook', {
      settings: { MAIL_SPOOL: 'mails' },
    });
  });

  const take = async (t, locale, prefix, views) => {
    const page = await pageOf(await browserFor(t));
    const see = (name) => takeAll(page, `${prefix}${name}`, views);
    const walk = { page, book, locale, see };
    await asGuest(walk);
    await asReader(walk);
    await whenEnded(walk);
    const loud = page.problems.filter((text) => !isRefusal(text));
    assert.deepEqual(loud, []);
    await whenDown(walk);
    const louder = page.problems.filter(
      (text) => !isRefusal(text) && !isOutage(text),
    );
    assert.deepEqual(louder, []);
  };

  test('in English, in all views', (t) => take(t, '', '', ALL_VIEWS));

  test('in Urdu, light on a desk and dark on a phone', (t) =>
    take(t, '/ur', 'ur-', TWO_VIEWS));
});
