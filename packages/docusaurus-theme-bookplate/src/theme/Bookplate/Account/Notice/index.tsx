// SPDX-License-Identifier: Apache-2.0
// What stands between the reader and the server: it does not answer, or their
// session is over. Both leave the page below as it is.
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { refresh, useBookplate } from 'docusaurus-theme-bookplate/client';
import SignInAgain from '@theme/Bookplate/Account/SignInAgain';

import styles from './styles.module.css';

function Offline(): ReactNode {
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    await refresh();
    setBusy(false);
  };
  return (
    <div className="alert alert--warning margin-bottom--md" role="status">
      <p>
        <Translate
          id="theme.bookplate.account.offline"
          description="On the account and progress pages, without a server"
        >
          The server does not answer. Below is what this browser knows; what you
          read and answer meanwhile is kept and sent later.
        </Translate>
      </p>
      <button
        type="button"
        className="button button--secondary button--sm"
        disabled={busy}
        onClick={() => void again()}
      >
        <Translate
          id="theme.bookplate.account.tryAgain"
          description="Asks the server once more"
        >
          Try again
        </Translate>
      </button>
    </div>
  );
}

function Ended(): ReactNode {
  return (
    <div
      className={`alert alert--warning margin-bottom--md ${styles.ended}`}
      role="status"
    >
      <SignInAgain>
        <Translate
          id="theme.bookplate.account.ended"
          description="On the account and progress pages, when the session is over"
        >
          Your session has ended. Nothing on this page is lost: sign in again
          and go on.
        </Translate>
      </SignInAgain>
    </div>
  );
}

export default function Notice(): ReactNode {
  const { status, ended } = useBookplate();
  if (status === 'offline') {
    return <Offline />;
  }
  return ended ? <Ended /> : null;
}
