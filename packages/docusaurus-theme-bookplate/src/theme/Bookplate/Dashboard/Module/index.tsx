// SPDX-License-Identifier: Apache-2.0
// A module of the book: how much of it was read, and each of its chapters.
import { useId, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useStore } from 'docusaurus-theme-bookplate/client';
import type {
  Chapters,
  Module as Part,
} from 'docusaurus-theme-bookplate/core/chapters';
import { overviewOf } from 'docusaurus-theme-bookplate/core/overview';

import durationOf from '@theme/Bookplate/Dashboard/duration';

import ChapterItem from './ChapterItem';
import styles from './styles.module.css';

export interface Props {
  module: Part;
  book: Chapters;
}

const untitled = () =>
  translate({
    id: 'theme.bookplate.dashboard.untitled',
    message: 'Outside the modules',
    description: 'Heading above chapters that belong to no module',
  });

export default function Module({ module, book }: Props): ReactNode {
  const { progress } = useStore().local;
  const id = useId();
  const { chapters, title } = module;
  const { read, total, minutesLeft } = overviewOf(chapters, progress);
  return (
    <section aria-labelledby={`${id}-title`} className={styles.module}>
      <h2 id={`${id}-title`} className={styles.title}>
        {title || untitled()}
      </h2>
      <div className={styles.head}>
        <label htmlFor={id}>
          <Translate
            id="theme.bookplate.dashboard.count"
            description="How many chapters of a module were read"
            values={{ read, total }}
          >
            {'{read} of {total} read'}
          </Translate>
          {minutesLeft > 0 && ` · ${durationOf(minutesLeft)}`}
        </label>
        <progress id={id} className={styles.bar} max={total} value={read} />
      </div>
      <ol className={`clean-list ${styles.chapters}`}>
        {chapters.map((chapter) => (
          <ChapterItem key={chapter.page} chapter={chapter} book={book} />
        ))}
      </ol>
    </section>
  );
}
