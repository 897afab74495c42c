// SPDX-License-Identifier: Apache-2.0
// The password, and where the reader is signed in.
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import type { Loaded, Offers, User } from 'docusaurus-theme-bookplate/client';
import Section from '@theme/Bookplate/Account/Section';

import PasswordForm from './PasswordForm';
import Sessions from './Sessions';

export interface Props {
  user: User;
  offers: Loaded<Offers>;
}

export const securityTitle = (): string =>
  translate({
    id: 'theme.bookplate.account.security',
    message: 'Security',
    description: 'Part of the account page: password and sessions',
  });

/** Another service has the accounts, and with them passwords and sessions. */
function Elsewhere(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.account.security.elsewhere"
        description="Where accounts are kept by another service"
      >
        Another service keeps the accounts of this book: change your password
        and see your devices there.
      </Translate>
    </p>
  );
}

function Unknown(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.account.needsServer"
        description="In place of what cannot be shown or done without the server"
      >
        This needs the server, which does not answer now.
      </Translate>
    </p>
  );
}

export default function Security({ user, offers }: Props): ReactNode {
  const [changes, setChanges] = useState(0);
  const own = offers?.accounts === 'builtin';
  return (
    <Section id="security" title={securityTitle()}>
      {offers === null && <Unknown />}
      {offers?.accounts === 'external' && <Elsewhere />}
      {own && offers.methods.includes('password') && (
        <PasswordForm
          email={user.email}
          bounds={offers.password}
          onChanged={() => setChanges(changes + 1)}
        />
      )}
      {own && <Sessions key={changes} />}
    </Section>
  );
}
