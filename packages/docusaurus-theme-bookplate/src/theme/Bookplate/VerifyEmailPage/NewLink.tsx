// SPDX-License-Identifier: Apache-2.0
// What became of the link, when it did not work, and a new one.
import {
  useEffect,
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
} from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  accounts,
  afterVerifying,
  missing,
  useAttempt,
  useBookplate,
  useTypedEmail,
} from 'docusaurus-theme-bookplate/client';
import EmailField from '@theme/Bookplate/EmailField';
import { labels } from '@theme/Bookplate/Field/labels';
import Offered from '@theme/Bookplate/Offered';
import Problem from '@theme/Bookplate/Problem';
import ResendVerification from '@theme/Bookplate/ResendVerification';
import SubmitButton from '@theme/Bookplate/SubmitButton';

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

function Sent({ email }: { email: string }): ReactNode {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  return (
    <>
      <p ref={text} tabIndex={-1} role="status">
        <Translate
          id="theme.bookplate.verify.sent"
          description="After a link for an address was asked for"
          values={{ email: <bdi>{email}</bdi> }}
        >
          {
            'If {email} has an account and is not verified yet, a link is on its way there. Nothing there? Look among unwanted mail.'
          }
        </Translate>
      </p>
      <ResendVerification email={email} />
    </>
  );
}

/** For who is not signed in: which address? */
function Ask(): ReactNode {
  const { search } = useLocation();
  const [email, setEmail] = useTypedEmail();
  const [sent, setSent] = useState(false);
  const { attempt, refuse, busy, problem, fields } = useAttempt();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const callbackURL = afterVerifying(search);
    if (email === '') {
      refuse(missing({ email }));
    } else {
      setSent(
        await attempt(() => accounts.sendVerification({ email, callbackURL })),
      );
    }
  };
  return sent ? (
    <Sent email={email} />
  ) : (
    <form method="post" noValidate onSubmit={(event) => void submit(event)}>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <EmailField
        autoComplete="email"
        required
        value={email}
        onValue={setEmail}
        error={fields.email}
      />
      <SubmitButton busy={busy}>
        <Translate
          id="theme.bookplate.verify.submit"
          description="The button that mails a link that verifies an address"
        >
          Send a link
        </Translate>
      </SubmitButton>
    </form>
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

export default function NewLink({
  error,
}: {
  error: string | null;
}): ReactNode {
  const { status, user } = useBookplate();
  if (status === 'in' && user) {
    return user.email_verified ? (
      <AlreadyVerified email={user.email} />
    ) : (
      <>
        {error !== null && <WhatIsWrong error={error} />}
        <Offered>
          {(offers) =>
            offers.verify_email === 'off' ? (
              <NoMail />
            ) : (
              <Known email={user.email} />
            )
          }
        </Offered>
      </>
    );
  }
  return (
    <>
      {error !== null && <WhatIsWrong error={error} />}
      <Offered>
        {(offers) => (offers.verify_email === 'off' ? <NoMail /> : <Ask />)}
      </Offered>
    </>
  );
}
