// SPDX-License-Identifier: Apache-2.0
// Whole chapters for one level, in files beside the chapter: chapter.md and
// chapter.beginner.md become one page with a set of two variants. The docs
// plugin has to leave such files out of its own pages (`exclude`).
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { createSlugger } from '@docusaurus/utils';

import { LEVELS, isLevel, type Level } from '../../core/words';
import {
  from,
  parse,
  textOf,
  to,
  walk,
  type Piece,
  type Syntax,
} from './parse';
import { apply, type Edit } from './source';

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

/** Every file that would be a sibling of a chapter, there or not. */
export function possibleSiblings(chapter: string): string[] {
  const name = basename(chapter, extname(chapter));
  return LEVELS.flatMap((level) =>
    EXTENSIONS.flatMap((extension) =>
      ['', '_'].map((mark) =>
        join(dirname(chapter), `${mark}${name}.${level}${extension}`),
      ),
    ),
  );
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

const isTitle = (source: string, piece: Piece | undefined) =>
  piece?.type === 'heading' &&
  /^# |\n=+$/.test(source.slice(from(piece), to(piece)));

const isFrontMatter = ({ type }: Piece) => ['yaml', 'toml'].includes(type);

/** The chapter as the fallback of a set with its siblings. */
export async function withSiblings(
  source: string,
  siblings: Sibling[],
  syntax: Syntax = [],
): Promise<string> {
  const { children } = await parse(source, syntax);
  const written = (piece: Piece) => source.slice(from(piece), to(piece));
  const head = children.filter(isFrontMatter);
  const modules = children.filter(({ type }) => type === 'mdxjsEsm');
  const rest = children.filter(
    (child) => !head.includes(child) && !modules.includes(child),
  );
  const title = isTitle(source, rest[0]) ? rest.slice(0, 1) : [];
  const others = LEVELS.filter(
    (level) => !siblings.some((sibling) => sibling.level === level),
  );
  const conditions = others.map((level) => `level:${level}`).join(' ');
  return [
    ...head.map(written),
    ...modules.map(written),
    siblings.map(importOf).join('\n'),
    ...title.map(written),
    '<VariantSet>',
    `<Variant for=${JSON.stringify(conditions)} fallback>`,
    ...rest.slice(title.length).map(written),
    '</Variant>',
    ...siblings.map(variantOf),
    '</VariantSet>',
    '',
  ].join('\n\n');
}

/** " {#set-up-beginner}" behind each heading that names no anchor itself. */
function anchorsOf(source: string, tree: Piece, level: Level): Edit[] {
  const slugger = createSlugger();
  const edits: Edit[] = [];
  walk(tree, (piece) => {
    const last = piece.children?.at(-1);
    if (piece.type !== 'heading' || !last) {
      return;
    }
    const own = /\{(\/\*\s*)?#[^{}]+\}/.test(
      source.slice(from(piece), to(piece)),
    );
    const slug = slugger.slug(textOf(piece));
    if (!own) {
      const at = to(last);
      edits.push({ from: at, to: at, text: ` {#${slug}-${level}}` });
    }
  });
  return edits;
}

/**
 * A sibling is a part of its chapter's page: its front matter and its title
 * count for nothing, and its anchors must not be the chapter's again.
 */
export async function asPart(
  source: string,
  level: Level,
  syntax: Syntax = [],
): Promise<string> {
  const tree = await parse(source, syntax);
  const rest = tree.children.filter((piece) => !isFrontMatter(piece));
  const first = rest.find(({ type }) => type !== 'mdxjsEsm');
  const gone = [
    ...tree.children.filter(isFrontMatter),
    ...(first && isTitle(source, first) ? [first] : []),
  ];
  const kept = tree.children.filter((piece) => !gone.includes(piece));
  return apply(source, [
    ...gone.map((piece) => ({ from: from(piece), to: to(piece), text: '' })),
    ...anchorsOf(source, { ...tree, children: kept }, level),
  ]);
}
