// SPDX-License-Identifier: Apache-2.0
// The consent that the server wants before it takes answers.
import type { ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { labelIn, useQuestionnaire } from 'docusaurus-theme-bookplate/client';

import styles from './styles.module.css';

export interface Props {
  agreed: boolean;
  onAgree(version: string | undefined): void;
}

export default function Agree({ agreed, onAgree }: Props): ReactNode {
  const { i18n } = useDocusaurusContext();
  const consent = useQuestionnaire()?.consent;
  return (
    consent && (
      <label className={styles.agree}>
        <input
          type="checkbox"
          name="consent"
          checked={agreed}
          onChange={({ target }) =>
            onAgree(target.checked ? consent.version : undefined)
          }
        />
        <span dir="auto">{labelIn(consent.text, i18n.currentLocale)}</span>
      </label>
    )
  );
}
