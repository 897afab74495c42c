// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';

import type { Options } from '../options';
import type { LoaderOptions } from './mdx/loader';
import { LIB } from './slots';

/** What the bundler is told: what stands behind accounts, and our Markdown. */
export function bundling({ client }: Options, options: LoaderOptions): object {
  const file = client === 'better-auth' ? 'official.js' : 'tiny.js';
  return {
    resolve: {
      alias: { '@bookplate/accounts': join(LIB, 'core', 'accounts', file) },
    },
    module: {
      rules: [
        {
          // Not `test`: Docusaurus takes every such rule for an MDX loader.
          resource: /\.mdx?$/i,
          enforce: 'pre',
          use: [{ loader: join(__dirname, 'mdx', 'loader.js'), options }],
        },
      ],
    },
  };
}
