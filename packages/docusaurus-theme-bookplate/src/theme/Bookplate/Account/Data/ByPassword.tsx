// SPDX-License-Identifier: Apache-2.0
// Asks for the password and for a word, so that nobody does it by mistake.
import { useState, type FormEvent, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { deleteAccount, useAttempt } from 'docusaurus-theme-bookplate/client';
import DangerButton from '@theme/Bookplate/Account/DangerButton';
import Field from '@theme/Bookplate/Field';
import Problem from '@theme/Bookplate/Problem';

export interface Props {
  email: string;
  onGone(): void;
}

const theWord = () =>
  translate({
    id: 'theme.bookplate.account.delete.word',
    message: 'delete',
    description:
      'The word to type before an account is deleted, in small letters',
  });

const labels = () => ({
  currentPassword: translate({
    id: 'theme.bookplate.account.again.password',
    message: 'Your password',
    description: 'The field for signing in again',
  }),
  word: translate(
    {
      id: 'theme.bookplate.account.delete.type',
      message: 'Type the word "{word}"',
      description: 'The field for the word that confirms the deletion',
    },
    { word: theWord() },
  ),
});

function wrongIn(password: string, word: string): Record<string, string> {
  const missing = translate({
    id: 'theme.bookplate.account.password.missing',
    message: 'Type a password here.',
    description: 'When a field for a password was left empty',
  });
  return {
    ...(password === '' ? { currentPassword: missing } : {}),
    ...(word.trim().toLowerCase() === theWord() ? {} : { word: labels().word }),
  };
}

function Submit({ busy }: { busy: boolean }): ReactNode {
  return (
    <DangerButton type="submit" disabled={busy}>
      <Translate
        id="theme.bookplate.account.delete.submit"
        description="The button that deletes the account"
      >
        Delete my account for good
      </Translate>
    </DangerButton>
  );
}

export default function ByPassword({ email, onGone }: Props): ReactNode {
  const { busy, problem, fields, attempt, refuse } = useAttempt();
  const [password, setPassword] = useState('');
  const [word, setWord] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = wrongIn(password, word);
    if (Object.keys(wrong).length > 0) {
      refuse({ fields: wrong });
    } else if (await attempt(() => deleteAccount(password))) {
      onGone();
    }
  };
  return (
    <details>
      <summary>
        <Translate
          id="theme.bookplate.account.delete.open"
          description="Opens the form that deletes the account"
        >
          I want to delete my account
        </Translate>
      </summary>
      <form
        className="margin-top--md"
        noValidate
        onSubmit={(event) => void submit(event)}
      >
        <Problem problem={problem} fields={fields} labels={labels()} />
        <input
          type="email"
          autoComplete="username"
          value={email}
          readOnly
          hidden
        />
        <Field
          label={labels().currentPassword}
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          error={fields.currentPassword}
        />
        <Field
          label={labels().word}
          name="word"
          autoComplete="off"
          autoCapitalize="none"
          value={word}
          onValue={setWord}
          error={fields.word}
        />
        <Submit busy={busy} />
      </form>
    </details>
  );
}
