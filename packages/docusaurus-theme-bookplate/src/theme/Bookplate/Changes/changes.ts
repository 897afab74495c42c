// SPDX-License-Identifier: Apache-2.0
// What the book shows otherwise since the reader answered. Pure.
import {
  axisLevels,
  levelWord,
  named,
  overallLevel,
  questionsOf,
  type Answer,
  type Answers,
  type Label,
  type Level,
  type Question,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';

/** Answers by question; undefined where there is none. */
export type Given = Record<string, Answer | undefined>;

/** `ids`: the questions whose answers made the change. */
export type Change = { ids: string[] } & (
  | { kind: 'level'; level: Level }
  | { kind: 'tab'; tab: Label }
  | { kind: 'axis'; axis: string; level: Level }
  | { kind: 'notes'; notes: Label[] }
  | { kind: 'gone'; notes: Label[] }
  | { kind: 'other' }
);

export interface Asked {
  questionnaire: Questionnaire;
  /** What stood before, of the questions that were answered. */
  before: Given;
  now: Answers;
  /** Questions whose first choice opens a tab. */
  tabs: string[];
  /** The conditions in the book's chapters: "devices:jetson". */
  conditions: string[];
}

const same = (a: Answer | undefined, b: Answer | undefined) =>
  JSON.stringify(a) === JSON.stringify(b);

function restored(now: Answers, before: Given): Answers {
  const all: Given = { ...now, ...before };
  return Object.fromEntries(
    Object.entries(all).filter(([, answer]) => answer !== undefined),
  ) as Answers;
}

function labelsOf({ choices = [] }: Question, ids: string[]): Label[] {
  return ids.flatMap((id) => {
    const choice = choices.find((one) => one.id === id);
    return choice ? [choice.label] : [];
  });
}

function idsOn(axis: string, changed: Question[]): string[] {
  return changed.filter((one) => one.axis === axis).map(({ id }) => id);
}

/** The level over all, and those single ones that chapters ask for. */
function levelChanges(asked: Asked, changed: Question[]): Change[] {
  const { questionnaire, before, now, conditions } = asked;
  const old = axisLevels(questionnaire, restored(now, before));
  const levels = axisLevels(questionnaire, now);
  const [was, level] = [overallLevel(old), overallLevel(levels)];
  const ids = changed.filter(({ axis }) => axis).map(({ id }) => id);
  const whole: Change[] =
    ids.length > 0 && level !== null && level !== was
      ? [{ kind: 'level', level, ids }]
      : [];
  const single = Object.entries(levels).flatMap(([axis, at]): Change[] => {
    const word = levelWord(at);
    const before = old[axis];
    const isSame = before !== undefined && levelWord(before) === word;
    const isUsed = conditions.some((one) => one.startsWith(`${axis}:`));
    const own = idsOn(axis, changed);
    return isSame || !isUsed || own.length === 0
      ? []
      : [{ kind: 'axis', axis, level: word, ids: own }];
  });
  return [...whole, ...single];
}

function tabChanges({ now, before, tabs }: Asked, all: Question[]): Change[] {
  return all
    .filter(({ id }) => tabs.includes(id))
    .flatMap((question): Change[] => {
      const [first] = named(now[question.id]);
      const [tab] = first ? labelsOf(question, [first]) : [];
      const isSame = first === named(before[question.id])[0];
      return tab && !isSame ? [{ kind: 'tab', tab, ids: [question.id] }] : [];
    });
}

/** Notes that come, and notes that go. */
function notesChanges(asked: Asked, all: Question[]): Change[] {
  const { now, before, conditions } = asked;
  return all.flatMap((question): Change[] => {
    const { id } = question;
    const [is, was] = [named(now[id]), named(before[id])];
    const notes = (some: string[], others: string[]) => {
      const used = some.filter((one) => conditions.includes(`${id}:${one}`));
      return labelsOf(
        question,
        used.filter((one) => !others.includes(one)),
      );
    };
    const [come, go] = [notes(is, was), notes(was, is)];
    return [
      ...(come.length > 0
        ? [{ kind: 'notes' as const, notes: come, ids: [id] }]
        : []),
      ...(go.length > 0
        ? [{ kind: 'gone' as const, notes: go, ids: [id] }]
        : []),
    ];
  });
}

export function changesOf(asked: Asked): Change[] {
  const { questionnaire, before, now } = asked;
  const changed = questionsOf(questionnaire).filter(
    ({ id }) => id in before && !same(before[id], now[id]),
  );
  const seen = [
    ...levelChanges(asked, changed),
    ...tabChanges(asked, changed),
    ...notesChanges(asked, changed),
  ];
  const told = seen.flatMap(({ ids }) => ids);
  const rest = changed.map(({ id }) => id).filter((id) => !told.includes(id));
  return rest.length > 0 ? [...seen, { kind: 'other', ids: rest }] : seen;
}
