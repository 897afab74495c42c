// SPDX-License-Identifier: Apache-2.0
// Who the reader is: name, picture, e-mail address, since when.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import {
  useDates,
  useProfile,
  type Loaded,
  type Offers,
  type User,
} from 'docusaurus-theme-bookplate/client';
import Section from '@theme/Bookplate/Account/Section';

import Email from './Email';
import NameForm from './NameForm';

export interface Props {
  user: User;
  offers: Loaded<Offers>;
}

export const profileTitle = (): string =>
  translate({
    id: 'theme.bookplate.account.profile',
    message: 'Profile',
    description: 'Part of the account page: name, picture, e-mail',
  });

function Since(): ReactNode {
  const { profile } = useProfile();
  const { day } = useDates();
  return (
    profile && (
      <p className="margin-top--md">
        <Translate
          id="theme.bookplate.account.since"
          description="When the account was made"
          values={{ date: day(profile.created_at) }}
        >
          {'You have had this account since {date}.'}
        </Translate>
      </p>
    )
  );
}

export default function Profile({ user, offers }: Props): ReactNode {
  return (
    <Section id="profile" title={profileTitle()}>
      <NameForm key={user.id} user={user} />
      <Email user={user} offers={offers} />
      <Since />
    </Section>
  );
}
