// SPDX-License-Identifier: Apache-2.0
// An e-mail address: from left to right in every language, and typed as it is.
import type { ReactNode } from 'react';
import Field, { type Props as FieldProps } from '@theme/Bookplate/Field';
import { labels } from '@theme/Bookplate/Field/labels';

export type Props = Omit<FieldProps, 'label' | 'name' | 'type'> & {
  autoComplete: 'username' | 'email';
};

export default function EmailField(props: Props): ReactNode {
  return (
    <Field
      {...props}
      label={labels().email}
      name="email"
      type="email"
      inputMode="email"
      dir="ltr"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
    />
  );
}
