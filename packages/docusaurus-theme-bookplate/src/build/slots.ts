// SPDX-License-Identifier: Apache-2.0
// Which components of other themes are wrapped, and the folder of theme
// components that follows: one without what was switched off, so that nothing
// is shadowed that nobody asked for.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Slots } from '../options';

/** The compiled package: lib/. */
export const LIB = join(__dirname, '..', '..');

export interface Wrapped {
  /** The option that switches it. */
  slot: keyof Slots;
  /** The folder below lib/slots. */
  folder: string;
  /** What it wraps: "DocItem/Content". */
  component: string;
}

const ALL: (Wrapped & { on: (slots: Slots) => boolean })[] = [
  {
    slot: 'navbar',
    folder: 'navbar',
    component: 'NavbarItem/ComponentTypes',
    on: ({ navbar }) => navbar,
  },
  {
    slot: 'docBar',
    folder: 'docBarContent',
    component: 'DocItem/Content',
    on: ({ docBar }) => docBar === 'DocItem/Content',
  },
  {
    slot: 'docBar',
    folder: 'docBarLayout',
    component: 'DocItem/Layout',
    on: ({ docBar }) => docBar === 'DocItem/Layout',
  },
  {
    slot: 'progress',
    folder: 'progress',
    component: 'DocSidebarItem/Link',
    on: ({ progress }) => progress,
  },
  {
    slot: 'mdx',
    folder: 'mdx',
    component: 'MDXComponents',
    on: ({ mdx }) => mdx,
  },
];

export function wrappedBy(slots: Slots): Wrapped[] {
  return ALL.filter(({ on }) => on(slots)).map(
    ({ slot, folder, component }) => ({ slot, folder, component }),
  );
}

/**
 * Fills `folder` with the theme's own components and the wrappers asked for.
 * They are copies: what they import is below the package, by its name.
 */
export function makeThemeFolder(folder: string, slots: Slots): string {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(LIB, 'theme'), folder, { recursive: true });
  for (const { folder: slot } of wrappedBy(slots)) {
    cpSync(join(LIB, 'slots', slot), folder, { recursive: true });
  }
  // The site's own package.json does not speak for this folder.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ sideEffects: ['*.css'] }),
  );
  return folder;
}
