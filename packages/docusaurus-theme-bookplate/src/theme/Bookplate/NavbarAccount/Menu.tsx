// SPDX-License-Identifier: Apache-2.0
// The button with the reader's picture and the menu below it. It closes by
// Escape, by a press anywhere else, and when the focus goes elsewhere.
import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { translate } from '@docusaurus/Translate';
import type { User } from 'docusaurus-theme-bookplate/client';
import Avatar from '@theme/Bookplate/NavbarAccount/Avatar';
import Entries from '@theme/Bookplate/NavbarAccount/Entries';

export { Entries };

const menuLabel = () =>
  translate({
    id: 'theme.bookplate.menu.label',
    message: 'Your account',
    description: 'What the button with the avatar in the navbar is called',
  });

function useCloseOutside(
  menu: RefObject<HTMLDetailsElement | null>,
  close: () => void,
): void {
  useEffect(() => {
    const pressed = ({ target }: PointerEvent) => {
      if (target instanceof Node && !menu.current?.contains(target)) {
        close();
      }
    };
    document.addEventListener('pointerdown', pressed);
    return () => document.removeEventListener('pointerdown', pressed);
  });
}

export default function Menu({ user }: { user: User | null }): ReactNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Escape' && menu.current?.open) {
      close();
      menu.current.querySelector('summary')?.focus();
    }
  };
  useCloseOutside(menu, close);
  return (
    <details
      ref={menu}
      className="bookplate-menu bookplate-signed-in"
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) {
          close();
        }
      }}
    >
      <summary aria-label={menuLabel()} title={menuLabel()}>
        <Avatar user={user} />
      </summary>
      <ul className="bookplate-menu__list clean-list">
        {user && (
          <li className="bookplate-menu__name">
            <bdi>{user.name || user.email}</bdi>
          </li>
        )}
        <Entries className="bookplate-menu__entry" onDone={close} />
      </ul>
    </details>
  );
}
