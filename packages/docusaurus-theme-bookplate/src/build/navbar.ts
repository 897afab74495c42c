// SPDX-License-Identifier: Apache-2.0
import type { ThemeConfig } from '@docusaurus/types';

import type { Slots } from '../options';

const TYPE = 'custom-bookplate-account';

interface Navbar {
  items?: { type?: string; position?: string }[];
}

/** Puts the account at the end of the navbar, unless the site put it already. */
export function addNavbarItem(themeConfig: ThemeConfig, slots: Slots): void {
  const navbar = themeConfig.navbar as Navbar | undefined;
  if (!slots.navbar || !navbar) {
    return;
  }
  const items = navbar.items ?? [];
  if (!items.some(({ type }) => type === TYPE)) {
    navbar.items = [...items, { type: TYPE, position: 'right' }];
  }
}
