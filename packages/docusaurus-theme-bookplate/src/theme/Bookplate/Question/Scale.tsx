// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import {
  labelIn,
  type Question as Asked,
} from 'docusaurus-theme-bookplate/client';

import Choice from './Choice';
import type { InputProps } from './index';
import styles from './styles.module.css';

/** A scale with more rungs is asked as a number. */
export const RUNGS_MOST = 11;

export function rungsOf({ min = 1, max = 5 }: Pick<Asked, 'min' | 'max'>) {
  return Array.from({ length: max - min + 1 }, (_, at) => min + at);
}

export default function Scale(props: InputProps): ReactNode {
  const { question, value, onAnswer, locale } = props;
  return (
    <div className={styles.scale}>
      {rungsOf(question).map((rung) => (
        <Choice
          key={rung}
          type="radio"
          name={question.id}
          value={String(rung)}
          label={rung}
          help={labelIn(question.labels?.[rung], locale)}
          checked={value === rung}
          onChange={() => onAnswer(rung)}
        />
      ))}
    </div>
  );
}
