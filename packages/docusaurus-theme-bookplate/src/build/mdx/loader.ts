// SPDX-License-Identifier: Apache-2.0
// What the bundler runs over every Markdown file before Docusaurus does. A theme
// cannot give the docs plugin a remark plugin; this needs nothing in the site's
// configuration.
import {
  readName,
  siblingsOf,
  withSiblings,
  withoutFrontMatter,
} from './siblings';
import { withComponents } from './source';

interface Loading {
  resourcePath: string;
  async(): (error: Error | null, text?: string) => void;
  addDependency(file: string): void;
}

async function load(loading: Loading, source: string): Promise<string> {
  if (readName(loading.resourcePath)) {
    return withComponents(withoutFrontMatter(source));
  }
  const text = await withComponents(source);
  const siblings = await siblingsOf(loading.resourcePath);
  siblings.forEach(({ file }) => loading.addDependency(file));
  return siblings.length === 0 ? text : withSiblings(text, siblings);
}

export default function loader(this: Loading, source: string): void {
  const done = this.async();
  load(this, source).then(
    (text) => done(null, text),
    (error: Error) => done(new Error(`${this.resourcePath}: ${error.message}`)),
  );
}
