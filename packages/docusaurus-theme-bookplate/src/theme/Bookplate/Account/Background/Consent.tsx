// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import {
  labelIn,
  routeOf,
  useDates,
  useProfile,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';

import styles from './styles.module.css';

function Ask(): ReactNode {
  return (
    <p>
      <Link to={routeOf('welcome')}>
        <Translate
          id="theme.bookplate.account.consent.ask"
          description="Leads to the questionnaire, which asks for consent"
        >
          Read it with the questions and say whether you agree
        </Translate>
      </Link>
    </p>
  );
}

/** What the reader agreed to, when, and whether that is what is asked now. */
export default function Consent({
  questionnaire,
}: {
  questionnaire: Questionnaire;
}): ReactNode {
  const { profile } = useProfile();
  const locale = useDocusaurusContext().i18n.currentLocale;
  const { day } = useDates();
  const asked = questionnaire.consent;
  const given = profile?.consent;
  if (!profile || (!asked && !given)) {
    return null;
  }
  return (
    <div className="margin-top--md">
      {given ? (
        <p>
          <Translate
            id="theme.bookplate.account.consent.given"
            description="Which text the reader agreed to, and when"
            values={{ version: given.version, date: day(given.accepted_at) }}
          >
            {
              'You agreed to version {version} of the text about your answers on {date}.'
            }
          </Translate>
        </p>
      ) : (
        <p>
          <Translate
            id="theme.bookplate.account.consent.none"
            description="When the reader has agreed to nothing"
          >
            You have not agreed to the text about your answers.
          </Translate>
        </p>
      )}
      {asked && (
        <blockquote className={styles.why} dir="auto">
          {labelIn(asked.text, locale)}
        </blockquote>
      )}
      {asked && asked.version !== given?.version && <Ask />}
    </div>
  );
}
