// SPDX-License-Identifier: Apache-2.0
// Links to the parts of the page. It arrives at one when its address says so,
// though the parts come after the page.
import { useEffect, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';

import styles from './styles.module.css';

export default function Parts({
  parts,
}: {
  /** Id and title of each. */
  parts: [string, string][];
}): ReactNode {
  useEffect(() => {
    const id = window.location.hash.slice(1);
    if (id !== '') {
      document.getElementById(id)?.scrollIntoView();
    }
  }, []);
  const label = translate({
    id: 'theme.bookplate.account.parts',
    message: 'Parts of your account',
    description: 'What the navigation within the account page is called',
  });
  return (
    <nav aria-label={label}>
      <ul className={`clean-list ${styles.parts}`}>
        {parts.map(([id, title]) => (
          <li key={id}>
            <a className={styles.part} href={`#${id}`}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
