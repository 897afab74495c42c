// SPDX-License-Identifier: Apache-2.0
// Answers to what is asked no more.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { useProfile } from 'docusaurus-theme-bookplate/client';

import styles from './styles.module.css';
import { answerInWords } from './words';

const removeLabel = (question: string) =>
  translate(
    {
      id: 'theme.bookplate.account.background.removeNamed',
      message: 'Remove the answer: {question}',
      description: 'What the button that removes one answer is called',
    },
    { question },
  );

export default function Unused({
  onRemove,
}: {
  onRemove(id: string): void;
}): ReactNode {
  const { profile } = useProfile();
  const locale = useDocusaurusContext().i18n.currentLocale;
  const unused = Object.entries(profile?.unused ?? {});
  if (unused.length === 0) {
    return null;
  }
  return (
    <>
      <h3>
        <Translate
          id="theme.bookplate.account.background.unused"
          description="Heading above answers to questions that are asked no more"
        >
          Answers to what is asked no more
        </Translate>
      </h3>
      <ul className="clean-list">
        {unused.map(([id, answer]) => (
          <li key={id} className={styles.item}>
            <p className={styles.answer}>
              <bdi>{id}</bdi>:{' '}
              <bdi>{answerInWords(undefined, answer, locale)}</bdi>
            </p>
            <button
              type="button"
              className="button button--secondary button--sm"
              aria-label={removeLabel(id)}
              onClick={() => onRemove(id)}
            >
              <Translate
                id="theme.bookplate.account.background.remove"
                description="Removes one answer"
              >
                Remove
              </Translate>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
