// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import {
  ApiError,
  axisLevels,
  saveAnswers,
  useAttempt,
  useProfile,
  type Answer,
  type Questionnaire,
  type Refused,
} from 'docusaurus-theme-bookplate/client';

export interface Saving extends Omit<Refused, 'code'> {
  /** What came of the last change; later: the server was not told yet. */
  outcome: 'none' | 'saved' | 'later';
  /** The question whose answer was changed last. */
  of: string | null;
  /** undefined takes the answer back. */
  save(id: string, answer: Answer | undefined): void;
}

const isAway = (error: unknown) =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** Changes one answer at a time, at once. */
export function useSaving(questionnaire: Questionnaire): Saving {
  const { answers } = useProfile();
  const { problem, fields, attempt } = useAttempt();
  const [outcome, setOutcome] = useState<Saving['outcome']>('none');
  const [of, setOf] = useState<string | null>(null);
  const send = async (id: string, answer: Answer | undefined) => {
    const { [id]: _before, ...others } = answers;
    const given = answer === undefined ? {} : { [id]: answer };
    const levels = axisLevels(questionnaire, { ...others, ...given });
    const remove = answer === undefined ? [id] : [];
    try {
      await saveAnswers({ answers: given, levels, remove });
      setOutcome('saved');
    } catch (error) {
      if (!isAway(error)) {
        throw error;
      }
      setOutcome('later'); // it counts here, and is sent when that is possible
    }
  };
  return {
    problem,
    fields,
    outcome,
    of,
    save(id, answer) {
      setOf(id);
      setOutcome('none');
      void attempt(() => send(id, answer));
    },
  };
}
