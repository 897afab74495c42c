// SPDX-License-Identifier: Apache-2.0
// The questionnaire as GET /api/questionnaire gives it, and what follows from
// answers to it. Pure: the same functions run in the page, in the build and in
// the doctor.

import { LEVELS, named, type Answer, type Answers } from './words';

/** A text, or one for each language. */
export type Label = string | Record<string, string>;

export interface Choice {
  id: string;
  label: Label;
  help?: Label;
  /** 0 to 3 on the question's axis. */
  level?: number | null;
}

export interface Question {
  id: string;
  kind: 'single' | 'multi' | 'scale' | 'text' | 'number';
  label: Label;
  why?: Label;
  help?: Label;
  required?: boolean;
  axis?: string;
  choices?: Choice[];
  /** scale and number: the bounds. */
  min?: number;
  max?: number;
  labels?: Record<string, Label>;
  /** multi: how many may be chosen. */
  most?: number;
  maxLength?: number;
}

export interface Step {
  id: string;
  title: Label;
  help?: Label;
  questions: Question[];
}

export interface Questionnaire {
  id: string;
  version?: string;
  locales?: string[];
  title: Label;
  steps: Step[];
  consent?: { version: string; text: Label; required?: boolean } | null;
}

/** The text in this language, else in English, else in whichever there is. */
export function labelIn(label: Label | undefined, locale: string): string {
  if (label === undefined || typeof label === 'string') {
    return label ?? '';
  }
  const language = locale.split('-')[0] ?? locale;
  return (
    label[locale] ??
    label[language] ??
    label.en ??
    Object.values(label)[0] ??
    ''
  );
}

export function questionsOf(questionnaire: Questionnaire): Question[] {
  return questionnaire.steps.flatMap((step) => step.questions);
}

/**
 * Whether the server would take it for an answer. One that fits no more, since
 * its choice was taken out, says nothing.
 */
function fits(question: Question, answer: Answer | undefined): boolean {
  const ids = (question.choices ?? []).map(({ id }) => id);
  const { kind, min = 1, max = 5, most = ids.length } = question;
  switch (kind) {
    case 'single':
      return typeof answer === 'string' && ids.includes(answer);
    case 'multi':
      return (
        Array.isArray(answer) &&
        answer.length <= most &&
        new Set(answer).size === answer.length &&
        answer.every((id) => ids.includes(id))
      );
    case 'scale':
      return (
        typeof answer === 'number' &&
        Number.isInteger(answer) &&
        answer >= min &&
        answer <= max
      );
    default:
      return false; // a text or a number measures nothing
  }
}

/** A scale from min to max, drawn out over the ladder from 0 to 3. */
function levelOnScale({ min = 1, max = 5 }: Question, answer: number): number {
  return max > min ? Math.round(((answer - min) / (max - min)) * 3) : 0;
}

/** 0 to 3, or null when the answer says nothing of its axis. */
function levelOfAnswer(
  question: Question,
  answer: Answer | undefined,
): number | null {
  if (!fits(question, answer)) {
    return null;
  }
  if (question.kind === 'scale') {
    return levelOnScale(question, Number(answer));
  }
  const chosen = named(answer);
  const levels = (question.choices ?? [])
    .filter(({ id }) => chosen.includes(id))
    .map(({ level }) => level)
    .filter((level) => typeof level === 'number');
  return levels.length === 0 ? null : Math.max(...levels);
}

/** For each axis the level of its first question that says something. */
export function axisLevels(
  questionnaire: Questionnaire,
  answers: Answers,
): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const question of questionsOf(questionnaire)) {
    const level = levelOfAnswer(question, answers[question.id]);
    if (question.axis && level !== null && !(question.axis in levels)) {
      levels[question.axis] = level;
    }
  }
  return levels;
}

const NO_SCALE = { min: 0, max: -1 };

/** Every word that some reader could be, by its key. */
export function possibleWords(
  questionnaire: Questionnaire,
): Record<string, string[]> {
  const words: Record<string, string[]> = { level: [...LEVELS] };
  const add = (key: string, more: readonly string[]) => {
    words[key] = [...new Set([...(words[key] ?? []), ...more])];
  };
  for (const question of questionsOf(questionnaire)) {
    const { id, kind, axis, choices = [] } = question;
    const { min = 1, max = 5 } = kind === 'scale' ? question : NO_SCALE;
    if (axis) {
      add(axis, LEVELS);
    }
    add(
      id,
      choices.map((choice) => choice.id),
    );
    add(
      id,
      Array.from({ length: max - min + 1 }, (_, at) => String(min + at)),
    );
  }
  return words;
}
