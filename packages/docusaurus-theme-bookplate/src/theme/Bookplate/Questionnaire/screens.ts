// SPDX-License-Identifier: Apache-2.0
import type {
  Label,
  Question,
  Questionnaire,
} from 'docusaurus-theme-bookplate/client';

/** What is asked on one screen: a step, or a part of a long one. */
export interface Screen {
  title: Label;
  help?: Label;
  questions: Question[];
}

/** As many questions as people answer gladly at once. */
const MOST = 5;

/** In as few parts as can be, none longer than another by more than one. */
function divide<T>(all: T[]): T[][] {
  const count = Math.ceil(all.length / MOST);
  return Array.from({ length: count }, (_, at) =>
    all.slice(
      Math.floor((at * all.length) / count),
      Math.floor(((at + 1) * all.length) / count),
    ),
  );
}

export function screensOf({ steps }: Questionnaire): Screen[] {
  return steps.flatMap(({ title, help, questions }) =>
    divide(questions).map((part, at) => ({
      title,
      questions: part,
      ...(at === 0 && { help }),
    })),
  );
}
