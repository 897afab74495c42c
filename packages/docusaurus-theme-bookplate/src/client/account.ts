// SPDX-License-Identifier: Apache-2.0
// Signing up, in and out: the account's part, then what it means for this page.
// Only the theme's own pages load this.
import { accounts } from '@bookplate/accounts';

import { dropGuest, keepGuest } from '../core/answers';
import { ApiError } from '../core/api';
import { change, getState } from '../core/book';
import { api, asReader, forget, refresh } from '../core/server';
import { sendProgress } from '../core/progress';
import { addressOf } from './ways';

export { accounts, asReader };
export type { Session } from '../core/accounts/accounts';

/**
 * Learns who is signed in now. A cookie that another site's page may not send
 * leaves nobody: where that is allowed, a bearer takes its place.
 */
async function arrive(keep: boolean): Promise<void> {
  change(() => ({ leaving: false })); // it is a new session's cookie now
  let status = await refresh();
  if (status === 'out' && api().mayFallBack && api().keepToken(true)) {
    status = await refresh();
  }
  if (status === 'offline') {
    throw new ApiError(0, { code: 'UNREACHABLE', message: '' });
  }
  if (status === 'out') {
    throw new ApiError(401, { code: 'COOKIES_BLOCKED', message: '' });
  }
  if (keep) {
    // The account is there whatever becomes of this: the offer stays open.
    await keepGuest().catch(() => undefined);
  } else {
    dropGuest();
  }
}

/** `keep`: what was answered and read as a guest goes with the account. */
export async function signIn(
  by: { email: string; password: string; rememberMe: boolean },
  keep: boolean,
): Promise<void> {
  await accounts.signIn(by);
  await arrive(keep);
}

/** Made here a moment ago, though nothing was heard of its reader since. */
let made: string | null = null;

/**
 * Gives false when the account was made and nobody is signed in yet: the
 * address has to be verified before, by a link that leads to `callbackURL`.
 */
export async function signUp(
  by: { name: string; email: string; password: string; callbackURL: string },
  keep: boolean,
): Promise<boolean> {
  const { email, password } = by;
  if (made === email) {
    await accounts.signIn({ email, password, rememberMe: true });
  } else if (!(await accounts.signUp(by))) {
    return false;
  }
  made = email;
  await arrive(keep);
  made = null;
  return true;
}

/**
 * Forgets the account in this browser even when the server is away, which then
 * is told before anything else it is asked.
 */
export async function signOut(): Promise<void> {
  let told = false;
  try {
    await sendProgress(); // what was read last is the account's
    await accounts.signOut();
    told = true;
  } finally {
    forget(!told);
  }
}

/**
 * Opens a fresh session in the place of this browser's, which some things need.
 * What is on the page stays there.
 */
export async function signInAgain(password: string): Promise<void> {
  const email = getState().local.user?.email ?? '';
  const before = await accounts.currentSession().catch(() => null);
  await accounts.signIn({ email, password, rememberMe: true });
  if ((await refresh()) === 'offline') {
    throw new ApiError(0, { code: 'UNREACHABLE', message: '' });
  }
  if (before) {
    const { token } = before;
    await accounts.revokeSession({ token }).catch(() => undefined);
  }
}

/** The account is gone when this comes back, and so is what was here of it. */
export async function deleteAccount(password: string): Promise<void> {
  const callbackURL = addressOf('account');
  await asReader(() => accounts.deleteAccount({ password, callbackURL }));
  forget();
}

/** Mails a link; whoever opens it deletes the account and arrives here. */
export async function mailDeletion(): Promise<void> {
  const callbackURL = `${addressOf('account')}?deleted=1`;
  await asReader(() => accounts.deleteAccount({ callbackURL }));
}
