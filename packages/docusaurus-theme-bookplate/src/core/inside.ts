// SPDX-License-Identifier: Apache-2.0
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
