// SPDX-License-Identifier: Apache-2.0
// A password that is being chosen: how long it may be is said beforehand, all
// else by the server. It is typed once; who doubts can look at it.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import type { Offers } from 'docusaurus-theme-bookplate/client';
import PasswordField, {
  type Props as PasswordProps,
} from '@theme/Bookplate/PasswordField';

export interface Props
  extends Omit<PasswordProps, 'autoComplete' | 'hint' | 'required'> {
  /** Unknown where another service decides. */
  bounds: Offers['password'];
}

export default function NewPasswordField(props: Props): ReactNode {
  const { bounds, ...field } = props;
  return (
    <PasswordField
      {...field}
      autoComplete="new-password"
      required
      minLength={bounds?.min}
      hint={
        bounds && (
          <Translate
            id="theme.bookplate.password.length"
            description="Below the field for a new password"
            values={{ min: bounds.min }}
          >
            {
              'At least {min} characters. Several words are easy to remember and hard to guess.'
            }
          </Translate>
        )
      }
    />
  );
}
