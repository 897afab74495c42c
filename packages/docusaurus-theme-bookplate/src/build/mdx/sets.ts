// SPDX-License-Identifier: Apache-2.0
// Which variants of a chapter stand together.
import type { Piece } from './parse';

const JSX = ['mdxJsxFlowElement', 'mdxJsxTextElement'];

export const isVariant = (piece: Piece): boolean =>
  (JSX.includes(piece.type) && piece.name === 'Variant') ||
  (piece.type === 'containerDirective' && piece.name === 'variant');

const isBlank = (piece: Piece) =>
  piece.type === 'text' && /^\s*$/.test(piece.value ?? '');

/** An MDX comment may stand between variants. */
const isRemark = (piece: Piece) =>
  piece.type === 'mdxFlowExpression' &&
  /^\s*(\/\*[^]*\*\/\s*)?$/.test(piece.value ?? '');

/**
 * `<Variant for="...">text</Variant>` on a line is a paragraph to Markdown; MDX
 * takes its paragraph away when nothing else is in it.
 */
function unwrapped(piece: Piece): Piece[] {
  const { children = [] } = piece;
  const bare =
    piece.type === 'paragraph' &&
    children.some(isVariant) &&
    children.every((child) => isBlank(child) || isVariant(child));
  return bare ? children.filter(isVariant) : [piece];
}

/** Variants next to each other below a piece, with nothing between them. */
export function setsIn(piece: Piece): Piece[][] {
  const sets: Piece[][] = [];
  let open = false;
  const blocks = (piece.children ?? []).flatMap(unwrapped);
  for (const child of blocks.filter((block) => !isRemark(block))) {
    const variant = isVariant(child);
    if (variant && open) {
      sets.at(-1)?.push(child);
    } else if (variant) {
      sets.push([child]);
    }
    open = variant;
  }
  return piece.type === 'paragraph' ? [] : sets;
}

/** Variants in the middle of a line, where no box can stand. */
export function strayVariantsIn(piece: Piece): Piece[] {
  const { children = [] } = piece;
  return piece.type === 'paragraph' && unwrapped(piece)[0] === piece
    ? children.filter(isVariant)
    : [];
}
