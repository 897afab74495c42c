// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

import styles from './styles.module.css';

interface Props {
  text: string;
  /** In view, instead of behind a click. */
  open?: boolean;
}

export default function Why({ text, open }: Props): ReactNode {
  if (open) {
    return (
      <p className={styles.why} dir="auto">
        {text}
      </p>
    );
  }
  return (
    <details className={styles.reason}>
      <summary>
        <Translate
          id="theme.bookplate.question.why"
          description="Opens why a question is asked"
        >
          Why we ask
        </Translate>
      </summary>
      <p className={styles.why} dir="auto">
        {text}
      </p>
    </details>
  );
}
