// SPDX-License-Identifier: Apache-2.0
// A book with its server and a reader's browser, for a suite.
//
//   const book = await openBuilt(scope, 'small', { settings });
//   book.at('/variants')      // the address of a page
//   book.call(...), book.sql(...), book.reader()   as tests/rest/people.mjs
import { openBook } from '../rest/people.mjs';
import { SKIP } from '../process/program.mjs';
import { bookOf } from './builds.mjs';
import { NO_BROWSER } from './chromium.mjs';

export {
  openBook,
  suite,
  newEmail,
  PASSWORD,
  stopPostgres,
} from '../rest/people.mjs';

export const SKIP_BOOK = SKIP || NO_BROWSER;

export async function openBuilt(t, build, options = {}) {
  const folder = await bookOf(build);
  const book = await openBook(t, {
    ...options,
    settings: { SITE_DIR: folder, DELETE_USER: 'on', ...options.settings },
  });
  const base = build === 'based' ? '/book' : '';
  return Object.assign(book, {
    folder,
    at: (page, locale = '') => `${book.origin}${base}${locale}${page}`,
  });
}

/** The item of localStorage that the theme keeps. */
export const itemOf = (page, base = '/') =>
  page.evaluate(
    (name) => JSON.parse(localStorage.getItem(name) ?? 'null'),
    `bookplate:${base}`,
  );

/** A guest who answered: what the questionnaire would have left behind. */
export const seedGuest = (context, local, base = '/') =>
  context.addInitScript(
    ([name, value]) => {
      if (!localStorage.getItem(name)) {
        localStorage.setItem(name, value);
      }
    },
    [`bookplate:${base}`, JSON.stringify(local)],
  );
