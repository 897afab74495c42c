// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import {
  accounts,
  addressOf,
  asReader,
  refresh,
  useAttempt,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import Field from '@theme/Bookplate/Field';
import Problem from '@theme/Bookplate/Problem';

const label = () =>
  translate({
    id: 'theme.bookplate.account.email.new',
    message: 'New e-mail address',
    description: 'The field for another e-mail address',
  });

function Asked({ email }: { email: string }): ReactNode {
  return (
    <Said>
      {email !== '' && (
        <Translate
          id="theme.bookplate.account.email.asked"
          description="After another address was asked for; whether a mail went out is not told"
          values={{ email }}
        >
          {
            'If {email} can be used, it is changed, or a link is on its way that changes it.'
          }
        </Translate>
      )}
    </Said>
  );
}

/** The server says neither way whether another account has the address. */
export default function ChangeEmail(): ReactNode {
  const { busy, problem, fields, attempt } = useAttempt();
  const [newEmail, setNewEmail] = useState('');
  const [asked, setAsked] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setAsked('');
    const callbackURL = addressOf('verify-email');
    const change = () => accounts.changeEmail({ newEmail, callbackURL });
    if (await attempt(() => asReader(change))) {
      setAsked(newEmail);
      setNewEmail('');
      await refresh();
    }
  };
  return (
    <details className="margin-bottom--md">
      <summary>
        <Translate
          id="theme.bookplate.account.email.change"
          description="Opens the form for another e-mail address"
        >
          Change the address
        </Translate>
      </summary>
      <form
        className="margin-top--md"
        noValidate
        onSubmit={(event) => void submit(event)}
      >
        <Problem problem={problem} />
        <Field
          label={label()}
          name="email"
          type="email"
          autoComplete="email"
          dir="ltr"
          value={newEmail}
          onValue={setNewEmail}
          error={fields.email}
        />
        <button
          className="button button--primary"
          disabled={busy || newEmail.trim() === ''}
        >
          <Translate
            id="theme.bookplate.account.email.submit"
            description="The button that changes the e-mail address"
          >
            Change it
          </Translate>
        </button>
        <Asked email={asked} />
      </form>
    </details>
  );
}
