// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  afterSignUp,
  keepingWayBack,
  useBookplate,
} from 'docusaurus-theme-bookplate/client';

function GoOn(): ReactNode {
  const { search } = useLocation();
  return (
    <Link className="button button--primary" to={afterSignUp(search)}>
      <Translate
        id="theme.bookplate.verify.goOn"
        description="The link after an address was verified, for who is signed in"
      >
        Go on
      </Translate>
    </Link>
  );
}

function ToSignIn(): ReactNode {
  const { search } = useLocation();
  return (
    <Link
      className="button button--primary"
      to={keepingWayBack('sign-in', search)}
    >
      <Translate
        id="theme.bookplate.verify.signIn"
        description="The link after an address was verified, for who is not signed in"
      >
        Sign in
      </Translate>
    </Link>
  );
}

export default function Verified(): ReactNode {
  const { status } = useBookplate();
  return (
    <>
      <p role="status">
        <Translate
          id="theme.bookplate.verify.done"
          description="After the mailed link was followed"
        >
          Thank you. Your e-mail address is verified.
        </Translate>
      </p>
      {status === 'in' ? <GoOn /> : <ToSignIn />}
    </>
  );
}
