// SPDX-License-Identifier: Apache-2.0
// What is wrong in docusaurus.config.js itself.
import type { DocusaurusConfig } from '@docusaurus/types';

import { isSameSite } from '../../core/api';
import type { Options } from '../../options';
import type { Finding } from './finding';

const isOurs = (entry: unknown): boolean => {
  const [name] = [entry].flat() as unknown[];
  return typeof name === 'string' && /(^|[\\/-])bookplate([\\/]|$)/.test(name);
};

function place({ themes, plugins }: DocusaurusConfig): Finding[] {
  if (plugins.some(isOurs)) {
    return [
      {
        rule: 'wrong-order',
        text: 'docusaurus-theme-bookplate is listed in plugins, before all themes',
        fix: 'move it to themes, as the last one',
      },
    ];
  }
  const listed = themes.filter(Boolean);
  const at = listed.findIndex(isOurs);
  return at < 0 || at === listed.length - 1
    ? []
    : [
        {
          rule: 'wrong-order',
          text: 'docusaurus-theme-bookplate is not the last of themes: a later one may take its slots away',
          fix: 'move it to the end of themes',
        },
      ];
}

function official(siteDir: string, { client }: Options): Finding[] {
  if (client !== 'better-auth') {
    return [];
  }
  try {
    require.resolve('better-auth/package.json', { paths: [siteDir] });
    return [];
  } catch {
    return [
      {
        rule: 'no-better-auth',
        text: "client: 'better-auth' needs the package better-auth, which this site does not have",
        fix: "npm install better-auth, or use client: 'tiny'",
      },
    ];
  }
}

function cookies(url: string, options: Options): Finding[] {
  const { server, credentials } = options;
  return credentials !== 'cookie' || isSameSite(url, server)
    ? []
    : [
        {
          rule: 'cookie-of-another-site',
          text: `credentials: 'cookie' cannot work: ${server} is another site than ${url}, so browsers keep its cookie back`,
          fix: "use credentials: 'auto', or serve both from one site (see docs/authors.md)",
        },
      ];
}

function format({ markdown }: DocusaurusConfig): Finding[] {
  const { format: given } = markdown;
  return given === 'mdx'
    ? []
    : [
        {
          rule: 'markdown-format',
          text: `markdown.format is '${given}': in files that are then no MDX, variants and other components do not work`,
          fix: "set markdown: {format: 'mdx'}, or give chapters with variants the ending .mdx",
        },
      ];
}

export function configFindings(
  config: DocusaurusConfig,
  siteDir: string,
  options: Options,
): Finding[] {
  return [
    ...place(config),
    ...official(siteDir, options),
    ...cookies(config.url, options),
    ...format(config),
  ];
}
