// SPDX-License-Identifier: Apache-2.0
// What a Content-Security-Policy has to allow. Docusaurus minifies the scripts
// in its pages, so only a built book can tell.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';

import { attribute, isElement, plainText, type Html } from '../book/html';
import { hashOf } from '../head';

function scriptsIn(nodes: Html[]): string[] {
  return nodes.filter(isElement).flatMap((element) => {
    const isInline =
      element.tagName === 'script' &&
      attribute(element, 'src') === undefined &&
      !attribute(element, 'type')?.includes('json');
    return isInline ? [plainText(element)] : scriptsIn(element.childNodes);
  });
}

/** The hash of every inline script of a built book, each once. */
export function policyLines(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const scripts = files
    .filter((file) => file.endsWith('.html'))
    .flatMap((file) =>
      scriptsIn(parse(readFileSync(join(folder, file), 'utf8')).childNodes),
    );
  return [...new Set(scripts.map(hashOf))].sort();
}
