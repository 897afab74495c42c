// SPDX-License-Identifier: Apache-2.0
// Back to where the reader was, or to the first chapter; and for guests, what
// an account would add.
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';
import Translate from '@docusaurus/Translate';
import useBaseUrl from '@docusaurus/useBaseUrl';
import {
  routeOf,
  useBookplate,
  wayBack,
} from 'docusaurus-theme-bookplate/client';
import type { StepView } from '@theme/Bookplate/Questionnaire/useStep';

import styles from './styles.module.css';

/** The path of the book's first chapter, once it is known. */
function useFirstChapter(): string {
  const base = useBaseUrl('/');
  const [first, setFirst] = useState(base);
  useEffect(() => {
    void import(
      '@generated/docusaurus-theme-bookplate/default/chapters.json'
    ).then(({ default: { modules } }) => {
      const page = modules[0]?.chapters[0]?.page;
      setFirst(page ? base + page.slice(1) : base);
    });
  }, [base]);
  return first;
}

function Account({ to }: { to: string }): ReactNode {
  return (
    <p className={styles.account}>
      <Translate
        id="theme.bookplate.changes.guest"
        description="To guests, after the questionnaire"
      >
        Your answers are kept in this browser. With an account they are there on
        your other devices too.
      </Translate>{' '}
      <Link to={routeOf('sign-up', `to=${encodeURIComponent(to)}`)}>
        <Translate
          id="theme.bookplate.changes.signUp"
          description="Link to sign up, for guests after the questionnaire"
        >
          Sign up
        </Translate>
      </Link>
    </p>
  );
}

export default function WayOn({ steps }: { steps: StepView }): ReactNode {
  const { search } = useLocation();
  const { user } = useBookplate();
  const first = useFirstChapter();
  const isSent = new URLSearchParams(search).has('to');
  const to = isSent ? wayBack(search) : first;
  return (
    <>
      {!user && <Account to={to} />}
      <div className={styles.ways}>
        <Link className="button button--primary" to={to}>
          {isSent ? (
            <Translate
              id="theme.bookplate.changes.back"
              description="Back to the chapter the reader came from"
            >
              Back to the book
            </Translate>
          ) : (
            <Translate
              id="theme.bookplate.changes.start"
              description="To the first chapter"
            >
              Start reading
            </Translate>
          )}
        </Link>
        <button
          type="button"
          className={`clean-btn ${styles.link}`}
          onClick={() => steps.go(1)}
        >
          <Translate
            id="theme.bookplate.changes.again"
            description="Back to the first step of the questionnaire"
          >
            Look at my answers again
          </Translate>
        </button>
      </div>
    </>
  );
}
