// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import {
  accounts,
  asReader,
  useAttempt,
  type Offers,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import Field from '@theme/Bookplate/Field';
import Problem from '@theme/Bookplate/Problem';

export interface Props {
  email: string;
  bounds: Offers['password'] | undefined;
  onChanged(): void;
}

const labels = () => ({
  currentPassword: translate({
    id: 'theme.bookplate.account.password.current',
    message: 'Current password',
    description: 'The field for the password as it is',
  }),
  password: translate({
    id: 'theme.bookplate.account.password.new',
    message: 'New password',
    description: 'The field for another password',
  }),
});

const hintOf = ({ min }: { min: number }) =>
  translate(
    {
      id: 'theme.bookplate.account.password.hint',
      message: 'At least {min} characters. A few words are easy to remember.',
      description: 'Below the field for another password',
    },
    { min },
  );

interface Passwords {
  current: string;
  next: string;
  others: boolean;
}

const EMPTY: Passwords = { current: '', next: '', others: true };

function Others({ value, onValue }: Choice): ReactNode {
  return (
    <label className="margin-bottom--md" style={{ display: 'block' }}>
      <input
        type="checkbox"
        name="revokeOtherSessions"
        checked={value}
        onChange={({ target }) => onValue(target.checked)}
      />{' '}
      <Translate
        id="theme.bookplate.account.password.others"
        description="Whether changing the password signs out other devices"
      >
        Sign out everywhere else
      </Translate>
    </label>
  );
}

interface Choice {
  value: boolean;
  onValue(value: boolean): void;
}

const missing = () =>
  translate({
    id: 'theme.bookplate.account.password.missing',
    message: 'Type a password here.',
    description: 'When a field for a password was left empty',
  });

function emptyIn({ current, next }: Passwords): Record<string, string> {
  return {
    ...(current === '' ? { currentPassword: missing() } : {}),
    ...(next === '' ? { password: missing() } : {}),
  };
}

interface FieldsProps {
  given: Passwords;
  set(part: Partial<Passwords>): void;
  fields: Record<string, string>;
  bounds: Props['bounds'];
}

function Fields({ given, set, fields, bounds }: FieldsProps): ReactNode {
  return (
    <>
      <Field
        label={labels().currentPassword}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        value={given.current}
        onValue={(current) => set({ current })}
        error={fields.currentPassword}
      />
      <Field
        label={labels().password}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={bounds && hintOf(bounds)}
        value={given.next}
        onValue={(next) => set({ next })}
        error={fields.password}
      />
    </>
  );
}

function Changed({ changed }: { changed: boolean }): ReactNode {
  return (
    <Said>
      {changed && (
        <Translate
          id="theme.bookplate.account.password.changed"
          description="After the password was changed"
        >
          Your password is changed.
        </Translate>
      )}
    </Said>
  );
}

export default function PasswordForm(props: Props): ReactNode {
  const { email, bounds, onChanged } = props;
  const { busy, problem, fields, attempt, refuse } = useAttempt();
  const [given, setGiven] = useState(EMPTY);
  const [changed, setChanged] = useState(false);
  const set = (part: Partial<Passwords>) => setGiven({ ...given, ...part });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChanged(false);
    const empty = emptyIn(given);
    if (Object.keys(empty).length > 0) {
      refuse({ fields: empty });
      return;
    }
    const by = {
      currentPassword: given.current,
      newPassword: given.next,
      revokeOtherSessions: given.others,
    };
    if (await attempt(() => asReader(() => accounts.changePassword(by)))) {
      setGiven(EMPTY);
      setChanged(true);
      onChanged();
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <h3>
        <Translate
          id="theme.bookplate.account.password"
          description="Heading of the form that changes the password"
        >
          Change the password
        </Translate>
      </h3>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <input
        type="email"
        autoComplete="username"
        value={email}
        readOnly
        hidden
      />
      <Fields given={given} set={set} fields={fields} bounds={bounds} />
      <Others value={given.others} onValue={(others) => set({ others })} />
      <button className="button button--primary" disabled={busy}>
        <Translate
          id="theme.bookplate.account.password.submit"
          description="The button that changes the password"
        >
          Change the password
        </Translate>
      </button>
      <Changed changed={changed} />
    </form>
  );
}
