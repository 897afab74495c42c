// SPDX-License-Identifier: Apache-2.0
// What became of the last answer, quietly. Its place is kept while it is empty.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';
import Translate from '@docusaurus/Translate';
import { routeOf } from 'docusaurus-theme-bookplate/client';

import type { Saved } from './useAnswering';
import styles from './styles.module.css';

function SignInAgain(): ReactNode {
  const { pathname, search } = useLocation();
  const to = `to=${encodeURIComponent(pathname + search)}`;
  return (
    <Link to={routeOf('sign-in', to)}>
      <Translate
        id="theme.bookplate.saved.signIn"
        description="Link behind 'Your session has ended ...'"
      >
        Sign in again
      </Translate>
    </Link>
  );
}

function Words({ saved }: { saved: Saved }): ReactNode {
  switch (saved) {
    case 'kept':
      return (
        <Translate
          id="theme.bookplate.saved.kept"
          description="After a guest's answer"
        >
          Kept in this browser
        </Translate>
      );
    case 'saved':
      return (
        <Translate
          id="theme.bookplate.saved.saved"
          description="After a reader's answer"
        >
          Saved
        </Translate>
      );
    case 'unsent':
      return (
        <Translate
          id="theme.bookplate.saved.unsent"
          description="After an answer that could not be sent"
        >
          Not sent yet: the server does not answer. Your answers are kept in
          this browser and sent later.
        </Translate>
      );
    case 'held':
      return (
        <Translate
          id="theme.bookplate.saved.held"
          description="After an answer that waits for the reader's consent"
        >
          Kept in this browser until you agree
        </Translate>
      );
    case 'ended':
      return (
        <>
          <Translate
            id="theme.bookplate.saved.ended"
            description="After an answer that came when the session was over"
          >
            Your session has ended. Your answers are kept in this browser and
            sent when you are back.
          </Translate>{' '}
          <SignInAgain />
        </>
      );
    default:
      return null;
  }
}

export default function SavedStatus({ saved }: { saved: Saved }): ReactNode {
  return (
    <p className={styles.saved} role="status">
      <Words saved={saved} />
    </p>
  );
}
