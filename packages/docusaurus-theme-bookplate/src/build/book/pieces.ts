// SPDX-License-Identifier: Apache-2.0
// A rendered chapter -> its pieces in the order of the page: headings,
// paragraphs, code, each with the conditions it stands under.
import {
  attribute,
  classes,
  find,
  isElement,
  isText,
  plainText,
  type Element,
  type Html,
} from './html';
import { parseConditions } from '../../core/conditions';
import type { Condition } from './types';

/** Lines of a list or of a table stand closer together than paragraphs. */
export type Within = 'text' | 'list' | 'table';

/** One element whose content is for some readers. */
export interface Gate {
  condition: Condition;
}

export type Piece = { gates: Gate[] } & (
  | { kind: 'heading'; level: number; anchor: string; text: string }
  | { kind: 'text'; text: string; in: Within }
  | { kind: 'code'; language: string; title?: string; text: string }
);

/** What is said of a piece before it is known under which gates it stands. */
type Said = Piece extends infer P
  ? P extends Piece
    ? Omit<P, 'gates'>
    : 0
  : 0;

const BLOCKS = new Set(
  (
    'address article aside blockquote dd details div dl dt fieldset figcaption ' +
    'figure footer header hr li main nav ol p section summary table tbody ' +
    'tfoot thead tr ul'
  ).split(' '),
);
/** No text of the author's. */
const SILENT = new Set(
  'button input noscript script select style svg textarea'.split(' '),
);
const OURS = [
  'hash-link',
  'bookplate-variant__for',
  'bookplate-recap__title',
  'bookplate-bar',
  'bookplate-guest',
];

function gateOf(element: Element): Gate | null {
  const said = (name: string) => attribute(element, `data-bookplate-${name}`);
  const words = said('for') ?? said('has');
  if (words) {
    const fallback = said('fallback') !== undefined;
    return { condition: { any: parseConditions(words), fallback } };
  }
  if (said('fallback') !== undefined) {
    return { condition: { any: [], fallback: true } };
  }
  const lacks = said('lacks');
  return lacks ? { condition: { none: parseConditions(lacks) } } : null;
}

class Reading {
  readonly all: Piece[] = [];
  private gates: Gate[] = [];
  private line = '';
  private mark = '';
  private inTerm = false;

  private add(said: Said): void {
    this.all.push({ ...said, gates: this.gates } as Piece);
  }

  /** Ends the paragraph that is being read. */
  end(within: Within = 'text'): void {
    const text = this.line
      .split('\v')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .join('\n')
      .trim();
    if (text !== '') {
      const place = this.mark === '' ? within : 'list';
      this.add({ kind: 'text', text: this.mark + text, in: place });
      this.mark = '';
    }
    this.line = '';
  }

  read(nodes: Html[]): void {
    for (const node of nodes) {
      if (isText(node)) {
        this.line += node.value;
      } else if (isElement(node)) {
        this.element(node);
      }
    }
  }

  private element(element: Element): void {
    const { tagName, childNodes } = element;
    const names = classes(element);
    if (OURS.some((name) => names.includes(name)) || this.isSilent(tagName)) {
      return;
    }
    if (/^h[1-6]$/.test(tagName)) {
      this.heading(element);
    } else if (names.includes('theme-code-block') || tagName === 'pre') {
      this.code(element);
    } else if (names.includes('katex')) {
      this.formula(element);
    } else if (names.includes('tabs-container')) {
      this.tabs(element);
    } else if (tagName === 'br') {
      this.line += '\v';
    } else if (tagName === 'img') {
      this.line += attribute(element, 'alt') ?? '';
    } else if (BLOCKS.has(tagName)) {
      this.block(element);
    } else if (attribute(element, 'data-bookplate-term') !== undefined) {
      this.inTerm = true;
      this.read(childNodes);
      this.inTerm = false;
    } else {
      this.cell(element);
    }
  }

  /** A word of the glossary is a button, and a word of its sentence. */
  private isSilent(tagName: string): boolean {
    return SILENT.has(tagName) && !(tagName === 'button' && this.inTerm);
  }

  private block(element: Element): void {
    const { tagName, childNodes } = element;
    this.end();
    const outside = this.gates;
    const gate = gateOf(element);
    this.gates = gate ? [...outside, gate] : outside;
    if (tagName === 'li') {
      this.mark = '- ';
    }
    this.read(childNodes);
    this.end(tagName === 'tr' ? 'table' : 'text');
    if (tagName === 'li') {
      this.mark = '';
    }
    this.gates = outside;
  }

  /** Cells of a row on one line: "arm | 20". */
  private cell({ tagName, childNodes }: Element): void {
    const isCell = tagName === 'td' || tagName === 'th';
    if (isCell && this.line.trim() !== '') {
      this.line += ' | ';
    }
    this.read(childNodes);
  }

  private heading(element: Element): void {
    this.end();
    this.read(element.childNodes);
    const text = this.line.replace(/[\s\u200b]+/g, ' ').trim();
    this.line = '';
    const anchor = attribute(element, 'id');
    const level = Number(element.tagName.slice(1));
    if (level > 1 && anchor) {
      this.add({ kind: 'heading', level, anchor, text });
    } else if (this.all.length > 0 || level > 1) {
      this.add({ kind: 'text', text, in: 'text' });
    }
  }

  private code(element: Element): void {
    this.end();
    const pre = find([element], ({ tagName }) => tagName === 'pre') ?? element;
    const inside = find([pre], ({ tagName }) => tagName === 'code') ?? pre;
    const names = [element, pre, inside].flatMap(classes);
    const language =
      names.find((name) => name.startsWith('language-'))?.slice(9) ?? '';
    const title = find(element.childNodes, (child) =>
      classes(child).some((name) => name.startsWith('codeBlockTitle')),
    );
    this.add({
      kind: 'code',
      language,
      ...(title ? { title: plainText(title).trim() } : {}),
      text: plainText(inside).replace(/\n+$/, ''),
    });
  }

  /** KaTeX keeps what the author wrote beside what it draws. */
  private formula(element: Element): void {
    const source = find(
      element.childNodes,
      ({ tagName }) => tagName === 'annotation',
    );
    this.line += source ? `$${plainText(source)}$` : '';
  }

  /** Every tab, each below its label, also those that are not open. */
  private tabs({ childNodes }: Element): void {
    this.end();
    const [list, ...rest] = childNodes.filter(isElement);
    const labels = (list?.childNodes ?? []).filter(isElement).map(plainText);
    const panels = rest
      .flatMap((part) => [part, ...part.childNodes.filter(isElement)])
      .filter((part) => attribute(part, 'role') === 'tabpanel');
    panels.forEach((panel, at) => {
      this.add({ kind: 'text', text: `${labels[at] ?? ''}:`, in: 'text' });
      this.block(panel);
    });
  }
}

export function piecesOf(nodes: Html[]): Piece[] {
  const reading = new Reading();
  reading.read(nodes);
  reading.end();
  return reading.all;
}
