// SPDX-License-Identifier: Apache-2.0
import type { DocusaurusConfig } from '@docusaurus/types';

import type { Syntax } from './parse';

/**
 * The site's remark-math, wherever its configuration has it: without it, what
 * stands between two dollar signs would be read as code. Other plugins work on
 * what was read and do not matter here.
 */
export function syntaxOf({
  plugins,
  presets,
  themes,
}: DocusaurusConfig): Syntax {
  const seen = new Set<unknown>();
  const found: Syntax = [];
  const look = (given: unknown): void => {
    if (typeof given !== 'object' || given === null || seen.has(given)) {
      return;
    }
    seen.add(given);
    for (const plugin of remarkPluginsOf(given)) {
      const [run, options] = [plugin].flat() as Syntax[number];
      if (typeof run === 'function' && run.name === 'remarkMath') {
        found.push(options ? [run, options] : [run]);
      }
    }
    Object.values(given).forEach(look);
  };
  look([plugins, presets, themes]);
  return found.slice(0, 1);
}

function remarkPluginsOf(given: object): unknown[] {
  const { remarkPlugins } = given as { remarkPlugins?: unknown };
  return Array.isArray(remarkPlugins) ? remarkPlugins : [];
}
