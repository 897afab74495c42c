// SPDX-License-Identifier: Apache-2.0
// Ways between the pages of the theme, the book and mails.
import options from '@generated/docusaurus-theme-bookplate/default/options.json';

import { pathInside } from '../core/inside';
import { ENTRANCES, isPage, routeOf, toOf, type PageName } from './routes';

/** A page with its origin, for links in mails. */
export function addressOf(page: PageName, search = ''): string {
  return new URL(routeOf(page, search), window.location.origin).href;
}

/** Whether a path is a page of the theme, not of the book. */
export function isOwnPage(pathname: string): boolean {
  return isPage(pathname, [...ENTRANCES, 'welcome', 'account', 'dashboard']);
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

/** Where ?to= leads: a path of this book, or else its beginning. */
export function wayBack(search: string): string {
  const to = toOf(search) ?? '';
  const path = pathInside(to, window.location.origin, options.base);
  return path ?? options.localizedBase;
}
