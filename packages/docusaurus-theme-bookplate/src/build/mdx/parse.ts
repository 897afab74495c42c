// SPDX-License-Identifier: Apache-2.0
// Reads a chapter as Docusaurus does: MDX with front matter, directives and
// tables. The loader, the sibling files and the lint all see this one tree; its
// positions are those of the file as the author wrote it.
import type { Node, Parent } from 'unist';

/** The nodes looked at here, of several syntaxes. */
export interface Piece extends Parent {
  name?: string | null;
  attributes?: unknown;
  value?: string;
  lang?: string | null;
  meta?: string | null;
  alt?: string | null;
  data?: { directiveLabel?: boolean };
  children: Piece[];
  position: NonNullable<Node['position']>;
}

/** What a site adds to Markdown's own syntax, such as remark-math. */
export type Syntax = [plugin: () => void, options?: object][];

export const from = (piece: Piece): number => piece.position.start.offset ?? 0;
export const to = (piece: Piece): number => piece.position.end.offset ?? 0;

/** `## Title {#id}`, which is no MDX: another bracket, as many bytes. */
const withoutHeadingIds = (source: string) =>
  source.replace(/^ {0,3}#{1,6}[ \t].*$/gm, (line) =>
    line.replaceAll('{#', '(#'),
  );

/** <!-- --> is no MDX either, but Docusaurus reads it: spaces in its place. */
const withoutComments = (source: string) =>
  source.replace(/<!--[^]*?-->/g, (comment) =>
    comment.replace(/[^\r\n]/g, ' '),
  );

export async function parse(
  source: string,
  syntax: Syntax = [],
): Promise<Piece> {
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
  for (const [plugin, options] of syntax) {
    processor.use([options ? [plugin, options] : plugin] as never[]);
  }
  const text = withoutComments(withoutHeadingIds(source));
  return processor.parse(text) as unknown as Piece;
}

/** The value of an attribute; '' of one without, undefined of none. */
export function attributeOf(piece: Piece, name: string): string | undefined {
  const given = piece.attributes ?? [];
  if (!Array.isArray(given)) {
    return (given as Record<string, string>)[name];
  }
  const all = given as { type: string; name?: string; value?: unknown }[];
  const found = all.find((attribute) => attribute.name === name);
  if (!found) {
    return undefined;
  }
  return typeof found.value === 'string' ? found.value : '';
}

/** What a heading says, without its marks: what its anchor is made of. */
export function textOf(piece: Piece): string {
  return (
    piece.value ?? piece.alt ?? (piece.children ?? []).map(textOf).join('')
  );
}

export function walk(piece: Piece, visit: (piece: Piece) => void): void {
  visit(piece);
  (piece.children ?? []).forEach((child) => walk(child, visit));
}
