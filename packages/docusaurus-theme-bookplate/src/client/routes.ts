// SPDX-License-Identifier: Apache-2.0
// Where the pages of the theme are, in the language of this page.
import options from '@generated/docusaurus-theme-bookplate/default/options.json';

export type PageName =
  | 'sign-in'
  | 'sign-up'
  | 'forgot-password'
  | 'reset-password'
  | 'verify-email'
  | 'welcome'
  | 'account'
  | 'dashboard';

/** "/book/ur/sign-in". `search` without its question mark. */
export function routeOf(page: PageName, search = ''): string {
  const { localizedBase, routeBase } = options;
  const path = `${localizedBase}${routeBase.slice(1)}${page}`;
  return search === '' ? path : `${path}?${search}`;
}

/** The same with its origin, for links in mails. */
export function addressOf(page: PageName): string {
  return new URL(routeOf(page), window.location.origin).href;
}

/** A link to sign in that leads back to where the reader is. */
export function signInHere(page: 'sign-in' | 'sign-up' = 'sign-in'): string {
  const { pathname, hash } = window.location;
  return routeOf(page, `to=${encodeURIComponent(pathname + hash)}`);
}

/** Where ?to= leads: a path of this book, or else its beginning. */
export function wayBack(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '';
  const { origin } = window.location;
  try {
    const url = new URL(to, origin);
    const inside =
      url.origin === origin && url.pathname.startsWith(options.base);
    return to.startsWith('/') && inside
      ? url.pathname + url.search + url.hash
      : options.localizedBase;
  } catch {
    return options.localizedBase;
  }
}
