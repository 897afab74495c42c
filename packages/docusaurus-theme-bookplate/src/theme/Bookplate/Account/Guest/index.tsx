// SPDX-License-Identifier: Apache-2.0
// The account's page for who has none: what one is for, and what this browser
// keeps without it.
import { useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import {
  forget,
  routeOf,
  signInHere,
  useStore,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';

import Forget from './Forget';
import styles from './styles.module.css';

function WhatFor(): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.account.guest.what"
          description="What an account is for, to guests"
        >
          You can read all of the book without an account. With one, your
          answers and how far you read follow you to your other devices, and
          stay when this browser forgets.
        </Translate>
      </p>
      <p>
        <Link
          className="button button--primary"
          to={routeOf('sign-up')}
          onClick={({ currentTarget }) =>
            currentTarget.setAttribute('href', signInHere('sign-up'))
          }
        >
          <Translate
            id="theme.bookplate.account.guest.signUp"
            description="Link to sign up"
          >
            Make an account
          </Translate>
        </Link>{' '}
        <Link className="button button--secondary" to={signInHere()}>
          <Translate
            id="theme.bookplate.account.guest.signIn"
            description="Link to sign in"
          >
            Sign in
          </Translate>
        </Link>
      </p>
    </>
  );
}

function Kept(): ReactNode {
  const { answers, progress } = useStore().local;
  const read = Object.values(progress).filter(({ state }) => state === 'read');
  return (
    <ul>
      <li>
        <Translate
          id="theme.bookplate.account.guest.answers"
          description="How many answers this browser keeps"
          values={{ count: Object.keys(answers).length }}
        >
          {'Answers about your background: {count}'}
        </Translate>{' '}
        (
        <Link className={styles.link} to={routeOf('welcome')}>
          <Translate
            id="theme.bookplate.account.guest.answer"
            description="Link to the questionnaire"
          >
            see or change them
          </Translate>
        </Link>
        )
      </li>
      <li>
        <Translate
          id="theme.bookplate.account.guest.chapters"
          description="How many chapters this browser knows of"
          values={{ read: read.length, all: Object.keys(progress).length }}
        >
          {'Chapters you opened: {all}, of which read: {read}'}
        </Translate>{' '}
        (
        <Link className={styles.link} to={routeOf('dashboard')}>
          <Translate
            id="theme.bookplate.account.guest.progress"
            description="Link to the progress page"
          >
            see them
          </Translate>
        </Link>
        )
      </li>
    </ul>
  );
}

export default function Guest(): ReactNode {
  const [forgotten, setForgotten] = useState(false);
  return (
    <>
      <WhatFor />
      <h2>
        <Translate
          id="theme.bookplate.account.guest.kept"
          description="Heading above what this browser keeps of a guest"
        >
          What this browser keeps
        </Translate>
      </h2>
      <Kept />
      <Forget
        onForget={() => {
          forget();
          setForgotten(true);
        }}
      />
      <Said>
        {forgotten && (
          <Translate
            id="theme.bookplate.account.guest.forgotten"
            description="After the browser forgot a guest"
          >
            This browser knows nothing of you any more.
          </Translate>
        )}
      </Said>
    </>
  );
}
