// SPDX-License-Identifier: Apache-2.0
// Until it is known who is there: a moment, and never longer than the server's
// time limit.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

export default function Waiting(): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.account.waiting"
          description="While the page asks the server who is signed in"
        >
          One moment, please.
        </Translate>
      </p>
      <noscript>
        <Translate
          id="theme.bookplate.account.noscript"
          description="On pages that do nothing without scripts"
        >
          This page needs scripts. The book itself can be read without them.
        </Translate>
      </noscript>
    </>
  );
}
