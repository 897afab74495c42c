// SPDX-License-Identifier: Apache-2.0
// A part of the account's page, with the heading its navigation leads to.
import type { ReactNode } from 'react';

import styles from './styles.module.css';

export interface Props {
  id: string;
  title: string;
  children: ReactNode;
}

export default function Section({ id, title, children }: Props): ReactNode {
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} className={styles.title}>
        {title}
      </h2>
      {children}
    </section>
  );
}
