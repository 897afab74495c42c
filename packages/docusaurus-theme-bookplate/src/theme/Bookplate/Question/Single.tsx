// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { labelIn } from 'docusaurus-theme-bookplate/client';

import Choice from './Choice';
import type { InputProps } from './index';
import styles from './styles.module.css';

export default function Single(props: InputProps): ReactNode {
  const { question, value, onAnswer, locale } = props;
  return (
    <div className={styles.choices}>
      {(question.choices ?? []).map(({ id, label, help }) => (
        <Choice
          key={id}
          type="radio"
          name={question.id}
          value={id}
          label={labelIn(label, locale)}
          help={labelIn(help, locale)}
          checked={value === id}
          onChange={() => onAnswer(id)}
        />
      ))}
    </div>
  );
}
