// SPDX-License-Identifier: Apache-2.0
// What came of the last thing the reader did; told to those who hear the page.
import type { ReactNode } from 'react';

import styles from './styles.module.css';

export default function Said({ children }: { children: ReactNode }): ReactNode {
  return (
    <p role="status" className={styles.said}>
      {children}
    </p>
  );
}
