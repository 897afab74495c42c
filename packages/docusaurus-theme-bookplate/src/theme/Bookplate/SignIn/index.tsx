// SPDX-License-Identifier: Apache-2.0
// Signing in by whatever the server offers. A site may put it anywhere; the
// page /sign-in is this and a heading.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  keepingWayBack,
  useBookplate,
  useEntry,
  type Offers,
} from 'docusaurus-theme-bookplate/client';
import METHODS from '@theme/Bookplate/AccountMethods';
import Offered from '@theme/Bookplate/Offered';
import SignedIn from '@theme/Bookplate/SignedIn';

export interface Props {
  /** Once the reader is in; without it, that is said in place of the form. */
  onDone?: () => void;
}

function SessionEnded(): ReactNode {
  return (
    <div className="alert alert--info margin-bottom--md" role="status">
      <Translate
        id="theme.bookplate.signIn.ended"
        description="Above the form, when a session has ended"
      >
        Your session has ended. Sign in again to go on; what you did in this
        browser since is still here.
      </Translate>
    </div>
  );
}

function ToSignUp(): ReactNode {
  const { search } = useLocation();
  const link = (
    <Link
      to={keepingWayBack('sign-up', search)}
      style={{ textDecoration: 'underline' }}
    >
      <Translate
        id="theme.bookplate.signIn.signUp"
        description="The link in: No account yet? Create one"
      >
        Create one
      </Translate>
    </Link>
  );
  return (
    <p className="margin-top--md">
      <Translate
        id="theme.bookplate.signIn.noAccount"
        description="Below the form to sign in. link: Create one"
        values={{ link }}
      >
        {'No account yet? {link}'}
      </Translate>
    </p>
  );
}

function NoWayIn(): ReactNode {
  return (
    <p>
      <Translate
        id="theme.bookplate.signIn.none"
        description="When the server offers no way to sign in that is known here"
      >
        This book lets nobody sign in at the moment. You can read all of it.
      </Translate>
    </p>
  );
}

interface WaysProps {
  offers: Offers;
  enter: ReturnType<typeof useEntry>['enter'];
}

function Ways({ offers, enter }: WaysProps): ReactNode {
  const ways = offers.methods.filter((name) => name in METHODS);
  return (
    <>
      {ways.length === 0 && <NoWayIn />}
      {ways.map((name) => {
        const Way = METHODS[name]?.SignIn;
        return Way && <Way key={name} offers={offers} enter={enter} />;
      })}
      {ways.length > 0 && offers.sign_up && <ToSignUp />}
    </>
  );
}

export default function SignIn({ onDone }: Props): ReactNode {
  const { status, ended } = useBookplate();
  const { entering, enter } = useEntry(onDone);
  if (status === 'in' && !entering) {
    return <SignedIn />;
  }
  return (
    <>
      {ended && <SessionEnded />}
      <Offered>{(offers) => <Ways offers={offers} enter={enter} />}</Offered>
    </>
  );
}
