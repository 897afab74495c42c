// SPDX-License-Identifier: Apache-2.0
// What the bundler runs over every Markdown file before Docusaurus does. A theme
// cannot give the docs plugin a remark plugin; this needs nothing in the site's
// configuration.
import { unwrapMdxCodeBlocks } from '@docusaurus/utils';

import type { Syntax } from './parse';
import {
  asPart,
  possibleSiblings,
  readName,
  siblingsOf,
  withSiblings,
} from './siblings';
import { withComponents } from './source';

export interface LoaderOptions {
  syntax: Syntax;
}

interface Loading {
  resourcePath: string;
  getOptions(): LoaderOptions;
  async(): (error: Error | null, text?: string) => void;
  addDependency(file: string): void;
  addMissingDependency(file: string): void;
}

/** A level's file that comes or goes makes its chapter anew. */
function watchSiblings(loading: Loading, there: string[]): void {
  for (const file of possibleSiblings(loading.resourcePath)) {
    if (there.includes(file)) {
      loading.addDependency(file);
    } else {
      loading.addMissingDependency(file);
    }
  }
}

async function load(loading: Loading, source: string): Promise<string> {
  const { syntax } = loading.getOptions();
  const text = await withComponents(unwrapMdxCodeBlocks(source), syntax);
  const name = readName(loading.resourcePath);
  if (name) {
    return asPart(text, name.level, syntax);
  }
  const siblings = await siblingsOf(loading.resourcePath);
  watchSiblings(
    loading,
    siblings.map(({ file }) => file),
  );
  return siblings.length === 0 ? text : withSiblings(text, siblings, syntax);
}

export default function loader(this: Loading, source: string): void {
  const done = this.async();
  load(this, source).then(
    (text) => done(null, text),
    (error: Error) => done(new Error(`${this.resourcePath}: ${error.message}`)),
  );
}
