// SPDX-License-Identifier: Apache-2.0
// A password, hidden until the reader asks to see it.
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import Field, { type Props as FieldProps } from '@theme/Bookplate/Field';
import { labels } from '@theme/Bookplate/Field/labels';

import styles from './styles.module.css';

export interface Props
  extends Omit<FieldProps, 'label' | 'name' | 'type' | 'aside'> {
  autoComplete: 'current-password' | 'new-password';
  label?: ReactNode;
  name?: string;
}

function Show(props: { shown: boolean; onToggle(): void }): ReactNode {
  const { shown, onToggle } = props;
  return (
    <button
      type="button"
      className={`clean-btn ${styles.show}`}
      onClick={onToggle}
    >
      {shown ? (
        <Translate
          id="theme.bookplate.password.hide"
          description="The button beside a password that is shown"
        >
          Hide password
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.password.show"
          description="The button beside a password that is hidden"
        >
          Show password
        </Translate>
      )}
    </button>
  );
}

export default function PasswordField(props: Props): ReactNode {
  const { label = labels().password, name = 'password', ...field } = props;
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...field}
      label={label}
      name={name}
      type={shown ? 'text' : 'password'}
      dir="ltr"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      aside={<Show shown={shown} onToggle={() => setShown(!shown)} />}
    />
  );
}
