// SPDX-License-Identifier: Apache-2.0
// What a profile lacks to be complete, and the way there.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import type { Answers, Questionnaire } from 'docusaurus-theme-bookplate/client';
import { screensOf } from '@theme/Bookplate/Questionnaire/screens';

import styles from './styles.module.css';

export interface Props {
  questionnaire: Questionnaire;
  answers: Answers;
  onStep(step: number): void;
}

export default function StillOpen(props: Props): ReactNode {
  const { questionnaire, answers, onStep } = props;
  const open = screensOf(questionnaire).flatMap(({ questions }, at) =>
    questions
      .filter(({ id, required }) => required && answers[id] === undefined)
      .map(() => at + 1),
  );
  const [first] = open;
  if (first === undefined) {
    return null;
  }
  return (
    <p>
      <Translate
        id="theme.bookplate.changes.open"
        description="After the questionnaire, when required answers are missing"
        values={{ count: open.length }}
      >
        {'Your profile is not complete: open questions: {count}.'}
      </Translate>{' '}
      <button
        type="button"
        className={`clean-btn ${styles.link}`}
        onClick={() => onStep(first)}
      >
        <Translate
          id="theme.bookplate.changes.answer"
          description="Leads to the questions that are open"
        >
          Answer them
        </Translate>
      </button>
    </p>
  );
}
