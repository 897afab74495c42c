// SPDX-License-Identifier: Apache-2.0
// Mails a link by which a new password is set. The answer is the same for every
// address, so that nobody learns who has an account.
import {
  useEffect,
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
} from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  accounts,
  addressOf,
  keepingWayBack,
  missing,
  useAttempt,
  useTypedEmail,
} from 'docusaurus-theme-bookplate/client';
import EmailField from '@theme/Bookplate/EmailField';
import { labels } from '@theme/Bookplate/Field/labels';
import Offered from '@theme/Bookplate/Offered';
import Page from '@theme/Bookplate/Page';
import Problem from '@theme/Bookplate/Problem';
import SubmitButton from '@theme/Bookplate/SubmitButton';

function NoMail(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.forgot.noMail"
        description="In place of the form, where the server sends no mail"
      >
        The server of this book sends no mail, so it cannot replace a password.
        Ask whoever runs the book.
      </Translate>
    </p>
  );
}

interface SentProps {
  email: string;
  onAgain(): void;
}

function Sent({ email, onAgain }: SentProps): ReactNode {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  return (
    <>
      <p ref={text} tabIndex={-1} role="status">
        <Translate
          id="theme.bookplate.forgot.sent"
          description="After a link for a new password was asked for"
          values={{ email: <bdi>{email}</bdi> }}
        >
          {
            'If there is an account with {email}, a link to set a new password is on its way there. It works once and not for long. Nothing there? Look among unwanted mail.'
          }
        </Translate>
      </p>
      <button
        type="button"
        className="button button--secondary"
        onClick={onAgain}
      >
        <Translate
          id="theme.bookplate.forgot.again"
          description="The button that leads back to the form for an address"
        >
          Use another address, or send it again
        </Translate>
      </button>
    </>
  );
}

function Form({ onSent }: { onSent(email: string): void }): ReactNode {
  const [email, setEmail] = useTypedEmail();
  const { attempt, refuse, busy, problem, fields } = useAttempt();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const redirectTo = addressOf('reset-password');
    if (email === '') {
      refuse(missing({ email }));
    } else if (
      await attempt(() => accounts.requestReset({ email, redirectTo }))
    ) {
      onSent(email);
    }
  };
  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)}>
      <p>
        <Translate
          id="theme.bookplate.forgot.what"
          description="Above the form for who forgot their password"
        >
          Say which address your account has. We send a link there, by which you
          set a new password.
        </Translate>
      </p>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <EmailField
        autoComplete="username"
        required
        value={email}
        onValue={setEmail}
        error={fields.email}
      />
      <SubmitButton busy={busy}>
        <Translate
          id="theme.bookplate.forgot.submit"
          description="The button that mails a link for a new password"
        >
          Send the link
        </Translate>
      </SubmitButton>
    </form>
  );
}

function FormOrAnswer(): ReactNode {
  const [sentTo, setSentTo] = useState<string | null>(null);
  return sentTo === null ? (
    <Form onSent={setSentTo} />
  ) : (
    <Sent email={sentTo} onAgain={() => setSentTo(null)} />
  );
}

export default function ForgotPasswordPage(): ReactNode {
  const { search } = useLocation();
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.forgot.title',
        message: 'Forgotten password',
        description: 'The title of the page for who forgot their password',
      })}
    >
      <Offered>
        {(offers) => (offers.reset_password ? <FormOrAnswer /> : <NoMail />)}
      </Offered>
      <p className="margin-top--md">
        <Link to={keepingWayBack('sign-in', search)}>
          <Translate
            id="theme.bookplate.forgot.back"
            description="The link back to the page to sign in"
          >
            Back to signing in
          </Translate>
        </Link>
      </p>
    </Page>
  );
}
