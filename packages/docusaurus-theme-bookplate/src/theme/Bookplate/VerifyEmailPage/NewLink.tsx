// SPDX-License-Identifier: Apache-2.0
// What became of the link, when it did not work, and a new one.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useBookplate } from 'docusaurus-theme-bookplate/client';
import Offered from '@theme/Bookplate/Offered';
import ResendVerification from '@theme/Bookplate/ResendVerification';

import Ask from './Ask';

function WhatIsWrong({ error }: { error: string }): ReactNode {
  return (
    <div className="alert alert--danger margin-bottom--md" role="alert">
      {error === 'TOKEN_EXPIRED'
        ? translate({
            id: 'theme.bookplate.verify.expired',
            message: 'This link is too old.',
            description: 'When the link that verifies an address came too late',
          })
        : translate({
            id: 'theme.bookplate.verify.invalid',
            message: 'This link does not work. Perhaps the mail cut it short.',
            description: 'When the link that verifies an address is not ours',
          })}
    </div>
  );
}

function Known({ email }: { email: string }): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.verify.open"
          description="For who is signed in and has not verified their address"
          values={{ email: <bdi>{email}</bdi> }}
        >
          {
            'The address {email} is not verified yet. Open the link we mailed there.'
          }
        </Translate>
      </p>
      <ResendVerification email={email} />
    </>
  );
}

function AlreadyVerified({ email }: { email: string }): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.verify.already"
        description="For who is signed in and has verified their address"
        values={{ email: <bdi>{email}</bdi> }}
      >
        {'The address {email} is verified.'}
      </Translate>
    </p>
  );
}

function NoMail(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.verify.noMail"
        description="Where the server does not verify addresses"
      >
        The server of this book sends no mail, so no address is verified. You
        need nothing of the kind.
      </Translate>
    </p>
  );
}

/** A new link for the reader, or for whichever address they say. */
function Another({ email }: { email: string | null }): ReactNode {
  return (
    <Offered>
      {(offers) => {
        if (offers.verify_email === 'off') {
          return <NoMail />;
        }
        return email === null ? <Ask /> : <Known email={email} />;
      }}
    </Offered>
  );
}

export default function NewLink({
  error,
}: {
  error: string | null;
}): ReactNode {
  const { status, user } = useBookplate();
  const reader = status === 'in' ? user : null;
  return reader?.email_verified ? (
    <AlreadyVerified email={reader.email} />
  ) : (
    <>
      {error !== null && <WhatIsWrong error={error} />}
      <Another email={reader?.email ?? null} />
    </>
  );
}
