// SPDX-License-Identifier: Apache-2.0
// The account: of who is signed in, or was until a moment ago, all parts of it;
// of a guest, what one is for.
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import {
  forget,
  routeOf,
  useBookplate,
  useOffers,
  useQuestionnaire,
  type User,
} from 'docusaurus-theme-bookplate/client';
import Background, {
  backgroundTitle,
} from '@theme/Bookplate/Account/Background';
import Data, { dataTitle } from '@theme/Bookplate/Account/Data';
import Guest from '@theme/Bookplate/Account/Guest';
import Notice from '@theme/Bookplate/Account/Notice';
import Profile, { profileTitle } from '@theme/Bookplate/Account/Profile';
import Security, { securityTitle } from '@theme/Bookplate/Account/Security';
import GuestOffer from '@theme/Bookplate/GuestOffer';
import Page from '@theme/Bookplate/Page';
import Waiting from '@theme/Bookplate/Account/Waiting';

import Farewell from './Farewell';
import Parts from './Parts';

const title = () =>
  translate({
    id: 'theme.bookplate.account.title',
    message: 'Account',
    description: 'Title of the account page',
  });

interface OwnProps {
  user: User;
  onGone(): void;
}

function Own({ user, onGone }: OwnProps): ReactNode {
  const { status } = useBookplate();
  const [offers, askAgain] = useOffers();
  const questionnaire = useQuestionnaire();
  const isBack = status === 'in' && offers === null;
  useEffect(() => {
    if (isBack) {
      askAgain();
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once it is back
  }, [status]);
  return (
    <>
      <GuestOffer />
      <Parts
        parts={[
          ['profile', profileTitle()],
          ['background', backgroundTitle()],
          ['security', securityTitle()],
          ['data', dataTitle()],
        ]}
      />
      <Profile user={user} offers={offers} />
      <Background questionnaire={questionnaire} />
      <Security user={user} offers={offers} />
      <Data user={user} offers={offers} onGone={onGone} />
      <p className="margin-top--lg">
        <Link to={routeOf('dashboard')}>
          <Translate
            id="theme.bookplate.account.toDashboard"
            description="Link from the account to the progress page"
          >
            How far you have read
          </Translate>
        </Link>
      </p>
    </>
  );
}

/** Where the link of a mail that deleted the account arrives. */
function useMailedEnd(onGone: () => void): void {
  const { status, ended } = useBookplate();
  useEffect(() => {
    const { search } = window.location;
    if (status === 'out' && ended && /[?&]deleted=1\b/.test(search)) {
      forget();
      onGone();
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- onGone only sets
  }, [status, ended]);
}

function Content(): ReactNode {
  const { status, user } = useBookplate();
  const [gone, setGone] = useState(false);
  const onGone = () => setGone(true);
  useMailedEnd(onGone);
  if (gone && !user) {
    return <Farewell />;
  }
  if (user) {
    return (
      <>
        <Notice />
        <Own key={user.id} user={user} onGone={onGone} />
      </>
    );
  }
  return status === 'loading' ? (
    <Waiting />
  ) : (
    <>
      <Notice />
      <Guest />
    </>
  );
}

export default function AccountPage(): ReactNode {
  return (
    <Page title={title()} wide>
      <Content />
    </Page>
  );
}
