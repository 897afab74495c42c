// SPDX-License-Identifier: Apache-2.0
/**
 * What a page is called in `progress` and in a reader's choices: its path below
 * the base, without the language, so that "/book/ur/docs/intro/" is the same
 * page as "/book/docs/intro".
 */
export function pageOf(pathname: string, localizedBase: string): string {
  const path = pathname.startsWith(localizedBase)
    ? pathname.slice(localizedBase.length)
    : pathname;
  return `/${path.replace(/^\/|(\/|\/?index\.html|\.html)$/g, '')}`;
}
