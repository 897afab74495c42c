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

/**
 * A path that may be gone to although a stranger may have written it: below the
 * base at this origin. null for all others, however they are disguised.
 */
export function pathInside(
  to: string,
  origin: string,
  base: string,
): string | null {
  if (!to.startsWith('/') || !URL.canParse(to, origin)) {
    return null;
  }
  const { origin: where, pathname, search, hash } = new URL(to, origin);
  // "/.//evil.example" is of this origin and has the path "//evil.example".
  const inside = pathname.startsWith(base) && !pathname.startsWith('//');
  return where === origin && inside ? pathname + search + hash : null;
}
