// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

import styles from './styles.module.css';

interface Props {
  type: 'radio' | 'checkbox';
  /** The question's id: what the input is called in its form. */
  name: string;
  value: string;
  label: ReactNode;
  help?: string;
  checked: boolean;
  disabled?: boolean;
  onChange(checked: boolean): void;
}

export default function Choice(props: Props): ReactNode {
  const { label, help, onChange, ...input } = props;
  return (
    <label className={styles.choice}>
      <input {...input} onChange={({ target }) => onChange(target.checked)} />
      <span dir="auto">
        {label}
        {help && <small className={styles.choiceHelp}>{help}</small>}
      </span>
    </label>
  );
}
