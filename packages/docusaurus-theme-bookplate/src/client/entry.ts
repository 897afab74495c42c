// SPDX-License-Identifier: Apache-2.0
// What the screens around signing in have in common: the address typed on one
// is there on the next, and a form stays while the reader is being let in.
import { useState } from 'react';

import { getState } from '../core/book';
import { hasData } from '../core/guest';
import { type GuestData, type Local } from '../core/local';
import { useStore } from './hooks/useBookplate';
import { keepingWayBack } from './routes';
import { wayBack } from './ways';

/** For as long as the page lives: never in an address, never stored. */
let lastEmail = '';

/** Begins with the address of who was signed in until a moment ago. */
export function useTypedEmail(): [string, (email: string) => void] {
  const [email, setEmail] = useState(
    () => lastEmail || (getState().local.user?.email ?? ''),
  );
  return [
    email,
    (typed) => {
      lastEmail = typed;
      setEmail(typed);
    },
  ];
}

export interface Entry {
  /** Being let in: the store knows the reader already, the form stays. */
  entering: boolean;
  enter(act: () => Promise<boolean | void>): Promise<void>;
}

/** `act` says false when the reader is not in yet; `onDone` follows when in. */
export function useEntry(onDone?: () => void): Entry {
  const [entering, setEntering] = useState(false);
  return {
    entering,
    async enter(act) {
      setEntering(true);
      let isIn = false;
      try {
        isIn = (await act()) !== false;
      } finally {
        setEntering(isIn && onDone !== undefined);
      }
      if (isIn) {
        onDone?.();
      }
    },
  };
}

export interface Kept {
  answers: number;
  pages: number;
}

export function guestDataOf(local: Local): GuestData | null {
  return local.owner === null && hasData(local) ? local : local.guest;
}

/** How much a guest left in this browser that an account could keep. */
export function useKept(): Kept {
  const guest = guestDataOf(useStore().local);
  const pages = Object.values(guest?.progress ?? {});
  return {
    answers: Object.keys(guest?.answers ?? {}).length,
    pages: pages.filter(({ state }) => state !== 'unread').length,
  };
}

/** Where a new reader goes: to the questions, unless they are answered. */
export function afterSignUp(search: string): string {
  return getState().profile?.complete === false
    ? keepingWayBack('welcome', search)
    : wayBack(search);
}
