// SPDX-License-Identifier: Apache-2.0
// Whole chapters for one level, in files beside the chapter: chapter.md and
// chapter.beginner.md become one page with a set of two variants. The docs
// plugin has to leave such files out of its own pages (`exclude`).
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { LEVELS, isLevel, type Level } from '../../core/words';
import { parse } from './source';

export interface Sibling {
  level: Level;
  file: string;
}

const EXTENSIONS = ['.md', '.mdx'];

/** "_chapter.beginner.md" -> { chapter: 'chapter', level: 'beginner' } */
export function readName(
  file: string,
): { chapter: string; level: Level } | null {
  const extension = extname(file);
  const [, chapter, level] =
    /^_?(.+)\.([a-z]+)$/.exec(basename(file, extension)) ?? [];
  return EXTENSIONS.includes(extension) && chapter && isLevel(level)
    ? { chapter, level }
    : null;
}

/** The files beside a chapter that tell it for one level. */
export async function siblingsOf(chapter: string): Promise<Sibling[]> {
  const name = basename(chapter, extname(chapter));
  if (readName(chapter)) {
    return [];
  }
  const folder = dirname(chapter);
  const files = (await readdir(folder)).sort();
  return files.flatMap((file) => {
    const read = readName(file);
    return read?.chapter === name
      ? [{ level: read.level, file: join(folder, file) }]
      : [];
  });
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function importOf({ level, file }: Sibling): string {
  const name = `Chapter${capital(level)}`;
  return `import ${name}, {toc as toc${name}} from './${basename(file)}';`;
}

function variantOf({ level }: Sibling): string {
  const name = `Chapter${capital(level)}`;
  return `<Variant for="level:${level}" toc={toc${name}}>\n\n<${name} />\n\n</Variant>`;
}

/** The chapter as the fallback of a set with its siblings. */
export async function withSiblings(
  source: string,
  siblings: Sibling[],
): Promise<string> {
  const { children } = await parse(source);
  const textOf = (piece: (typeof children)[number]) =>
    source.slice(piece.position.start.offset, piece.position.end.offset);
  const head = children.filter(({ type }) => ['yaml', 'toml'].includes(type));
  const modules = children.filter(({ type }) => type === 'mdxjsEsm');
  const rest = children.filter(
    (child) => !head.includes(child) && !modules.includes(child),
  );
  const title =
    rest[0]?.type === 'heading' && /^# |\n=+$/.test(textOf(rest[0]))
      ? rest.slice(0, 1)
      : [];
  const others = LEVELS.filter(
    (level) => !siblings.some((sibling) => sibling.level === level),
  );
  const conditions = others.map((level) => `level:${level}`).join(' ');
  return [
    ...head.map(textOf),
    ...modules.map(textOf),
    siblings.map(importOf).join('\n'),
    ...title.map(textOf),
    '<VariantSet>',
    `<Variant for=${JSON.stringify(conditions)} fallback>`,
    ...rest.slice(title.length).map(textOf),
    '</Variant>',
    ...siblings.map(variantOf),
    '</VariantSet>',
    '',
  ].join('\n\n');
}

/** A sibling is a part of its chapter's page: its front matter counts for nothing. */
export const withoutFrontMatter = (source: string) =>
  source.replace(/^---\n[\s\S]*?\n---\n/, '');
