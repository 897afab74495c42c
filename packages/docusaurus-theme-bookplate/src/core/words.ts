// SPDX-License-Identifier: Apache-2.0
// What a reader is, as words such as "level:beginner" or "devices:jetson": one
// for each answer, one for each axis, one for all axes together. The words are
// the attribute data-bookplate of <html>, by which style sheets choose.

export type Answer = string | string[] | number;
export type Answers = Record<string, Answer>;

export const LEVELS = ['beginner', 'intermediate', 'expert'] as const;
export type Level = (typeof LEVELS)[number];
/** What a reader may ask to see: a level, or the book as it is without one. */
export type Version = Level | 'original';

export function isLevel(text: unknown): text is Level {
  return LEVELS.includes(text as Level);
}

/** The choices an answer names, whatever its kind. */
export function named(answer: Answer | undefined): string[] {
  return answer === undefined ? [] : [answer].flat().map(String);
}

/** 0 and 1 are a beginner, 2 is in between, 3 is an expert. */
export function levelWord(level: number): Level {
  return LEVELS[level < 1.5 ? 0 : level < 2.5 ? 1 : 2];
}

/** Levels by axis; null where nothing is known. */
export type Levels = Record<string, number | null>;

/** The reader's level over all axes: their mean. Null when nothing is known. */
export function overallLevel(levels: Levels): Level | null {
  const known = Object.values(levels).filter((level) => level !== null);
  const sum = known.reduce((total, level) => total + level, 0);
  return known.length === 0 ? null : levelWord(sum / known.length);
}

/** No answer with spaces or punctuation, such as a text, is a word. */
const WORD = /^[\w.-]{1,64}$/;

/**
 * The words of a reader. `version` is what they asked for in so many words:
 * a level takes the place of the one their answers give.
 */
export function wordsOf(
  answers: Answers,
  levels: Levels,
  version?: Version | null,
): string[] {
  if (version === 'original') {
    return ['original'];
  }
  const level = version ?? overallLevel(levels);
  return [
    ...(level ? [`level:${level}`] : []),
    ...Object.entries(levels).flatMap(([axis, at]) =>
      at === null ? [] : [`${axis}:${levelWord(at)}`],
    ),
    ...Object.entries(answers).flatMap(([id, answer]) =>
      named(answer)
        .filter((value) => WORD.test(value))
        .map((value) => `${id}:${value}`),
    ),
  ];
}
