// SPDX-License-Identifier: Apache-2.0
// Signing in again where the reader is: what they typed elsewhere on the page
// stays. Where there is no password to ask for, a link leads there and back.
import { useState, type FormEvent, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import {
  signInAgain,
  signInHere,
  useAttempt,
  useBookplate,
} from 'docusaurus-theme-bookplate/client';
import Field from '@theme/Bookplate/Field';
import Problem from '@theme/Bookplate/Problem';

export interface Props {
  /** Why it is asked for. */
  children: ReactNode;
  /** What the reader was about to do. */
  onDone?(): void;
}

const passwordLabel = () =>
  translate({
    id: 'theme.bookplate.account.again.password',
    message: 'Your password',
    description: 'The field for signing in again',
  });

function OtherWay(): ReactNode {
  return (
    <Link
      className="button button--link"
      to={signInHere()}
      onClick={({ currentTarget }) =>
        currentTarget.setAttribute('href', signInHere())
      }
    >
      <Translate
        id="theme.bookplate.account.again.page"
        description="Link to the page for signing in, which leads back here"
      >
        Use the sign-in page
      </Translate>
    </Link>
  );
}

export default function SignInAgain({ children, onDone }: Props): ReactNode {
  const { user } = useBookplate();
  const { busy, problem, fields, attempt } = useAttempt();
  const [password, setPassword] = useState('');
  // A wrong password is said of both fields at once; only one is here.
  const wrong = fields.password ?? fields.currentPassword ?? fields.email;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await attempt(() => signInAgain(password))) {
      setPassword('');
      onDone?.();
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p>{children}</p>
      <Problem problem={problem} />
      <input
        type="email"
        autoComplete="username"
        value={user?.email ?? ''}
        readOnly
        hidden
      />
      <Field
        label={passwordLabel()}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onValue={setPassword}
        error={wrong}
      />
      <button className="button button--primary" disabled={busy}>
        <Translate
          id="theme.bookplate.account.again.submit"
          description="The button for signing in again"
        >
          Sign in again
        </Translate>
      </button>{' '}
      <OtherWay />
    </form>
  );
}
