// SPDX-License-Identifier: Apache-2.0
// Making an account by whatever the server offers. A site may put it anywhere;
// the page /sign-up is this and a heading.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  keepingWayBack,
  useBookplate,
  useEntry,
  type Entry,
  type Offers,
} from 'docusaurus-theme-bookplate/client';
import METHODS from '@theme/Bookplate/AccountMethods';
import Offered from '@theme/Bookplate/Offered';
import SignedIn from '@theme/Bookplate/SignedIn';

export interface Props {
  /** Once the reader is in; without it, that is said in place of the form. */
  onDone?: () => void;
}

function ToSignIn(): ReactNode {
  const { search } = useLocation();
  const link = (
    <Link
      to={keepingWayBack('sign-in', search)}
      style={{ textDecoration: 'underline' }}
    >
      <Translate
        id="theme.bookplate.signUp.signIn"
        description="The link in: You have an account? Sign in"
      >
        Sign in
      </Translate>
    </Link>
  );
  return (
    <p className="margin-top--md">
      <Translate
        id="theme.bookplate.signUp.haveAccount"
        description="Below the form to sign up. link: Sign in"
        values={{ link }}
      >
        {'You have an account? {link}'}
      </Translate>
    </p>
  );
}

function Closed(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.signUp.closed"
        description="In place of the form, where nobody may sign up"
      >
        This book takes no new accounts at the moment. You can read all of it
        without one; what you answer and mark as read stays in this browser.
      </Translate>
    </p>
  );
}

function Ways({
  offers,
  enter,
}: {
  offers: Offers;
  enter: Entry['enter'];
}): ReactNode {
  const ways = offers.sign_up
    ? offers.methods.filter((name) => METHODS[name]?.SignUp)
    : [];
  return (
    <>
      {ways.length === 0 && <Closed />}
      {ways.map((name) => {
        const Way = METHODS[name]?.SignUp;
        return Way && <Way key={name} offers={offers} enter={enter} />;
      })}
      <ToSignIn />
    </>
  );
}

export default function SignUp({ onDone }: Props): ReactNode {
  const { status } = useBookplate();
  const { entering, enter } = useEntry(onDone);
  if (status === 'in' && !entering) {
    return <SignedIn />;
  }
  return (
    <Offered>{(offers) => <Ways offers={offers} enter={enter} />}</Offered>
  );
}
