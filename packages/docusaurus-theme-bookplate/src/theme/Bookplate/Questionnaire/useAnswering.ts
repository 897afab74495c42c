// SPDX-License-Identifier: Apache-2.0
// Answers as they are given: each is saved at once. What the server refuses
// stays on the screen, with what it said.
import { useRef, useState } from 'react';
import {
  ApiError,
  axisLevels,
  refusedBy,
  saveAnswers,
  useStore,
  type Answer,
  type Answers,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';
import { getState } from 'docusaurus-theme-bookplate/core/book';
import { only } from 'docusaurus-theme-bookplate/core/guest';

/** What became of the answers given last. */
export type Saved =
  | 'nothing'
  | 'saving'
  | 'kept'
  | 'saved'
  | 'unsent'
  | 'held'
  | 'ended';

/** Answers by question; undefined where there is none. */
export type Given = Record<string, Answer | undefined>;

export interface Answering {
  /** As the screen shows them, with those that were refused. */
  answers: Answers;
  /** What the server has against an answer, by question. */
  errors: Record<string, string>;
  /** What stood before the reader answered here; only what they answered. */
  before: Given;
  saved: Saved;
  answer(given: Given): Promise<void>;
  agree(version: string): Promise<void>;
}

function savedAfter({ status, code }: ApiError): Saved {
  if (status === 401) {
    return 'ended';
  }
  return code === 'CONSENT_REQUIRED' ? 'held' : 'unsent';
}

function without<T>(all: Record<string, T>, names: string[]) {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !names.includes(name)),
  );
}

/** The reader's answers, were these given. */
function answersWith(given: Given): Answers {
  const all: Given = { ...getState().local.answers, ...given };
  return without(
    all,
    Object.keys(all).filter((id) => all[id] === undefined),
  ) as Answers;
}

export function useAnswering(
  questionnaire: Questionnaire,
  hold: boolean,
): Answering {
  const { local } = useStore();
  const [saved, setSaved] = useState<Saved>('nothing');
  const [refused, setRefused] = useState<Given>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const before = useRef<Given>({});

  async function tell(given: Given, consent?: string): Promise<void> {
    const all = answersWith(given);
    const names = Object.keys(given);
    setSaved('saving');
    try {
      await saveAnswers({
        answers: only(all, names),
        remove: names.filter((name) => !(name in all)),
        levels: axisLevels(questionnaire, all),
        hold: consent === undefined && hold,
        consent,
      });
      const { owner, held, unsentAnswers } = getState().local;
      if (owner === null || held || unsentAnswers.length === 0) {
        setSaved(owner === null ? 'kept' : held ? 'held' : 'saved');
      } // or a later answer is still on its way, and says what becomes of it
    } catch (error) {
      const { fields } = refusedBy(error); // throws what is no refusal
      const ours = names.filter((name) => name in fields);
      setErrors((others) => ({ ...others, ...only(fields, ours) }));
      setRefused((others) => ({ ...others, ...only(given, ours) }));
      setSaved(ours.length > 0 ? 'nothing' : savedAfter(error as ApiError));
    }
  }

  return {
    answers: { ...local.answers, ...(refused as Answers) },
    errors,
    before: before.current,
    saved:
      saved === 'unsent' && local.unsentAnswers.length === 0 ? 'saved' : saved,
    answer(given) {
      const names = Object.keys(given);
      const { answers } = getState().local;
      names
        .filter((name) => !(name in before.current))
        .forEach((name) => (before.current[name] = answers[name]));
      setErrors((others) => without(others, names));
      setRefused((others) => without(others, names));
      return tell(given);
    },
    agree: (version) => tell({}, version),
  };
}
