// SPDX-License-Identifier: Apache-2.0
// What depends on the server's offers: shown once it said what they are; until
// then a word, and after the time limit a note with a way to ask again.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import {
  useOffers,
  type Loaded,
  type Offers,
} from 'docusaurus-theme-bookplate/client';
import OfflineNote from '@theme/Bookplate/OfflineNote';

import styles from './styles.module.css';

export interface Props {
  children(offers: Offers): ReactNode;
}

/** In the static HTML; a form there would be sent before scripts are there. */
function NoScripts(): ReactNode {
  return (
    <noscript>
      <Translate
        id="theme.bookplate.offered.noScripts"
        description="On the pages around signing in, in a browser without scripts"
      >
        Accounts need JavaScript, which is off in this browser. The book can be
        read without it.
      </Translate>
    </noscript>
  );
}

function Waiting(): ReactNode {
  return (
    <p className={styles.waiting} role="status">
      <Translate
        id="theme.bookplate.offered.waiting"
        description="While the server is asked what it offers"
      >
        Asking the server …
      </Translate>
    </p>
  );
}

function Answer({
  offers,
  again,
  children,
}: Props & { offers: Loaded<Offers>; again(): void }): ReactNode {
  if (offers === undefined) {
    return <Waiting />;
  }
  return offers ? children(offers) : <OfflineNote onAgain={again} />;
}

export default function Offered({ children }: Props): ReactNode {
  const [offers, again] = useOffers();
  return (
    <div className={styles.offered}>
      {useIsBrowser() ? (
        <Answer offers={offers} again={again}>
          {children}
        </Answer>
      ) : (
        <NoScripts />
      )}
    </div>
  );
}
