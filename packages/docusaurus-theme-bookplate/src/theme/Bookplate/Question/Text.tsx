// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

import { useDraft } from './draft';
import type { InputProps } from './index';
import styles from './styles.module.css';

/** A longer text gets more than one line. */
const LINE_MOST = 120;

export default function Text(props: InputProps): ReactNode {
  const { question, value, onAnswer, id, invalid, describedBy } = props;
  const { id: name, maxLength = 500 } = question;
  const stored = typeof value === 'string' ? value : '';
  const draft = useDraft(stored, (text) => onAnswer(text || undefined));
  const input = {
    ...draft,
    id,
    name,
    maxLength,
    dir: 'auto',
    className: styles.input,
    'aria-invalid': invalid || undefined,
    'aria-describedby': describedBy,
  };
  return maxLength > LINE_MOST ? (
    <textarea {...input} rows={3} />
  ) : (
    <input {...input} type="text" autoComplete="off" />
  );
}
