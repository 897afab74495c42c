// SPDX-License-Identifier: Apache-2.0
// Where the pages of the theme are, in the language of this page.
import options from '@generated/docusaurus-theme-bookplate/default/options.json';

import { pathInside } from '../core/pages';

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
export function addressOf(page: PageName, search = ''): string {
  return new URL(routeOf(page, search), window.location.origin).href;
}

/** Pages on the way to an account: nobody wants to be led back to them. */
const ENTRANCES: PageName[] = [
  'sign-in',
  'sign-up',
  'forgot-password',
  'reset-password',
  'verify-email',
];

const isPage = (pathname: string, pages: PageName[]) =>
  pages.some((page) => pathname.replace(/\/$/, '') === routeOf(page));

/** Whether a path is a page of the theme, not of the book. */
export function isOwnPage(pathname: string): boolean {
  return isPage(pathname, [...ENTRANCES, 'welcome', 'account', 'dashboard']);
}

const toOf = (search: string) => new URLSearchParams(search).get('to');

/** A page of the theme that leads back to where `search` said, if it did. */
export function keepingWayBack(page: PageName, search: string): string {
  const to = toOf(search);
  return routeOf(page, to === null ? '' : `to=${encodeURIComponent(to)}`);
}

/**
 * Where the mailed link that verifies an address leads. The server adds an
 * error, if there is one; the page that is opened by hand has neither.
 */
export function afterVerifying(search: string): string {
  const to = toOf(search);
  const back = to === null ? '' : `&to=${encodeURIComponent(to)}`;
  return addressOf('verify-email', `verified=1${back}`);
}

/** A link to sign in that leads back to where the reader is. */
export function signInHere(page: 'sign-in' | 'sign-up' = 'sign-in'): string {
  const { pathname, search, hash } = window.location;
  return isPage(pathname, ENTRANCES)
    ? keepingWayBack(page, search)
    : routeOf(page, `to=${encodeURIComponent(pathname + search + hash)}`);
}

/** Where ?to= leads: a path of this book, or else its beginning. */
export function wayBack(search: string): string {
  const to = toOf(search) ?? '';
  const path = pathInside(to, window.location.origin, options.base);
  return path ?? options.localizedBase;
}
