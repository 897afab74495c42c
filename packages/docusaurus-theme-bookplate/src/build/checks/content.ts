// SPDX-License-Identifier: Apache-2.0
// What is wrong in the chapters of a book, over all files that are followed.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type {
  LoadedContent,
  LoadedVersion,
} from '@docusaurus/plugin-content-docs';

import { saidOf } from '../chapters';
import { readName, siblingsOf } from '../mdx/siblings';
import { chapterFindings, type Rules, type Source } from './chapter';
import type { Finding } from './finding';
import { wrongWith } from './words';

type Doc = LoadedVersion['docs'][number];

const EXCLUDE =
  "exclude: ['**/_*.{js,jsx,ts,tsx,md,mdx}', '**/*.{beginner,intermediate,expert}.{md,mdx}']";

/** A file for one level that became a page beside the chapter it belongs to. */
function pageOfSibling(file: string, siteDir: string): Finding[] {
  const name = readName(file);
  const folder = join(file, '..');
  const chapter = ['.md', '.mdx']
    .map((extension) => join(folder, `${name?.chapter}${extension}`))
    .find((path) => existsSync(path));
  return name && chapter
    ? [
        {
          rule: 'sibling-is-a-page',
          file: relative(siteDir, file),
          text: `belongs to ${relative(folder, chapter)} and is a page of its own as well`,
          fix: `give the docs plugin ${EXCLUDE}`,
        },
      ]
    : [];
}

/** The line of the front matter on which a word stands. */
function lineWith(word: string, text: string): number | undefined {
  const lines = text.split('\n');
  const end = lines.findIndex((line, at) => at > 0 && /^---\s*$/.test(line));
  const found = lines
    .slice(0, end + 1)
    .findIndex((line) => line.includes(word));
  return found < 0 ? undefined : found + 1;
}

function needsOf(
  doc: Doc,
  { file, text }: Source,
  concepts: Set<string>,
  { words }: Rules,
): Finding[] {
  return (saidOf(doc).needs ?? []).flatMap((need) => {
    const place = { file, line: lineWith(need, text) };
    if (need.includes(':')) {
      const wrong = wrongWith(need, words);
      return wrong
        ? [{ rule: 'impossible-condition', ...place, ...wrong }]
        : [];
    }
    return concepts.has(need)
      ? []
      : [
          {
            rule: 'untaught-need',
            ...place,
            text: `needs "${need}", which no chapter teaches`,
            fix: `add "${need}" to the concepts of the chapter that does, or take it out`,
          },
        ];
  });
}

export async function contentFindings(
  contents: LoadedContent[],
  siteDir: string,
  rules: Rules,
): Promise<Finding[]> {
  const docs = contents
    .flatMap(({ loadedVersions }) => loadedVersions)
    .flatMap((version) => version.docs);
  const concepts = new Set(docs.flatMap((doc) => saidOf(doc).concepts ?? []));
  const read = async (path: string): Promise<Source> => ({
    file: relative(siteDir, path),
    text: await readFile(path, 'utf8'),
  });
  const findings: Finding[] = [];
  for (const doc of docs) {
    const path = join(siteDir, doc.source.replace(/^@site\//, ''));
    const chapter = await read(path);
    const beside = await siblingsOf(path);
    const siblings = await Promise.all(beside.map(({ file }) => read(file)));
    findings.push(
      ...pageOfSibling(path, siteDir),
      ...needsOf(doc, chapter, concepts, rules),
      ...(await chapterFindings(chapter, siblings, rules)),
    );
  }
  return findings;
}
