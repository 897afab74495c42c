// SPDX-License-Identifier: Apache-2.0
// The ways on from a step. Next comes first, so that Enter in a field takes it.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

import styles from './styles.module.css';

export interface Props {
  last: boolean;
  onBack?: () => void;
  onSkip(): void;
  onSkipAll(): void;
}

function Next({ last }: Pick<Props, 'last'>): ReactNode {
  return (
    <button type="submit" className="button button--primary">
      {last ? (
        <Translate
          id="theme.bookplate.step.finish"
          description="Ends the questionnaire"
        >
          Finish
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.step.next"
          description="To the next step of the questionnaire"
        >
          Next
        </Translate>
      )}
    </button>
  );
}

export default function Ways(props: Props): ReactNode {
  const { last, onBack, onSkip, onSkipAll } = props;
  return (
    <div className={styles.ways}>
      <Next last={last} />
      {onBack && (
        <button
          type="button"
          className="button button--secondary"
          onClick={onBack}
        >
          <Translate
            id="theme.bookplate.step.back"
            description="To the step before"
          >
            Back
          </Translate>
        </button>
      )}
      <button
        type="button"
        className={`clean-btn ${styles.skip}`}
        onClick={onSkip}
      >
        <Translate
          id="theme.bookplate.step.skip"
          description="Leaves the questions of this step for another time"
        >
          Skip this step
        </Translate>
      </button>
      {!last && (
        <button
          type="button"
          className={`clean-btn ${styles.skip}`}
          onClick={onSkipAll}
        >
          <Translate
            id="theme.bookplate.step.skipAll"
            description="Leaves all questions that are left"
          >
            Skip all the rest
          </Translate>
        </button>
      )}
    </div>
  );
}
