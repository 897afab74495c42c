// SPDX-License-Identifier: Apache-2.0
// The pieces of a chapter -> its sections, each from one heading to the next.
import { createHash } from 'node:crypto';

import type { Gate, Piece, Within } from './pieces';
import type { Code, Section, Variant } from './types';

export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

interface Part {
  gates: Gate[];
  at: number;
  text: string;
  last: Within;
  code: Code[];
}

interface Draft {
  anchor: string;
  level: number;
  headings: string[];
  /** The first is what everybody sees; then one for each variant. */
  parts: [Part, ...Part[]];
}

const partOf = (gates: Gate[], at = 0): Part => ({
  gates,
  at,
  text: '',
  last: 'text',
  code: [],
});

const bytes = (text: string) => Buffer.byteLength(text);

const isSame = (a: Gate[], b: Gate[]) =>
  a.length === b.length && a.every((gate, at) => gate === b[at]);

/** Where a piece belongs within its section. */
function partFor({ parts }: Draft, gates: Gate[]): Part {
  const found = parts.find((part) => isSame(part.gates, gates));
  if (found) {
    return found;
  }
  const part = partOf(gates, bytes(parts[0].text));
  parts.push(part);
  return part;
}

function put(part: Part, piece: Exclude<Piece, { kind: 'heading' }>): void {
  if (piece.kind === 'code') {
    const { language, title, text } = piece;
    const named = title === undefined ? {} : { title };
    part.code.push({ at: bytes(part.text), language, ...named, text });
    return;
  }
  const gap = piece.in !== 'text' && part.last === piece.in ? '\n' : '\n\n';
  part.text += (part.text === '' ? '' : gap) + piece.text;
  part.last = piece.in;
}

/** Whoever sees this heading sees a piece with these gates below it. */
const isBelow = ({ parts: [{ gates }] }: Draft, others: Gate[]) =>
  gates.every((gate, at) => gate === others[at]);

function draftsOf(title: string, pieces: Piece[]): Draft[] {
  const first: Draft = {
    anchor: '',
    level: 1,
    headings: [title],
    parts: [partOf([])],
  };
  const drafts = [first];
  // Sections that are still open, from the chapter's down.
  let open = [first];
  for (const piece of pieces) {
    const { gates } = piece;
    open = open.filter((draft) => isBelow(draft, gates));
    if (piece.kind === 'heading') {
      open = open.filter(({ level }) => level < piece.level);
      const { anchor, level, text } = piece;
      const headings = [...(open.at(-1)?.headings ?? [title]), text];
      const draft: Draft = { anchor, level, headings, parts: [partOf(gates)] };
      drafts.push(draft);
      open = [...open, draft];
    } else {
      put(partFor(open.at(-1) ?? first, gates), piece);
    }
  }
  return drafts;
}

function variantOf({ at, gates, text, code }: Part, shared: number): Variant {
  const conditions = gates.slice(shared).map(({ condition }) => condition);
  return { at, conditions, text, code };
}

function sectionOf(draft: Draft, id: string, route: string): Section {
  const { anchor, level, headings, parts } = draft;
  const [{ gates, text, code }, ...others] = parts;
  const content = {
    headings,
    level,
    conditions: gates.map(({ condition }) => condition),
    text,
    code,
    variants: others.map((part) => variantOf(part, gates.length)),
  };
  const place = anchor === '' ? route : `${route}#${anchor}`;
  return { id, anchor, route: place, ...content, hash: hashOf(content) };
}

/** Ids say where a section is, not what it says: they outlive its text. */
export function sectionsOf(
  document: { id: string; route: string; title: string },
  pieces: Piece[],
): Section[] {
  const seen = new Map<string, number>();
  return draftsOf(document.title, pieces).map((draft) => {
    const id = `${document.id}#${draft.anchor}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    const unique = times === 1 ? id : `${id}~${times}`;
    return sectionOf(draft, unique, document.route);
  });
}
