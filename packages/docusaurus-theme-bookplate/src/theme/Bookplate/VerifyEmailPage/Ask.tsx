// SPDX-License-Identifier: Apache-2.0
// A link for whoever is not signed in: which address?
import {
  useEffect,
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
} from 'react';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  accounts,
  afterVerifying,
  missing,
  useAttempt,
  useTypedEmail,
} from 'docusaurus-theme-bookplate/client';
import EmailField from '@theme/Bookplate/EmailField';
import { labels } from '@theme/Bookplate/Field/labels';
import Problem from '@theme/Bookplate/Problem';
import ResendVerification from '@theme/Bookplate/ResendVerification';
import SubmitButton from '@theme/Bookplate/SubmitButton';

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

export default function Ask(): ReactNode {
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
