// SPDX-License-Identifier: Apache-2.0
// Which of the variants that stand together is shown, as style rules: the HTML
// holds all of them, and the words on <html> choose before anything is painted.
// Exactly those whose conditions are met are shown; when none is, the fallback.
import { isCondition, parseConditions } from './conditions';

export interface Part {
  /** The value of the part's attribute data-bookplate-part. */
  id: string;
  conditions: string[];
  fallback: boolean;
  /** Ids of its headings, which leave the table of contents with it. */
  headings: string[];
}

const quote = (text: string) => JSON.stringify(text).replace(/</g, '\\3c ');

/** html:is([data-bookplate~="level:expert"],...) */
function readers(conditions: string[]): string {
  const words = conditions.map((word) => `[data-bookplate~=${quote(word)}]`);
  return `:is(${words.join()})`;
}

function places({ id, headings }: Part): string[] {
  return [
    `[data-bookplate-part=${quote(id)}]`,
    ...headings.map(
      (heading) =>
        `.table-of-contents li:has(>a[href=${quote(`#${heading}`)}])`,
    ),
  ];
}

/** `html` is the selector of those for whom it counts. */
function rule(html: string, part: Part, what: string): string {
  // A rule for each: a browser without :has() then drops only its own.
  return places(part)
    .map((place) => `${html} ${place}{${what}}`)
    .join('');
}

const HIDDEN = 'display:none';
/** Whoever asked to see all of them is no matter of conditions. */
const HTML = 'html:not([data-bookplate-all])';

function rulesOf(part: Part, others: string[]): string {
  const own = part.conditions;
  if (!part.fallback) {
    return own.length === 0
      ? ''
      : rule(`${HTML}:not(${readers(own)})`, part, HIDDEN);
  }
  const rest = others.filter((condition) => !own.includes(condition));
  if (rest.length === 0) {
    return '';
  }
  const nor = own.length === 0 ? '' : `:not(${readers(own)})`;
  return rule(`${HTML}${readers(rest)}${nor}`, part, HIDDEN);
}

export function rulesOfSet(parts: Part[]): string {
  return parts
    .map((part) => {
      const others = parts.filter((other) => other !== part);
      return rulesOf(
        part,
        others.flatMap(({ conditions }) => conditions),
      );
    })
    .join('');
}

/** For a piece that is shown to those who have, or lack, any of these words. */
export function rulesOfPiece(id: string, has: string, lacks: string): string {
  const part = { id, conditions: [], fallback: false, headings: [] };
  const [wanted, unwanted] = [has, lacks].map(safeConditions) as [
    string[],
    string[],
  ];
  return [
    wanted.length > 0 && rule(`${HTML}:not(${readers(wanted)})`, part, HIDDEN),
    unwanted.length > 0 && rule(`${HTML}${readers(unwanted)}`, part, HIDDEN),
  ]
    .filter(Boolean)
    .join('');
}

/** What is no condition cannot stand in a style sheet. */
export function safeConditions(text: string | undefined): string[] {
  return parseConditions(text).filter(isCondition);
}
