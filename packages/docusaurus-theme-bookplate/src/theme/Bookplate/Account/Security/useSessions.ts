// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useState } from 'react';
import {
  ApiError,
  accounts,
  asReader,
  type Session,
} from 'docusaurus-theme-bookplate/client';

/** What is known of where the reader is signed in. */
export type Found =
  | { state: 'asking' | 'stale' | 'away' }
  | { state: 'there'; sessions: Session[]; here: string };

function byUse(one: Session, other: Session): number {
  return Date.parse(other.updatedAt) - Date.parse(one.updatedAt);
}

async function ask(): Promise<Found> {
  try {
    const [all, current] = await asReader(() =>
      Promise.all([accounts.sessions(), accounts.currentSession()]),
    );
    const here = current?.token ?? '';
    const others = all.filter(({ token }) => token !== here).sort(byUse);
    const own = all.filter(({ token }) => token === here);
    return { state: 'there', sessions: [...own, ...others], here };
  } catch (error) {
    const isStale =
      error instanceof ApiError && error.code === 'SESSION_NOT_FRESH';
    return { state: isStale ? 'stale' : 'away' };
  }
}

/** Where the reader is signed in, and a way to ask again. */
export function useSessions(): [Found, () => Promise<void>] {
  const [found, setFound] = useState<Found>({ state: 'asking' });
  const again = useCallback(async () => setFound(await ask()), []);
  useEffect(() => {
    let current = true;
    void ask().then((answer) => current && setFound(answer));
    return () => {
      current = false;
    };
  }, []);
  return [found, again];
}
