// SPDX-License-Identifier: Apache-2.0
// The account in the navbar: a link to sign in, or the reader's menu. Both are
// in the static HTML; what stands on <html> shows the right one at once.
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import {
  routeOf,
  signInHere,
  useBookplate,
  type User,
} from 'docusaurus-theme-bookplate/client';

import './styles.css';

export interface Props {
  /** In the menu that phones open. */
  mobile?: boolean;
  className?: string;
}

async function leave(): Promise<void> {
  const { signOut } = await import('docusaurus-theme-bookplate/client/account');
  await signOut().catch(() => undefined); // the browser forgot in any case
}

function Avatar({ user }: { user: User | null }): ReactNode {
  const initial = user ? (user.name || user.email).trim().charAt(0) : '';
  return (
    <span className="bookplate-avatar" aria-hidden="true">
      {user?.image ? <img src={user.image} alt="" /> : initial.toUpperCase()}
    </span>
  );
}

function Entries({ className }: { className: string }): ReactNode {
  return (
    <>
      <li>
        <Link className={className} to={routeOf('dashboard')}>
          <Translate
            id="theme.bookplate.menu.dashboard"
            description="The reader's menu: how far they got"
          >
            My progress
          </Translate>
        </Link>
      </li>
      <li>
        <Link className={className} to={routeOf('account')}>
          <Translate
            id="theme.bookplate.menu.account"
            description="The reader's menu: their account"
          >
            Account
          </Translate>
        </Link>
      </li>
      <li>
        <button
          type="button"
          className={`clean-btn ${className}`}
          onClick={() => void leave()}
        >
          <Translate
            id="theme.bookplate.menu.signOut"
            description="The reader's menu: sign out"
          >
            Sign out
          </Translate>
        </button>
      </li>
    </>
  );
}

function SignInLink({ className }: { className: string }): ReactNode {
  return (
    <Link
      className={`${className} bookplate-signed-out`}
      to={routeOf('sign-in')}
      // Where the reader is when they follow it, not where it was drawn.
      onClick={({ currentTarget }) => {
        if (!window.location.pathname.includes('/sign-')) {
          currentTarget.setAttribute('href', signInHere());
        }
      }}
    >
      <Translate
        id="theme.bookplate.menu.signIn"
        description="The link in the navbar for guests"
      >
        Sign in
      </Translate>
    </Link>
  );
}

const menuLabel = () =>
  translate({
    id: 'theme.bookplate.menu.label',
    message: 'Your account',
    description: 'What the button with the avatar in the navbar is called',
  });

function Menu({ user }: { user: User | null }): ReactNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') {
      close();
      menu.current?.querySelector('summary')?.focus();
    }
  };
  return (
    <details
      ref={menu}
      className="bookplate-menu bookplate-signed-in"
      onKeyDown={onKeyDown}
      onClick={({ target }) => {
        if (target instanceof Element && target.closest('li')) {
          close();
        }
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) {
          close();
        }
      }}
    >
      <summary aria-label={menuLabel()}>
        <Avatar user={user} />
      </summary>
      <ul className="bookplate-menu__list clean-list">
        {user && (
          <li className="bookplate-menu__name">{user.name || user.email}</li>
        )}
        <Entries className="bookplate-menu__entry" />
      </ul>
    </details>
  );
}

export default function NavbarAccount({ mobile }: Props): ReactNode {
  const { user } = useBookplate();
  if (mobile) {
    return (
      <>
        <li className="menu__list-item">
          <SignInLink className="menu__link" />
        </li>
        <li className="menu__list-item bookplate-signed-in">
          <ul className="menu__list">
            <Entries className="menu__link" />
          </ul>
        </li>
      </>
    );
  }
  return (
    <div className="navbar__item">
      <SignInLink className="bookplate-sign-in" />
      <Menu user={user} />
    </div>
  );
}
