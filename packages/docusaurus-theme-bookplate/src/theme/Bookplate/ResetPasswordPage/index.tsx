// SPDX-License-Identifier: Apache-2.0
// Where the mailed link for a new password leads: ?token=, or ?error= when it
// was used or is too old.
import { useState, type FormEvent, type ReactNode } from 'react';
import Head from '@docusaurus/Head';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  accounts,
  missing,
  routeOf,
  useAttempt,
  useGo,
  type Offers,
} from 'docusaurus-theme-bookplate/client';
import { labels } from '@theme/Bookplate/Field/labels';
import NewPasswordField from '@theme/Bookplate/NewPasswordField';
import Offered from '@theme/Bookplate/Offered';
import Page from '@theme/Bookplate/Page';
import Problem from '@theme/Bookplate/Problem';
import SubmitButton from '@theme/Bookplate/SubmitButton';

function UsedUp(): ReactNode {
  return (
    <div role="alert">
      <p>
        <Translate
          id="theme.bookplate.reset.usedUp"
          description="When the link for a new password does not work any more"
        >
          This link was used already, or it is too old.
        </Translate>
      </p>
      <Link className="button button--primary" to={routeOf('forgot-password')}>
        <Translate
          id="theme.bookplate.reset.another"
          description="The link to the page that mails a link for a new password"
        >
          Get another link
        </Translate>
      </Link>
    </div>
  );
}

function useReset(token: string) {
  const go = useGo();
  const [password, setPassword] = useState('');
  const attempt = useAttempt();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const by = { token, newPassword: password };
    if (password === '') {
      attempt.refuse(missing({ password }));
    } else if (await attempt.attempt(() => accounts.resetPassword(by))) {
      go(routeOf('sign-in', 'changed=password'));
    }
  };
  return {
    ...attempt,
    submit,
    password: { value: password, onValue: setPassword },
  };
}

interface FormProps {
  token: string;
  offers: Offers;
}

function Form({ token, offers }: FormProps): ReactNode {
  const { submit, password, problem, fields, code, busy } = useReset(token);
  if (code === 'INVALID_TOKEN') {
    return <UsedUp />;
  }
  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)}>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <NewPasswordField
        {...password}
        label={
          <Translate
            id="theme.bookplate.reset.password"
            description="The label of the field for a new password"
          >
            New password
          </Translate>
        }
        bounds={offers.password}
        error={fields.password ?? fields.newPassword}
      />
      <SubmitButton busy={busy}>
        <Translate
          id="theme.bookplate.reset.submit"
          description="The button that sets a new password"
        >
          Set the password
        </Translate>
      </SubmitButton>
    </form>
  );
}

export default function ResetPasswordPage(): ReactNode {
  const asked = new URLSearchParams(useLocation().search);
  const token = asked.has('error') ? null : asked.get('token');
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.reset.title',
        message: 'New password',
        description: 'The title of the page for a new password',
      })}
    >
      <Head>
        {/* The address of this page is a secret as long as the link works. */}
        <meta name="referrer" content="no-referrer" />
      </Head>
      <Offered>
        {(offers) =>
          token ? <Form token={token} offers={offers} /> : <UsedUp />
        }
      </Offered>
    </Page>
  );
}
