// SPDX-License-Identifier: Apache-2.0
// The line above a chapter: which version of it is shown and how to change
// that, how long it takes, what it builds on, whether it was read. It is part of
// the static HTML and keeps its height, so that nothing below it ever moves.
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import {
  pageOf,
  useBookplate,
  useProgress,
} from 'docusaurus-theme-bookplate/client';
import GuestBar from '@theme/Bookplate/GuestBar';
import Needs from '@theme/Bookplate/Needs';
import VersionMenu from '@theme/Bookplate/VersionMenu';

import './styles.css';

/** Few readers are ever asked; the others' pages do without it. */
const GuestOffer = lazy(() => import('@theme/Bookplate/GuestOffer'));

interface FrontMatter {
  bookplate?: { minutes?: number; needs?: string[]; bar?: boolean };
}

function Minutes({ minutes }: { minutes: number }): ReactNode {
  return (
    <span className="bookplate-bar__minutes">
      <Translate
        id="theme.bookplate.bar.minutes"
        description="How long a chapter takes"
        values={{ minutes }}
      >
        {'{minutes} minutes'}
      </Translate>
    </span>
  );
}

function MarkAsRead({ page }: { page: string }): ReactNode {
  const { state, mark } = useProgress(page);
  const read = state === 'read';
  return (
    <button
      type="button"
      className="button button--sm button--secondary bookplate-bar__read"
      aria-pressed={read}
      onClick={() => mark(read ? 'visited' : 'read')}
    >
      {read ? (
        <Translate
          id="theme.bookplate.bar.read"
          description="The button of a chapter that was marked as read"
        >
          Read ✓
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.bar.markRead"
          description="The button that marks a chapter as read"
        >
          Mark as read
        </Translate>
      )}
    </button>
  );
}

/** Once it was made it stays, to say what became of it. */
function Offer(): ReactNode {
  const { guest, status } = useBookplate();
  const [made, setMade] = useState(false);
  const asks = guest !== null && status === 'in';
  useEffect(() => {
    if (asks) {
      setMade(true);
    }
  }, [asks]);
  return (
    made && (
      <Suspense fallback={null}>
        <GuestOffer floating />
      </Suspense>
    )
  );
}

export default function DocBar(): ReactNode {
  const { frontMatter } = useDoc();
  const { pathname } = useLocation();
  const {
    minutes,
    needs = [],
    bar,
  } = (frontMatter as FrontMatter).bookplate ?? {};
  const page = pageOf(pathname, options.localizedBase);
  if (bar === false) {
    return null;
  }
  return (
    <>
      <GuestBar page={page} />
      <div className="bookplate-bar">
        <VersionMenu page={page} />
        {minutes !== undefined && <Minutes minutes={minutes} />}
        {needs.length > 0 && <Needs needs={needs} />}
        <MarkAsRead page={page} />
      </div>
      <Offer />
    </>
  );
}
