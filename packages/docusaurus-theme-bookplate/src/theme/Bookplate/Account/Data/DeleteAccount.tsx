// SPDX-License-Identifier: Apache-2.0
// Deleting the account, in the way the server offers it.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import type { Offers } from 'docusaurus-theme-bookplate/client';

import ByMail from './ByMail';
import ByPassword from './ByPassword';

export interface Props {
  email: string;
  /** undefined while it is not known. */
  how: Offers['delete_account'] | undefined;
  onGone(): void;
}

function NotHere(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.account.delete.off"
        description="Where readers cannot delete their account themselves"
      >
        Readers cannot delete accounts here themselves. Ask whoever runs this
        book to delete yours: they can do it at once.
      </Translate>
    </p>
  );
}

function WhatHappens(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.account.delete.what"
        description="What deleting the account does, in plain words"
      >
        Everything above is erased at once, on every device, and cannot be
        brought back. Backups have it until they are thrown away. The book
        itself stays open to you.
      </Translate>
    </p>
  );
}

export default function DeleteAccount({
  email,
  how,
  onGone,
}: Props): ReactNode {
  return (
    <>
      <h3>
        <Translate
          id="theme.bookplate.account.delete"
          description="Heading above deleting the account"
        >
          Delete the account
        </Translate>
      </h3>
      {how === undefined && (
        <p>
          <Translate
            id="theme.bookplate.account.needsServer"
            description="In place of what cannot be shown or done without the server"
          >
            This needs the server, which does not answer now.
          </Translate>
        </p>
      )}
      {how === 'off' && <NotHere />}
      {(how === 'password' || how === 'mail') && <WhatHappens />}
      {how === 'password' && <ByPassword email={email} onGone={onGone} />}
      {how === 'mail' && <ByMail email={email} />}
    </>
  );
}
