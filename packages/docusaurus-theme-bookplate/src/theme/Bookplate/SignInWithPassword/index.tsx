// SPDX-License-Identifier: Apache-2.0
// Signing in by e-mail address and password.
import { useState, type FormEvent, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  keepingWayBack,
  missing,
  signIn,
  useAttempt,
  useTypedEmail,
} from 'docusaurus-theme-bookplate/client';
import type { MethodProps } from '@theme/Bookplate/AccountMethods';
import Checkbox from '@theme/Bookplate/Checkbox';
import EmailField from '@theme/Bookplate/EmailField';
import KeepChoice from '@theme/Bookplate/KeepChoice';
import PasswordField from '@theme/Bookplate/PasswordField';
import Problem from '@theme/Bookplate/Problem';
import ResendVerification from '@theme/Bookplate/ResendVerification';
import SubmitButton from '@theme/Bookplate/SubmitButton';
import { labels } from '@theme/Bookplate/Field/labels';

import styles from './styles.module.css';

function Forgotten(): ReactNode {
  const { search } = useLocation();
  return (
    <Link
      className={styles.forgot}
      to={keepingWayBack('forgot-password', search)}
    >
      <Translate
        id="theme.bookplate.signIn.forgotten"
        description="The link below the password, to get a new one by mail"
      >
        Forgotten your password?
      </Translate>
    </Link>
  );
}

function Remember(props: {
  checked: boolean;
  onChecked(checked: boolean): void;
}): ReactNode {
  return (
    <Checkbox name="rememberMe" {...props}>
      <Translate
        id="theme.bookplate.signIn.remember"
        description="A checkbox: stay signed in after the browser is closed"
      >
        Keep me signed in
      </Translate>
    </Checkbox>
  );
}

/** Everything of the form that can be given, and what becomes of it. */
function useSignIn(enter: MethodProps['enter']) {
  const [email, setEmail] = useTypedEmail();
  const [password, setPassword] = useState('');
  const [rememberMe, setRemember] = useState(true);
  const [keep, setKeep] = useState(true);
  const attempt = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email === '' || password === '') {
      attempt.refuse(missing({ email, password }));
      return;
    }
    void attempt.attempt(() =>
      enter(() => signIn({ email, password, rememberMe }, keep)),
    );
  };
  return {
    ...attempt,
    submit,
    email: { value: email, onValue: setEmail },
    password: { value: password, onValue: setPassword },
    remember: { checked: rememberMe, onChecked: setRemember },
    keep: { checked: keep, onChecked: setKeep },
  };
}

export default function SignInWithPassword(props: MethodProps): ReactNode {
  const { offers, enter } = props;
  const form = useSignIn(enter);
  const { problem, fields, code, busy } = form;
  return (
    <form method="post" noValidate onSubmit={form.submit}>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <EmailField
        {...form.email}
        autoComplete="username"
        required
        error={fields.email}
      />
      {code === 'EMAIL_NOT_VERIFIED' && offers.verify_email !== 'off' && (
        <ResendVerification email={form.email.value} />
      )}
      <PasswordField
        {...form.password}
        autoComplete="current-password"
        required
        error={fields.password}
      />
      <div className={styles.row}>
        <Remember {...form.remember} />
        {offers.reset_password && <Forgotten />}
      </div>
      <KeepChoice {...form.keep} />
      <SubmitButton busy={busy}>
        <Translate
          id="theme.bookplate.signIn.submit"
          description="The button that signs in"
        >
          Sign in
        </Translate>
      </SubmitButton>
    </form>
  );
}
