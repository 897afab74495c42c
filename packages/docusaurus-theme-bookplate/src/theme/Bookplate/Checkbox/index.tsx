// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

import styles from './styles.module.css';

export interface Props {
  name: string;
  checked: boolean;
  onChecked(checked: boolean): void;
  children: ReactNode;
}

export default function Checkbox(props: Props): ReactNode {
  const { name, checked, onChecked, children } = props;
  return (
    <label className={styles.checkbox}>
      <input
        type="checkbox"
        name={name}
        checked={checked}
        onChange={({ target }) => onChecked(target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
