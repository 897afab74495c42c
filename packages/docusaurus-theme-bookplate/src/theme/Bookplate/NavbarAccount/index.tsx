// SPDX-License-Identifier: Apache-2.0
// The account in the navbar: a link to sign in, or the reader's menu. Both are
// in the static HTML; what stands on <html> shows the right one at once.
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  routeOf,
  signInHere,
  useBookplate,
} from 'docusaurus-theme-bookplate/client';
import Entries from '@theme/Bookplate/NavbarAccount/Entries';
import Menu from '@theme/Bookplate/NavbarAccount/Menu';

import './styles.css';

export interface Props {
  /** In the menu that phones open. */
  mobile?: boolean;
  className?: string;
  /** Closes the menu that phones open. */
  onClick?: () => void;
}

/** Leads back to where the reader is, once the page knows where that is. */
function useSignInHere(): string {
  const location = useLocation();
  const [address, setAddress] = useState(routeOf('sign-in'));
  useEffect(() => setAddress(signInHere()), [location]);
  return address;
}

interface LinkProps {
  className: string;
  onClick?: () => void;
}

function SignInLink({ className, onClick }: LinkProps): ReactNode {
  return (
    <Link className={className} to={useSignInHere()} onClick={onClick}>
      <Translate
        id="theme.bookplate.menu.signIn"
        description="The link in the navbar for guests"
      >
        Sign in
      </Translate>
    </Link>
  );
}

export default function NavbarAccount({ mobile, onClick }: Props): ReactNode {
  const { user } = useBookplate();
  if (mobile) {
    return (
      <>
        <li className="menu__list-item bookplate-signed-out">
          <SignInLink className="menu__link" onClick={onClick} />
        </li>
        <Entries
          className="menu__link"
          itemClassName="menu__list-item bookplate-signed-in"
          onDone={onClick}
        />
      </>
    );
  }
  return (
    <div className="navbar__item">
      <SignInLink className="bookplate-sign-in bookplate-signed-out" />
      <Menu user={user} />
    </div>
  );
}
