// SPDX-License-Identifier: Apache-2.0
// Where the pages of the theme are, in the language of this page. What only
// they need is in ways.ts: this is part of every page's first bundle.
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

/** Pages on the way to an account: nobody wants to be led back to them. */
export const ENTRANCES: PageName[] = [
  'sign-in',
  'sign-up',
  'forgot-password',
  'reset-password',
  'verify-email',
];

export const isPage = (pathname: string, pages: PageName[]) =>
  pages.some((page) => pathname.replace(/\/$/, '') === routeOf(page));

export const toOf = (search: string) => new URLSearchParams(search).get('to');

/** A page of the theme that leads back to where `search` said, if it did. */
export function keepingWayBack(page: PageName, search: string): string {
  const to = toOf(search);
  return routeOf(page, to === null ? '' : `to=${encodeURIComponent(to)}`);
}

/** A link to sign in that leads back to where the reader is. */
export function signInHere(page: 'sign-in' | 'sign-up' = 'sign-in'): string {
  const { pathname, search, hash } = window.location;
  return isPage(pathname, ENTRANCES)
    ? keepingWayBack(page, search)
    : routeOf(page, `to=${encodeURIComponent(pathname + search + hash)}`);
}
