// SPDX-License-Identifier: Apache-2.0
// Whether some reader could meet a condition.
import { isCondition } from '../../core/conditions';
import {
  possibleWords,
  questionsOf,
  type Questionnaire,
} from '../../core/questionnaire';
import { LEVELS } from '../../core/words';

export interface Words {
  possible: Record<string, string[]>;
  /** Questions answered with a number: every number is a word. */
  numbers: string[];
}

export function wordsFor(questionnaire: Questionnaire): Words {
  const numbers = questionsOf(questionnaire).filter(
    ({ kind }) => kind === 'number',
  );
  return {
    possible: possibleWords(questionnaire),
    numbers: numbers.map(({ id }) => id),
  };
}

const MOST = 6;

function some(words: string[]): string {
  const more = words.length > MOST ? ', ...' : '';
  return words.slice(0, MOST).join(', ') + more;
}

/** What is wrong with a condition and what it could be; null when nothing. */
export function wrongWith(
  condition: string,
  { possible, numbers }: Words,
): { text: string; fix: string } | null {
  if (!isCondition(condition)) {
    return {
      text: `"${condition}" is no condition`,
      fix: 'a condition is key:value, such as level:beginner; several are separated by spaces',
    };
  }
  const [key = '', value = ''] = condition.split(':');
  const values = possible[key];
  if (values?.includes(value) || numbers.includes(key)) {
    return null;
  }
  const text = `no reader is ever "${condition}"`;
  if (!values) {
    const keys = some(Object.keys(possible));
    return { text, fix: `the questionnaire has no "${key}"; it has ${keys}` };
  }
  return {
    text,
    fix:
      values.length > 0
        ? `"${key}" is one of ${some(values)}`
        : `"${key}" is answered in free text, which is no condition`,
  };
}

/** Of the keys a set speaks of, the words that none of its variants is for. */
export function uncovered(conditions: string[], words: Words): string[] {
  const keys = new Set(conditions.map((one) => one.split(':')[0] ?? ''));
  return [...keys].flatMap((key) =>
    (words.possible[key] ?? [])
      .map((value) => `${key}:${value}`)
      .filter((word) => !conditions.includes(word)),
  );
}

/** Whether a set tells the same to readers of different levels. */
export function isOfLevels(conditions: string[], words: Words): boolean {
  return conditions.every((condition) => {
    const values = words.possible[condition.split(':')[0] ?? ''] ?? [];
    return LEVELS.every((level) => values.includes(level));
  });
}
