// SPDX-License-Identifier: Apache-2.0
// The reader's picture, or their initial where there is none or it does not
// load. The picture's server is not told which page shows it.
import { useState, type ReactNode } from 'react';

import styles from './styles.module.css';

export interface Props {
  name: string;
  image: string | null | undefined;
}

export default function Avatar({ name, image }: Props): ReactNode {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = image && image !== broken ? image : null;
  const [initial = ''] = name.trim();
  return (
    <span className={styles.avatar} aria-hidden="true">
      {shown ? (
        <img
          src={shown}
          alt=""
          referrerPolicy="no-referrer"
          onError={() => setBroken(shown)}
        />
      ) : (
        initial.toUpperCase()
      )}
    </span>
  );
}
