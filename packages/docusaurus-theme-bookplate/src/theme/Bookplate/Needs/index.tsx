// SPDX-License-Identifier: Apache-2.0
// What a chapter builds on and its reader has not read yet. The list of all
// chapters is loaded when the page stands; the line has its place before.
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import {
  missingFor,
  type Chapters,
} from 'docusaurus-theme-bookplate/core/chapters';
import { useStore } from 'docusaurus-theme-bookplate/client';
import useBaseUrl from '@docusaurus/useBaseUrl';

export interface Props {
  needs: string[];
}

function useChapters(): Chapters | null {
  const [chapters, setChapters] = useState<Chapters | null>(null);
  useEffect(() => {
    void import(
      '@generated/docusaurus-theme-bookplate/default/chapters.json'
    ).then((loaded) => setChapters(loaded.default));
  }, []);
  return chapters;
}

/** One line in any case, so that nothing moves when more is known. */
function Line({ isRead }: { isRead: boolean }): ReactNode {
  return (
    <span className="bookplate-bar__needs">
      {isRead ? (
        <Translate
          id="theme.bookplate.bar.needsRead"
          description="When every chapter that this one builds on was read"
        >
          You have read what this builds on
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.bar.needsOthers"
          description="Until it is known which chapters this one builds on"
        >
          Builds on other chapters
        </Translate>
      )}
    </span>
  );
}

export default function Needs({ needs }: Props): ReactNode {
  const chapters = useChapters();
  const { progress } = useStore().local;
  const base = useBaseUrl('/');
  if (!chapters) {
    return <Line isRead={false} />;
  }
  const isRead = (page: string) => progress[page]?.state === 'read';
  const missing = missingFor({ needs }, chapters, isRead);
  if (missing.length === 0) {
    return missingFor({ needs }, chapters, () => false).length > 0 ? (
      <Line isRead />
    ) : (
      <span className="bookplate-bar__needs" />
    );
  }
  return (
    <details className="bookplate-bar__needs">
      <summary>
        <Translate
          id="theme.bookplate.bar.needs"
          description="How many chapters this one builds on that were not read"
          values={{ count: missing.length }}
        >
          {'Builds on {count} you have not read'}
        </Translate>
      </summary>
      <ul className="bookplate-bar__menu clean-list">
        {missing.map(({ page, title }) => (
          <li key={page}>
            <Link to={`${base}${page.slice(1)}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
