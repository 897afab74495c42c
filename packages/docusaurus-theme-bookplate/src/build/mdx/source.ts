// SPDX-License-Identifier: Apache-2.0
// Markdown as an author writes it -> Markdown with the theme's components in
// it, before Docusaurus compiles it: directives become components, variants
// that stand together become a set. Only the places named by the parser's
// positions are edited; all other bytes stay as they are.
import { from, parse, to, type Piece, type Syntax } from './parse';
import { setsIn } from './sets';

export interface Edit {
  from: number;
  to: number;
  text: string;
}

const CONTAINERS: Record<string, string> = {
  variant: 'Variant',
  'for-reader': 'ForReader',
  recap: 'Recap',
};

/** What none of these stands in needs no parser. */
export const isPlain = (source: string): boolean =>
  !/<Variant\b|:(variant|for-reader|recap|term)\b/.test(source);

/** {for="a b" fallback} of a directive -> ` for="a b" fallback` of JSX. */
function attributesOf(piece: Piece): string {
  const given = (piece.attributes ?? {}) as Record<string, string>;
  const quote = (value: string) =>
    `"${value.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`;
  return Object.entries(given)
    .map(([name, value]) =>
      value === '' ? ` ${name}` : ` ${name}=${quote(value)}`,
    )
    .join('');
}

const isContainer = (piece: Piece) =>
  piece.type === 'containerDirective' && (piece.name ?? '') in CONTAINERS;

/** Not "see:term" of a sentence, which has no words in brackets. */
export const isTerm = (piece: Piece): boolean =>
  piece.type === 'textDirective' &&
  piece.name === 'term' &&
  piece.children.length > 0;

/** What the lines of a block begin with: "> ", or the depth of a list. */
function beginningOf(source: string, piece: Piece): string {
  const start = source.lastIndexOf('\n', from(piece) - 1) + 1;
  return source.slice(start, from(piece)).replace(/[^>\s]/g, ' ');
}

/** The line ":::" that ends a directive, unless it ends where the file does. */
function fenceOf(source: string, piece: Piece): number {
  const [colons = ''] = /^:+/.exec(source.slice(from(piece), to(piece))) ?? [];
  const lastLine = source.lastIndexOf('\n', to(piece) - 1) + 1;
  const [, before = '', fence = ''] =
    /^([>\s]*)(:+)\s*$/.exec(source.slice(lastLine, to(piece))) ?? [];
  if (lastLine <= from(piece) || fence.length < colons.length) {
    const { line } = piece.position.start;
    throw new Error(
      `line ${line}: "${colons}${piece.name}" is not closed; a line "${colons}" ends it`,
    );
  }
  return lastLine + before.length;
}

/** :::variant{...} and ::: -> <Variant ...> and </Variant>, inside untouched. */
function editContainer(source: string, piece: Piece): Edit[] {
  const component = CONTAINERS[piece.name ?? ''];
  const fence = fenceOf(source, piece);
  const lineEnd = source.indexOf('\n', from(piece));
  const empty = `\n${beginningOf(source, piece)}`;
  const open = `<${component}${attributesOf(piece)}>${empty.trimEnd()}`;
  return [
    { from: from(piece), to: lineEnd, text: open },
    { from: fence, to: to(piece), text: `${empty}</${component}>` },
  ];
}

/** :term[words]{of="id"} -> <Term of="id">words</Term> */
function editTerm(source: string, piece: Piece): Edit[] {
  const [first] = piece.children;
  const last = piece.children.at(-1);
  const inner = first && last ? source.slice(from(first), to(last)) : '';
  const text = `<Term${attributesOf(piece)}>${inner}</Term>`;
  return [{ from: from(piece), to: to(piece), text }];
}

function editSets(source: string, piece: Piece): Edit[] {
  if (piece.name === 'VariantSet') {
    return []; // an author's own, to keep two sets apart
  }
  return setsIn(piece).flatMap((set) => {
    const [first] = set;
    const last = set.at(-1);
    if (!first || !last) {
      return [];
    }
    const begin = beginningOf(source, first);
    const empty = `\n${begin.trimEnd()}\n${begin}`;
    return [
      { from: from(first), to: from(first), text: `<VariantSet>${empty}` },
      { from: to(last), to: to(last), text: `${empty}</VariantSet>` },
    ];
  });
}

function editsOf(source: string, piece: Piece): Edit[] {
  if (isTerm(piece)) {
    return editTerm(source, piece);
  }
  const own = isContainer(piece) ? editContainer(source, piece) : [];
  const within = (piece.children ?? [])
    .filter(({ data }) => !data?.directiveLabel)
    .flatMap((child) => editsOf(source, child));
  return [...own, ...within, ...editSets(source, piece)];
}

/** Insertions that meet: what closes comes first, what opens encloses. */
export function apply(source: string, edits: Edit[]): string {
  const inOrder = edits
    .map((edit, at) => ({ ...edit, at }))
    .sort((a, b) => a.from - b.from || a.to - b.to || b.at - a.at);
  let done = 0;
  let text = '';
  for (const edit of inOrder) {
    text += source.slice(done, edit.from) + edit.text;
    done = Math.max(done, edit.to);
  }
  return text + source.slice(done);
}

export async function withComponents(
  source: string,
  syntax: Syntax = [],
): Promise<string> {
  if (isPlain(source)) {
    return source;
  }
  return apply(source, editsOf(source, await parse(source, syntax)));
}
