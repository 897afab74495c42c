// SPDX-License-Identifier: Apache-2.0
// In place of a form to sign in or up, for who is signed in.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  routeOf,
  useBookplate,
  wayBack,
} from 'docusaurus-theme-bookplate/client';

async function leave(): Promise<void> {
  const { signOut } = await import('docusaurus-theme-bookplate/client/account');
  await signOut().catch(() => undefined); // the browser forgot in any case
}

export default function SignedIn(): ReactNode {
  const { user } = useBookplate();
  const { search } = useLocation();
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.signedIn.text"
          description="On the page to sign in, for who is signed in"
          values={{ name: <bdi>{user?.name || user?.email}</bdi> }}
        >
          {'You are signed in as {name}.'}
        </Translate>
      </p>
      <ul>
        <li>
          <Link to={wayBack(search)}>
            <Translate
              id="theme.bookplate.signedIn.back"
              description="A link for who is signed in: back to the book"
            >
              Go on reading
            </Translate>
          </Link>
        </li>
        <li>
          <Link to={routeOf('account')}>
            <Translate
              id="theme.bookplate.signedIn.account"
              description="A link for who is signed in: to their account"
            >
              Your account
            </Translate>
          </Link>
        </li>
      </ul>
      <button
        type="button"
        className="button button--secondary"
        onClick={() => void leave()}
      >
        <Translate
          id="theme.bookplate.signedIn.leave"
          description="The button that signs out, to sign in as somebody else"
        >
          Sign out
        </Translate>
      </button>
    </>
  );
}
