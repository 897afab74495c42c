// SPDX-License-Identifier: Apache-2.0
// Accounts by plain requests: what the screens need of Better Auth's protocol.
import { ApiError, type Ask } from '../api';
import { api } from '../server';
import type { Accounts, Session } from './accounts';

/** Another service that keeps the accounts; the server told where it is. */
let elsewhere: string | null = null;

async function ask<T>(path: string, how: Ask = {}): Promise<T> {
  const base = elsewhere ?? api().options.authPath;
  try {
    return await api().ask<T>(base + path, how);
  } catch (error) {
    const isNews =
      elsewhere === null &&
      error instanceof ApiError &&
      error.code === 'ACCOUNTS_ELSEWHERE';
    if (!isNews || error.fields.accounts === undefined) {
      throw error;
    }
    elsewhere = error.fields.accounts;
    return ask(path, how);
  }
}

/** Better Auth reads a body of every POST: an empty one is {}. */
async function post(path: string, body: object = {}): Promise<void> {
  await ask(path, { method: 'POST', body });
}

export const accounts: Accounts = {
  async signUp(body) {
    const how: Ask = { method: 'POST', body };
    const { token } = await ask<{ token: string | null }>(
      '/sign-up/email',
      how,
    );
    return token !== null;
  },
  signIn: (by) => post('/sign-in/email', by),
  signOut: () => post('/sign-out'),
  requestReset: (by) => post('/request-password-reset', by),
  resetPassword: (by) => post('/reset-password', by),
  sendVerification: (by) => post('/send-verification-email', by),
  changePassword: (by) => post('/change-password', by),
  changeEmail: (by) => post('/change-email', by),
  updateUser: (by) => post('/update-user', by),
  sessions: () => ask<Session[]>('/list-sessions'),
  async currentSession() {
    const found = await ask<{ session: Session } | null>('/get-session');
    return found?.session ?? null;
  },
  revokeSession: (by) => post('/revoke-session', by),
  revokeOtherSessions: () => post('/revoke-other-sessions'),
  deleteAccount: (by) => post('/delete-user', by),
};
