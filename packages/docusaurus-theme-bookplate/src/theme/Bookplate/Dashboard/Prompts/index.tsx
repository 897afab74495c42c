// SPDX-License-Identifier: Apache-2.0
// What would make more of this page: an account that keeps it, answers that are
// still open. Never in the way of anything.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import {
  routeOf,
  useBookplate,
  useStore,
} from 'docusaurus-theme-bookplate/client';

import styles from './styles.module.css';

const back = () => `to=${encodeURIComponent(routeOf('dashboard'))}`;

function KeepIt(): ReactNode {
  return (
    <p className={styles.prompt}>
      <Translate
        id="theme.bookplate.dashboard.keep"
        description="To guests, below how far they got"
      >
        Only this browser keeps this. An account keeps it for all your devices.
      </Translate>{' '}
      <Link to={routeOf('sign-up', back())}>
        <Translate
          id="theme.bookplate.dashboard.signUp"
          description="Link to sign up"
        >
          Make an account
        </Translate>
      </Link>
      {' · '}
      <Link to={routeOf('sign-in', back())}>
        <Translate
          id="theme.bookplate.dashboard.signIn"
          description="Link to sign in"
        >
          Sign in
        </Translate>
      </Link>
    </p>
  );
}

function Answer(): ReactNode {
  return (
    <p className={styles.prompt}>
      <Translate
        id="theme.bookplate.dashboard.answer"
        description="To readers who have not answered what the book needs"
      >
        The book can fit your background once you say what it is.
      </Translate>{' '}
      <Link to={routeOf('welcome', back())}>
        <Translate
          id="theme.bookplate.dashboard.questions"
          description="Link to the questionnaire"
        >
          Answer a few questions
        </Translate>
      </Link>
    </p>
  );
}

export default function Prompts(): ReactNode {
  const { status, user, ended } = useBookplate();
  const { local, profile } = useStore();
  if (status === 'loading') {
    return null;
  }
  const isOpen = profile
    ? !profile.complete
    : Object.keys(local.answers).length === 0;
  return (
    <>
      {!user && !ended && <KeepIt />}
      {isOpen && <Answer />}
    </>
  );
}
