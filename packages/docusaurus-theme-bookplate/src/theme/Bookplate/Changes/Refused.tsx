// SPDX-License-Identifier: Apache-2.0
// Answers the server refused after their step was left.
import type { ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Translate from '@docusaurus/Translate';
import { labelIn, type Questionnaire } from 'docusaurus-theme-bookplate/client';
import { screensOf } from '@theme/Bookplate/Questionnaire/screens';

import styles from './styles.module.css';

export interface Props {
  questionnaire: Questionnaire;
  errors: Record<string, string>;
  onStep(step: number): void;
}

export default function Refused(props: Props): ReactNode {
  const { questionnaire, errors, onStep } = props;
  const { i18n } = useDocusaurusContext();
  const refused = screensOf(questionnaire).flatMap(({ questions }, at) =>
    questions
      .filter(({ id }) => id in errors)
      .map((question) => ({ ...question, step: at + 1 })),
  );
  if (refused.length === 0) {
    return null;
  }
  return (
    <div className="alert alert--danger margin-bottom--md" role="alert">
      <Translate
        id="theme.bookplate.changes.refused"
        description="Above answers that the server refused"
      >
        The server refused these answers:
      </Translate>
      <ul className="margin-bottom--none">
        {refused.map(({ id, label, step }) => (
          <li key={id}>
            <button
              type="button"
              className={`clean-btn ${styles.link}`}
              onClick={() => onStep(step)}
            >
              {labelIn(label, i18n.currentLocale)}
            </button>{' '}
            {errors[id]}
          </li>
        ))}
      </ul>
    </div>
  );
}
