// SPDX-License-Identifier: Apache-2.0
// Markdown as an author writes it -> Markdown with the theme's components in
// it, before Docusaurus compiles it: directives become components, variants
// that stand together become a set. Only the places named by the parser's
// positions are edited; all other bytes stay as they are.
import type { Node, Parent } from 'unist';

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The nodes looked at here, of several syntaxes. */
interface Piece extends Parent {
  name?: string | null;
  attributes?: unknown;
  children: Piece[];
  position: NonNullable<Node['position']>;
}

const COMPONENTS: Record<string, string> = {
  variant: 'Variant',
  'for-reader': 'ForReader',
  recap: 'Recap',
  term: 'Term',
};

/** What none of these stands in needs no parser. */
export const isPlain = (source: string) =>
  !/<Variant\b|:(variant|for-reader|recap|term)\b/.test(source);

/** `## Title {#id}`, which is no MDX: other brackets, as many bytes. */
const withoutHeadingIds = (source: string) =>
  source.replace(/^(\s{0,3}#{1,6}\s.*)\{(#[^{}]+)\}\s*$/gm, (line) =>
    line.replace(/\{(#[^{}]+)\}(\s*)$/, '($1)$2'),
  );

export async function parse(source: string): Promise<Piece> {
  const [
    { unified },
    { default: parser },
    { default: frontmatter },
    { default: directive },
    { default: gfm },
    { default: mdx },
  ] = await Promise.all([
    import('unified'),
    import('remark-parse'),
    import('remark-frontmatter'),
    import('remark-directive'),
    import('remark-gfm'),
    import('remark-mdx'),
  ]);
  const processor = unified()
    .use(parser)
    .use(frontmatter, ['yaml', 'toml'])
    .use(directive)
    .use(gfm)
    .use(mdx);
  return processor.parse(withoutHeadingIds(source)) as unknown as Piece;
}

const from = (piece: Piece) => piece.position.start.offset ?? 0;
const to = (piece: Piece) => piece.position.end.offset ?? 0;

/** {for="a b" fallback} of a directive -> ` for="a b" fallback` of JSX. */
function attributesOf(piece: Piece): string {
  const given = (piece.attributes ?? {}) as Record<string, string>;
  return Object.entries(given)
    .map(([name, value]) =>
      value === '' ? ` ${name}` : ` ${name}=${JSON.stringify(value)}`,
    )
    .join('');
}

function isDirective(piece: Piece, type: string): boolean {
  return piece.type === type && (piece.name ?? '') in COMPONENTS;
}

const isVariant = (piece: Piece) =>
  (piece.type === 'mdxJsxFlowElement' && piece.name === 'Variant') ||
  (piece.type === 'containerDirective' && piece.name === 'variant');

/** :::variant{...} and ::: -> <Variant ...> and </Variant>, inside untouched. */
function editContainer(source: string, piece: Piece): Edit[] {
  const component = COMPONENTS[piece.name ?? ''];
  const lineEnd = source.indexOf('\n', from(piece));
  const lastLine = source.lastIndexOf('\n', to(piece) - 1) + 1;
  const fence = source.slice(lastLine, to(piece));
  if (!/^\s*:{3,}\s*$/.test(fence) || lineEnd < 0 || lastLine <= lineEnd) {
    const { line } = piece.position.start;
    throw new Error(
      `line ${line}: ":::${piece.name}" is not closed; a line ":::" ends it`,
    );
  }
  const indent = fence.slice(0, fence.search(/\S/));
  const open = `<${component}${attributesOf(piece)}>\n`;
  return [
    { from: from(piece), to: lineEnd, text: open },
    { from: lastLine, to: to(piece), text: `\n${indent}</${component}>` },
  ];
}

/** :term[words]{of="id"} -> <Term of="id">words</Term> */
function editText(source: string, piece: Piece): Edit[] {
  const [first] = piece.children;
  const last = piece.children.at(-1);
  const inner = first && last ? source.slice(from(first), to(last)) : '';
  const component = COMPONENTS[piece.name ?? ''];
  const text = `<${component}${attributesOf(piece)}>${inner}</${component}>`;
  return [{ from: from(piece), to: to(piece), text }];
}

/** Variants next to each other, with nothing between them. */
function setsIn(piece: Piece): Piece[][] {
  const sets: Piece[][] = [];
  let open = false;
  for (const child of piece.children) {
    const variant = isVariant(child);
    if (variant && open) {
      sets.at(-1)?.push(child);
    } else if (variant) {
      sets.push([child]);
    }
    open = variant;
  }
  return sets;
}

function editSets(piece: Piece): Edit[] {
  return setsIn(piece).flatMap((set) => {
    const [first] = set;
    const last = set.at(-1);
    if (!first || !last || piece.name === 'VariantSet') {
      return [];
    }
    const indent = ' '.repeat(first.position.start.column - 1);
    return [
      {
        from: from(first),
        to: from(first),
        text: `<VariantSet>\n\n${indent}`,
      },
      { from: to(last), to: to(last), text: `\n\n${indent}</VariantSet>` },
    ];
  });
}

function editsOf(source: string, piece: Piece): Edit[] {
  const children = piece.children ?? [];
  const own = isDirective(piece, 'containerDirective')
    ? editContainer(source, piece)
    : isDirective(piece, 'textDirective')
      ? editText(source, piece)
      : [];
  const within =
    piece.type === 'textDirective'
      ? []
      : children.flatMap((child) => editsOf(source, child));
  return [...own, ...within, ...(piece.children ? editSets(piece) : [])];
}

/** Insertions that meet: what closes comes first, what opens encloses. */
function apply(source: string, edits: Edit[]): string {
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

export async function withComponents(source: string): Promise<string> {
  if (isPlain(source)) {
    return source;
  }
  return apply(source, editsOf(source, await parse(source)));
}
