// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { useStore, type PageState } from 'docusaurus-theme-bookplate/client';
import {
  missingFor,
  type Chapter,
  type Chapters,
} from 'docusaurus-theme-bookplate/core/chapters';

import durationOf from '@theme/Bookplate/Dashboard/duration';

import styles from './styles.module.css';

function stateInWords(state: PageState): string {
  switch (state) {
    case 'read':
      return translate({
        id: 'theme.bookplate.dashboard.state.read',
        message: '✓ read',
        description: 'State of a chapter',
      });
    case 'reading':
      return translate({
        id: 'theme.bookplate.dashboard.state.reading',
        message: '◐ begun',
        description: 'State of a chapter',
      });
    case 'visited':
      return translate({
        id: 'theme.bookplate.dashboard.state.visited',
        message: '○ opened',
        description: 'State of a chapter',
      });
    default:
      return '';
  }
}

const addressOf = ({ page }: Chapter) =>
  `${options.localizedBase}${page.slice(1)}`;

function Missing({ chapters }: { chapters: Chapter[] }): ReactNode {
  return (
    <p className={styles.missing}>
      <Translate
        id="theme.bookplate.dashboard.missing"
        description="Before the chapters to read before this one"
      >
        Builds on what you have not read:
      </Translate>{' '}
      {chapters.map((chapter, at) => (
        <span key={chapter.page}>
          {at > 0 && ' · '}
          <Link to={addressOf(chapter)}>
            <bdi>{chapter.title}</bdi>
          </Link>
        </span>
      ))}
    </p>
  );
}

export interface Props {
  chapter: Chapter;
  book: Chapters;
}

export default function ChapterItem({ chapter, book }: Props): ReactNode {
  const { progress } = useStore().local;
  const { page, title, minutes } = chapter;
  const state = progress[page]?.state ?? 'unread';
  const isRead = (other: string) =>
    other === page || progress[other]?.state === 'read';
  const missing = state === 'read' ? [] : missingFor(chapter, book, isRead);
  return (
    <li className={styles.chapter}>
      <div className={styles.line}>
        <Link to={addressOf(chapter)}>
          <bdi>{title}</bdi>
        </Link>
        <span className={styles.facts}>
          {[stateInWords(state), minutes ? durationOf(minutes) : '']
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      {missing.length > 0 && <Missing chapters={missing} />}
    </li>
  );
}
