// SPDX-License-Identifier: Apache-2.0
// Who reads. The one store of the page needs no provider; the first render is
// the same as the static HTML.
import { useSyncExternalStore } from 'react';

import {
  getServerState,
  getState,
  subscribe,
  type State,
  type Status,
} from '../../core/book';
import type { GuestData, User } from '../../core/local';

export function useStore(): State {
  return useSyncExternalStore(subscribe, getState, getServerState);
}

export interface Bookplate {
  status: Status;
  /** Who is signed in, or was until a moment ago. */
  user: User | null;
  /** Their session is over. */
  ended: boolean;
  /** What was answered and read before signing in, to be kept or dropped. */
  guest: GuestData | null;
}

export function useBookplate(): Bookplate {
  const { status, ended, local } = useStore();
  return { status, ended, user: local.user, guest: local.guest };
}
