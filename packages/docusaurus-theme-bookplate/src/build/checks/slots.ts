// SPDX-License-Identifier: Apache-2.0
// Whose component stands in each slot. A site, or a theme listed after ours,
// that supplies the same one takes our part away without a word.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { Options, Slots } from '../../options';
import { wrappedBy, type Wrapped } from '../slots';
import type { Finding } from './finding';

/** "@theme/X" -> the file behind it, as the bundler was told. */
export type Aliases = Record<string, unknown>;

/** What a file has to name to keep our part, and how to say so. */
const KEEPS: Record<keyof Slots, { name: string; fix: string }> = {
  docBar: {
    name: '@theme/Bookplate/DocBar',
    fix: "import DocBar from '@theme/Bookplate/DocBar' and render <DocBar /> first",
  },
  navbar: {
    name: 'custom-bookplate-account',
    fix: "import NavbarAccount from '@theme/Bookplate/NavbarAccount' and add 'custom-bookplate-account': NavbarAccount",
  },
  mdx: {
    name: '@theme/Bookplate/Variant',
    fix: "start from '@theme-original/MDXComponents': export default {...MDXComponents, yours}",
  },
  progress: {
    name: 'useProgress',
    fix: "render '@theme-original/DocSidebarItem/Link' in it",
  },
};

const isBelow = (folder: string, file: string) =>
  file.startsWith(folder + sep) || file === folder;

interface Site {
  siteDir: string;
  /** The folder of our theme's components: ours stand in it. */
  themeFolder: string;
  options: Pick<Options, 'slots'>;
}

function shadowedBySite(wrapped: Wrapped, file: string, site: Site): Finding[] {
  const { component, slot } = wrapped;
  const text = readFileSync(file, 'utf8');
  const { name, fix } = KEEPS[slot];
  if (text.includes(`@theme-original/${component}`) || text.includes(name)) {
    return [];
  }
  return [
    {
      rule: 'shadowed-slot',
      file: relative(site.siteDir, file),
      text: `takes the place of ${component}, where Bookplate's ${slot} slot is`,
      fix: `wrap '@theme-original/${component}' instead of replacing it, or ${fix}; or switch it off: slots: {${slot}: false}`,
    },
  ];
}

function inSlot(wrapped: Wrapped, aliases: Aliases, site: Site): Finding[] {
  const { component, slot } = wrapped;
  const file = aliases[`@theme/${component}`];
  if (typeof file !== 'string' || isBelow(site.themeFolder, file)) {
    return [];
  }
  if (isBelow(join(site.siteDir, 'src', 'theme'), file)) {
    return shadowedBySite(wrapped, file, site);
  }
  return [
    {
      rule: 'wrong-order',
      file: relative(site.siteDir, file),
      text: `a theme listed after docusaurus-theme-bookplate supplies ${component} too, and takes Bookplate's ${slot} slot away`,
      fix: `list 'docusaurus-theme-bookplate' last in themes, or switch it off: slots: {${slot}: false}`,
    },
  ];
}

const NAVBAR = ['Navbar', 'Navbar/Content', 'Navbar/Layout', 'Layout'];
/** Whoever names one of these still renders the navbar's items. */
const ITEMS = /NavbarAccount|NavbarItem|@theme\/Navbar|@theme-original\//;

/** A navbar of the site's own in which nobody puts the account. */
function ownNavbar(aliases: Aliases, site: Site): Finding[] {
  return NAVBAR.flatMap((component) => {
    const file = aliases[`@theme/${component}`];
    const isSites =
      typeof file === 'string' &&
      isBelow(join(site.siteDir, 'src', 'theme'), file);
    if (!isSites || ITEMS.test(readFileSync(file, 'utf8'))) {
      return [];
    }
    return [
      {
        rule: 'no-navbar-item',
        file: relative(site.siteDir, file),
        text: 'has a navbar of its own, in which readers find no account',
        fix: "import NavbarAccount from '@theme/Bookplate/NavbarAccount' and render <NavbarAccount />",
      },
    ];
  });
}

const CODE = /\.(jsx?|tsx?|mdx?|m?js)$/;

/** Whether a file below the site's src/ names something. */
function isNamedIn(folder: string, name: string): boolean {
  if (!existsSync(folder)) {
    return false;
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => CODE.test(file))
    .some((file) => readFileSync(join(folder, file), 'utf8').includes(name));
}

function navbarOff({ siteDir, options }: Site): Finding[] {
  const used = isNamedIn(join(siteDir, 'src'), 'NavbarAccount');
  return options.slots.navbar || used
    ? []
    : [
        {
          rule: 'no-navbar-item',
          text: 'slots.navbar is false and nothing in src/ renders NavbarAccount: readers have no way to sign in',
          fix: "switch it on again, or render '@theme/Bookplate/NavbarAccount' in a component of your own",
        },
      ];
}

export function slotFindings(aliases: Aliases, site: Site): Finding[] {
  return [
    ...wrappedBy(site.options.slots).flatMap((wrapped) =>
      inSlot(wrapped, aliases, site),
    ),
    ...ownNavbar(aliases, site),
    ...navbarOff(site),
  ];
}
