// SPDX-License-Identifier: Apache-2.0
// A button for what cannot be taken back.
import type { ButtonHTMLAttributes, ReactNode } from 'react';

import styles from './styles.module.css';

export interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  small?: boolean;
}

export default function DangerButton({ small, ...button }: Props): ReactNode {
  const size = small ? 'button--sm' : '';
  return <button {...button} className={`button ${size} ${styles.danger}`} />;
}
