// SPDX-License-Identifier: Apache-2.0
// What is kept of the reader: taking it along, and erasing it.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import type { Loaded, Offers, User } from 'docusaurus-theme-bookplate/client';
import Section from '@theme/Bookplate/Account/Section';

import DeleteAccount from './DeleteAccount';
import Export from './Export';

export interface Props {
  user: User;
  offers: Loaded<Offers>;
  /** The account is no more. */
  onGone(): void;
}

export const dataTitle = (): string =>
  translate({
    id: 'theme.bookplate.account.data',
    message: 'Your data',
    description: 'Part of the account page: export and deletion',
  });

function Kept(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.account.data.kept"
        description="What the book keeps of its readers, in plain words"
      >
        The book keeps your name, address and the address of your picture, a
        hash of your password, where you are signed in, your answers
        (encrypted), what changed in them and how far you read. It also keeps a
        record of what was done to the account, which names nobody once the
        account is gone.
      </Translate>
    </p>
  );
}

export default function Data({ user, offers, onGone }: Props): ReactNode {
  return (
    <Section id="data" title={dataTitle()}>
      <Kept />
      <Export />
      <DeleteAccount
        email={user.email}
        how={offers?.delete_account}
        onGone={onGone}
      />
    </Section>
  );
}
