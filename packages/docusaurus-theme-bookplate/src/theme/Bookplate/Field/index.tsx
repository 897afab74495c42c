// SPDX-License-Identifier: Apache-2.0
// A labelled input with its hint and what is wrong with it, tied together for
// those who hear the page.
import { useId, type InputHTMLAttributes, type ReactNode } from 'react';

import styles from './styles.module.css';

export interface Props
  extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: ReactNode;
  name: string;
  value: string;
  onValue(value: string): void;
  hint?: ReactNode;
  /** What is wrong; beside the field, announced when it appears. */
  error?: ReactNode;
  /** Beside the label, such as a link; the focus meets it after the input. */
  aside?: ReactNode;
}

export default function Field(props: Props): ReactNode {
  const { label, hint, error, aside, onValue, ...input } = props;
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`];
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={styles.input}
        aria-invalid={error ? true : undefined}
        aria-describedby={described.filter(Boolean).join(' ') || undefined}
        onChange={({ target }) => onValue(target.value)}
      />
      {aside && <div className={styles.aside}>{aside}</div>}
      {hint && (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className={styles.error} id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
