// SPDX-License-Identifier: Apache-2.0
// Where the reader left off, or where to begin.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { useStore } from 'docusaurus-theme-bookplate/client';
import type { Chapter } from 'docusaurus-theme-bookplate/core/chapters';
import { nextOf } from 'docusaurus-theme-bookplate/core/overview';

import styles from './styles.module.css';

function AllRead(): ReactNode {
  return (
    <p className={styles.box}>
      <Translate
        id="theme.bookplate.dashboard.allRead"
        description="When every chapter was read"
      >
        You have read every chapter.
      </Translate>
    </p>
  );
}

export default function Continue({
  chapters,
}: {
  chapters: Chapter[];
}): ReactNode {
  const { progress } = useStore().local;
  const next = nextOf(chapters, progress);
  if (!next) {
    return chapters.length > 0 ? <AllRead /> : null;
  }
  const { chapter, place, begun } = next;
  const path = `${options.localizedBase}${chapter.page.slice(1)}`;
  return (
    <p className={styles.box}>
      <bdi className={styles.title}>{chapter.title}</bdi>
      <Link className="button button--primary" to={`${path}${place}`}>
        {begun ? (
          <Translate
            id="theme.bookplate.dashboard.continue"
            description="Link to the place in the book where the reader was last"
          >
            Continue where you left off
          </Translate>
        ) : (
          <Translate
            id="theme.bookplate.dashboard.begin"
            description="Link to the first chapter that was not read"
          >
            Begin here
          </Translate>
        )}
      </Link>
    </p>
  );
}
