// SPDX-License-Identifier: Apache-2.0
// After signing up where nobody is signed in by that: what to do next. It says
// the same whether or not there was an account already.
import { useEffect, useRef, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import { keepingWayBack, type Offers } from 'docusaurus-theme-bookplate/client';
import ResendVerification from '@theme/Bookplate/ResendVerification';

export interface Props {
  email: string;
  offers: Offers;
}

function LinkSent({ email }: { email: string }): ReactNode {
  return (
    <Translate
      id="theme.bookplate.signUp.linkSent"
      description="After signing up, where addresses are verified first"
      values={{ email: <bdi>{email}</bdi> }}
    >
      {
        'We sent a link to {email}. Open it to finish; then sign in. Nothing there? Look among unwanted mail.'
      }
    </Translate>
  );
}

function AccountMade(): ReactNode {
  return (
    <Translate
      id="theme.bookplate.signUp.made"
      description="After signing up, where that does not sign in"
    >
      Your account was made. Sign in to go on.
    </Translate>
  );
}

export default function CheckMail({ email, offers }: Props): ReactNode {
  const { search } = useLocation();
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => text.current?.focus(), []);
  const byMail = offers.verify_email === 'required';
  return (
    <>
      <p ref={text} tabIndex={-1} role="status">
        {byMail ? <LinkSent email={email} /> : <AccountMade />}
      </p>
      {byMail && <ResendVerification email={email} />}
      <p>
        <Link to={keepingWayBack('sign-in', search)}>
          <Translate
            id="theme.bookplate.signUp.toSignIn"
            description="A link to the page to sign in"
          >
            Sign in
          </Translate>
        </Link>
      </p>
    </>
  );
}
