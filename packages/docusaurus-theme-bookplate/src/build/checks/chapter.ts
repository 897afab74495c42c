// SPDX-License-Identifier: Apache-2.0
// What is wrong in one chapter: conditions nobody meets, sets that show nothing
// or too much, code that differs between levels, words without a meaning.
import { parseConditions } from '../../core/conditions';
import type { Glossary } from '../../core/glossary';
import {
  attributeOf,
  parse,
  walk,
  type Piece,
  type Syntax,
} from '../mdx/parse';
import { isVariant, setsIn, strayVariantsIn } from '../mdx/sets';
import { isPlain, isTerm, withComponents } from '../mdx/source';
import { changedCode, codeIn, differing, ofFiles, type Found } from './code';
import type { Finding } from './finding';
import { isOfLevels, uncovered, wrongWith, type Words } from './words';

export interface Rules {
  words: Words;
  glossary: Glossary;
  syntax: Syntax;
}

export interface Source {
  file: string;
  text: string;
}

const lineOf = (piece: Piece) => piece.position.start.line;
const conditionsOf = (piece: Piece, name = 'for') =>
  parseConditions(attributeOf(piece, name));
const isFallback = (piece: Piece) =>
  attributeOf(piece, 'fallback') !== undefined;

const isForReader = (piece: Piece) =>
  piece.name === 'ForReader' ||
  (piece.type === 'containerDirective' && piece.name === 'for-reader');

function conditionsIn(piece: Piece, { words }: Rules): Found[] {
  const names = isVariant(piece)
    ? ['for']
    : isForReader(piece)
      ? ['has', 'lacks']
      : [];
  return names
    .flatMap((name) => conditionsOf(piece, name))
    .flatMap((condition) => {
      const wrong = wrongWith(condition, words);
      const rule = 'impossible-condition';
      return wrong ? [{ rule, line: lineOf(piece), ...wrong }] : [];
    });
}

function fallbacksIn(set: Piece[], { words }: Rules): Found[] {
  const [first] = set;
  const [, second] = set.filter(isFallback);
  if (second) {
    return [
      {
        rule: 'two-fallbacks',
        line: lineOf(second),
        text: 'a second fallback in one set of variants: both are shown to whom no other fits',
        fix: 'keep one; two sets that follow each other need a line of text between them, or <VariantSet> around each',
      },
    ];
  }
  if (!first || set.some(isFallback)) {
    return [];
  }
  const missing = uncovered(
    set.flatMap((one) => conditionsOf(one)),
    words,
  );
  const others =
    missing.length > 0
      ? ` and those with ${missing.slice(0, 4).join(', ')}`
      : '';
  return [
    {
      rule: 'no-fallback',
      line: lineOf(first),
      text: `none of these variants is the fallback: readers we know nothing of${others} see nothing here`,
      fix: 'add fallback to one of them; what only some readers need is <ForReader has="...">',
    },
  ];
}

function overlapsIn(set: Piece[]): Found[] {
  const seen = new Set<string>();
  return set.flatMap((piece) =>
    conditionsOf(piece).flatMap((condition) => {
      const twice = seen.has(condition);
      seen.add(condition);
      return twice
        ? [
            {
              rule: 'condition-twice',
              line: lineOf(piece),
              text: `"${condition}" is in two variants of one set: its readers see both`,
              fix: 'take it out of one of them',
            },
          ]
        : [];
    }),
  );
}

function codeOf(set: Piece[], { words }: Rules): Found[] {
  if (
    !isOfLevels(
      set.flatMap((one) => conditionsOf(one)),
      words,
    )
  ) {
    return [];
  }
  const [first, ...others] = set.map((one) => codeIn([one]));
  return others.flatMap((code) => {
    const found = differing(code, first ?? []);
    return found ? [changedCode(lineOf(found), 'all variants of its set')] : [];
  });
}

function strays(piece: Piece): Found[] {
  return strayVariantsIn(piece).map((variant) => ({
    rule: 'variant-in-a-line',
    line: lineOf(variant),
    text: 'a variant stands in the middle of a paragraph, where no box can',
    fix: 'put it on lines of its own, with empty lines around its text',
  }));
}

function termsIn(piece: Piece, { glossary }: Rules): Found[] {
  if (piece.name !== 'Term' && !isTerm(piece)) {
    return [];
  }
  const of = attributeOf(piece, 'of') ?? '';
  return of in glossary
    ? []
    : [
        {
          rule: 'unknown-term',
          line: lineOf(piece),
          text: `the glossary has no "${of}"`,
          fix: 'add it to the file that the option glossary names, or correct the id',
        },
      ];
}

function brokenBy(error: unknown): Found {
  const { message, line, place } = error as {
    message: string;
    line?: number;
    place?: { start?: { line: number } };
  };
  const [, told, named] = /^line (\d+): |\((\d+):\d+-/.exec(message) ?? [];
  return {
    rule: 'syntax',
    line: Number(told ?? named ?? line ?? place?.start?.line) || undefined,
    text: message.replace(/^line \d+: /, '').split('\n')[0] ?? '',
    fix: 'Docusaurus cannot read this file as it is',
  };
}

async function findingsIn(text: string, rules: Rules): Promise<Found[]> {
  const found: Found[] = [];
  try {
    await withComponents(text, rules.syntax);
    walk(await parse(text, rules.syntax), (piece) => {
      found.push(...conditionsIn(piece, rules));
      found.push(...strays(piece), ...termsIn(piece, rules));
      for (const set of setsIn(piece)) {
        found.push(...fallbacksIn(set, rules), ...overlapsIn(set));
        found.push(...codeOf(set, rules));
      }
    });
    return found;
  } catch (error) {
    return [brokenBy(error)];
  }
}

async function codeOfSibling(
  chapter: Source,
  sibling: Source,
  { syntax }: Rules,
): Promise<Finding[]> {
  const read = ({ text }: Source) => parse(text, syntax).catch(() => null);
  const [own, others] = await Promise.all([read(sibling), read(chapter)]);
  const found =
    own && others && differing(ofFiles(codeIn([own])), codeIn([others]));
  return found
    ? [{ file: sibling.file, ...changedCode(lineOf(found), chapter.file) }]
    : [];
}

/** A chapter and the files beside it that tell it for one level. */
export async function chapterFindings(
  chapter: Source,
  siblings: Source[],
  rules: Rules,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { file, text } of [chapter, ...siblings]) {
    const found =
      isPlain(text) && !/<(Term|ForReader)\b/.test(text)
        ? []
        : await findingsIn(text, rules);
    findings.push(...found.map((one) => ({ file, ...one })));
  }
  for (const sibling of siblings) {
    findings.push(...(await codeOfSibling(chapter, sibling, rules)));
  }
  return findings;
}
