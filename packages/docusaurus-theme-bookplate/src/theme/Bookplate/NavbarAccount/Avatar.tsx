// SPDX-License-Identifier: Apache-2.0
// The reader's picture, or the first letter of their name.
import type { ReactNode } from 'react';
import type { User } from 'docusaurus-theme-bookplate/client';

export interface Props {
  user: User | null;
}

export default function Avatar({ user }: Props): ReactNode {
  const initial = user ? (user.name || user.email).trim().charAt(0) : '';
  return (
    <span className="bookplate-avatar" aria-hidden="true">
      {user?.image ? <img src={user.image} alt="" /> : initial.toUpperCase()}
    </span>
  );
}
