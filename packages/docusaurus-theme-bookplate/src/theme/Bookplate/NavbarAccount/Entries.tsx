// SPDX-License-Identifier: Apache-2.0
// What the reader's menu leads to, as items of a list.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { isOwnPage, routeOf, useGo } from 'docusaurus-theme-bookplate/client';

export interface Props {
  className: string;
  itemClassName?: string;
  onDone?: () => void;
}

/** Signs out. Pages of the account have nothing to show then. */
function useLeave(): () => Promise<void> {
  const go = useGo();
  return async () => {
    const { signOut } = await import(
      'docusaurus-theme-bookplate/client/account'
    );
    await signOut().catch(() => undefined); // the browser forgot in any case
    if (isOwnPage(window.location.pathname)) {
      go(options.localizedBase);
    }
  };
}

export default function Entries(props: Props): ReactNode {
  const { className, itemClassName, onDone } = props;
  const leave = useLeave();
  return (
    <>
      <li className={itemClassName}>
        <Link className={className} to={routeOf('dashboard')} onClick={onDone}>
          <Translate
            id="theme.bookplate.menu.dashboard"
            description="The reader's menu: how far they got"
          >
            My progress
          </Translate>
        </Link>
      </li>
      <li className={itemClassName}>
        <Link className={className} to={routeOf('account')} onClick={onDone}>
          <Translate
            id="theme.bookplate.menu.account"
            description="The reader's menu: their account"
          >
            Account
          </Translate>
        </Link>
      </li>
      <li className={itemClassName}>
        <button
          type="button"
          className={`clean-btn ${className} bookplate-sign-out`}
          onClick={() => {
            onDone?.();
            void leave();
          }}
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
