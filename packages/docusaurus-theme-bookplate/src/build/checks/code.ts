// SPDX-License-Identifier: Apache-2.0
// Whether two versions of a text tell the same code in different ways.
import { walk, type Piece } from '../mdx/parse';
import type { Finding } from './finding';

/** A finding that does not know its file yet. */
export type Found = Omit<Finding, 'file'>;

/** The blocks of code in these pieces; a diagram is none. */
export function codeIn(pieces: Piece[]): Piece[] {
  const code: Piece[] = [];
  for (const piece of pieces) {
    walk(piece, (below) => below.type === 'code' && code.push(below));
  }
  return code.filter(({ lang }) => lang !== 'mermaid');
}

const trimmed = ({ value = '' }: Piece) =>
  value.replace(/[ \t\r]+$/gm, '').trim();

/** What a block is: its language, and the file it shows if it names one. */
function nameOf({ lang, meta }: Piece): string {
  const [title = ''] = /\btitle=("[^"]*"|\S+)/.exec(meta ?? '') ?? [];
  return `${lang ?? ''} ${title}`;
}

/** A block of `code` that the others tell in another way, if there is one. */
export function differing(code: Piece[], others: Piece[]): Piece | undefined {
  const lacks = (all: Piece[], one: Piece) =>
    !all.some((other) => trimmed(other) === trimmed(one));
  // Leaving a block out is fair: only what both tell differently counts.
  return code.find(
    (one) =>
      lacks(others, one) &&
      others.some(
        (other) => nameOf(one) === nameOf(other) && lacks(code, other),
      ),
  );
}

export function changedCode(line: number, what: string): Found {
  return {
    rule: 'code-differs',
    line,
    text: `this code is not the same in ${what}`,
    fix: 'let versions of a text differ in words, and share their code',
  };
}

/** A chapter told anew may have its own code, but not of the same file. */
export const ofFiles = (code: Piece[]) =>
  code.filter(({ meta }) => /\btitle=/.test(meta ?? ''));
