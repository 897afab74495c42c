// SPDX-License-Identifier: Apache-2.0
import { translate } from '@docusaurus/Translate';

/** What the fields are called in a list of what is wrong with a form. */
export const labels = () => ({
  name: translate({
    id: 'theme.bookplate.name.label',
    message: 'Name',
    description: 'The label of the field for the name of a reader',
  }),
  email: translate({
    id: 'theme.bookplate.email.label',
    message: 'E-mail address',
    description: 'The label of the field for an e-mail address',
  }),
  password: translate({
    id: 'theme.bookplate.password.label',
    message: 'Password',
    description: 'The label of the field for a password',
  }),
});
