// SPDX-License-Identifier: Apache-2.0
// Making an account by name, e-mail address and password.
import { useState, type FormEvent, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  afterVerifying,
  keepingWayBack,
  missing,
  signUp,
  useAttempt,
  useTypedEmail,
} from 'docusaurus-theme-bookplate/client';
import type { MethodProps } from '@theme/Bookplate/AccountMethods';
import { labels } from '@theme/Bookplate/Field/labels';
import EmailField from '@theme/Bookplate/EmailField';
import Field from '@theme/Bookplate/Field';
import KeepChoice from '@theme/Bookplate/KeepChoice';
import NewPasswordField from '@theme/Bookplate/NewPasswordField';
import Problem from '@theme/Bookplate/Problem';
import SubmitButton from '@theme/Bookplate/SubmitButton';

import CheckMail from './CheckMail';

/** Everything of the form that can be given, and what becomes of it. */
function useSignUp(enter: MethodProps['enter']) {
  const { search } = useLocation();
  const [name, setName] = useState('');
  const [email, setEmail] = useTypedEmail();
  const [password, setPassword] = useState('');
  const [keep, setKeep] = useState(true);
  const [mailed, setMailed] = useState(false);
  const attempt = useAttempt();
  const act = async () => {
    const callbackURL = afterVerifying(search);
    const isIn = await signUp({ name, email, password, callbackURL }, keep);
    setMailed(!isIn);
    return isIn;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === '' || email === '' || password === '') {
      attempt.refuse(missing({ name, email, password }));
      return;
    }
    void attempt.attempt(() => enter(act));
  };
  return {
    ...attempt,
    mailed,
    submit,
    name: { value: name, onValue: setName },
    email: { value: email, onValue: setEmail },
    password: { value: password, onValue: setPassword },
    keep: { checked: keep, onChecked: setKeep },
  };
}

/** What is wrong with the address; who has an account can sign in with it. */
function EmailRefusal(props: { text: string; taken: boolean }): ReactNode {
  const { search } = useLocation();
  return (
    <>
      {props.text}{' '}
      {props.taken && (
        <Link
          to={keepingWayBack('sign-in', search)}
          style={{ textDecoration: 'underline' }}
        >
          <Translate
            id="theme.bookplate.signUp.signInInstead"
            description="A link beside an address that has an account"
          >
            Sign in with this address
          </Translate>
        </Link>
      )}
    </>
  );
}

export default function SignUpWithPassword(props: MethodProps): ReactNode {
  const { offers, enter } = props;
  const form = useSignUp(enter);
  const { problem, fields, code, busy } = form;
  const taken = code?.startsWith('USER_ALREADY_EXISTS') ?? false;
  if (form.mailed) {
    return <CheckMail email={form.email.value} offers={offers} />;
  }
  return (
    <form method="post" noValidate onSubmit={form.submit}>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <Field
        {...form.name}
        label={labels().name}
        name="name"
        autoComplete="name"
        required
        error={fields.name}
      />
      <EmailField
        {...form.email}
        autoComplete="email"
        required
        error={
          fields.email && <EmailRefusal text={fields.email} taken={taken} />
        }
      />
      <NewPasswordField
        {...form.password}
        bounds={offers.password}
        error={fields.password}
      />
      <KeepChoice {...form.keep} />
      <SubmitButton busy={busy}>
        <Translate
          id="theme.bookplate.signUp.submit"
          description="The button that makes an account"
        >
          Create account
        </Translate>
      </SubmitButton>
    </form>
  );
}
