// SPDX-License-Identifier: Apache-2.0
// The account in the navbar: a link to sign in, or the reader's picture. Both
// are in the static HTML; what stands on <html> shows the right one at once.
// The picture leads to the account until the menu behind it is there, which is
// loaded for readers only.
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  routeOf,
  signInHere,
  useBookplate,
} from 'docusaurus-theme-bookplate/client';
import Avatar from '@theme/Bookplate/NavbarAccount/Avatar';
import type * as Loaded from '@theme/Bookplate/NavbarAccount/Menu';

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

/** The menu, for whoever has an account. */
function useMenu(): typeof Loaded | null {
  const { user } = useBookplate();
  const [menu, setMenu] = useState<typeof Loaded | null>(null);
  const wanted = user !== null && menu === null;
  useEffect(() => {
    if (wanted) {
      void import('@theme/Bookplate/NavbarAccount/Menu').then(setMenu);
    }
  }, [wanted]);
  return menu;
}

export default function NavbarAccount({ mobile, onClick }: Props): ReactNode {
  const { user } = useBookplate();
  const menu = useMenu();
  if (mobile) {
    return (
      <>
        <li className="menu__list-item bookplate-signed-out">
          <SignInLink className="menu__link" onClick={onClick} />
        </li>
        {menu && (
          <menu.Entries
            className="menu__link"
            itemClassName="menu__list-item bookplate-signed-in"
            onDone={onClick}
          />
        )}
      </>
    );
  }
  return (
    <div className="navbar__item">
      <SignInLink className="bookplate-sign-in bookplate-signed-out" />
      {menu ? (
        <menu.default user={user} />
      ) : (
        <Link
          className="bookplate-menu bookplate-signed-in"
          to={routeOf('account')}
        >
          <Avatar user={user} />
        </Link>
      )}
    </div>
  );
}
