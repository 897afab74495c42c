// SPDX-License-Identifier: Apache-2.0
// Where readers and guests say what they know and have.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';
import Translate, { translate } from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { useQuestionnaire, wayBack } from 'docusaurus-theme-bookplate/client';
import GuestOffer from '@theme/Bookplate/GuestOffer';
import Page from '@theme/Bookplate/Page';
import Questionnaire from '@theme/Bookplate/Questionnaire';

import styles from './styles.module.css';

function NothingAsked(): ReactNode {
  const { search } = useLocation();
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.welcome.nothing"
          description="In a book whose author asks readers nothing"
        >
          This book asks its readers nothing about themselves. It is the same
          for everybody.
        </Translate>
      </p>
      <Link className="button button--primary" to={wayBack(search)}>
        <Translate
          id="theme.bookplate.welcome.toBook"
          description="From the page of the questionnaire to the book"
        >
          To the book
        </Translate>
      </Link>
    </>
  );
}

function Failed(): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.welcome.failed"
          description="When the questions could not be loaded"
        >
          The questions could not be loaded. The book can be read without them.
        </Translate>
      </p>
      <button
        type="button"
        className="button button--primary"
        onClick={() => window.location.reload()}
      >
        <Translate
          id="theme.bookplate.welcome.again"
          description="Loads the page again"
        >
          Try again
        </Translate>
      </button>
    </>
  );
}

function Asks(): ReactNode {
  const questionnaire = useQuestionnaire();
  if (questionnaire === null) {
    return <Failed />;
  }
  if (questionnaire === undefined) {
    return (
      <p className={styles.loading} role="status">
        <Translate
          id="theme.bookplate.welcome.loading"
          description="Until the questions are there"
        >
          The questions are on their way.
        </Translate>
      </p>
    );
  }
  return <Questionnaire questionnaire={questionnaire} />;
}

export default function WelcomePage(): ReactNode {
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.welcome.title',
        message: 'Fit this book to you',
        description: 'Title of the page with the questionnaire',
      })}
    >
      <GuestOffer />
      {options.questions === 0 ? <NothingAsked /> : <Asks />}
    </Page>
  );
}
