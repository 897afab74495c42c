// SPDX-License-Identifier: Apache-2.0
// Accounts by plain requests: what the screens need of Better Auth's protocol.
import { api } from '../server';
import type { Accounts, Session } from './accounts';

const at = (path: string) => `${api().options.authPath}${path}`;

/** Better Auth reads a body of every POST: an empty one is {}. */
async function post(path: string, body: object = {}): Promise<void> {
  await api().ask(at(path), { method: 'POST', body });
}

export const accounts: Accounts = {
  async signUp(body) {
    const path = at('/sign-up/email');
    const { token } = await api().ask<{ token: string | null }>(path, {
      method: 'POST',
      body,
    });
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
  sessions: () => api().ask<Session[]>(at('/list-sessions')),
  async currentSession() {
    const found = await api().ask<{ session: Session } | null>(
      at('/get-session'),
    );
    return found?.session ?? null;
  },
  revokeSession: (by) => post('/revoke-session', by),
  revokeOtherSessions: () => post('/revoke-other-sessions'),
  deleteAccount: (by) => post('/delete-user', by),
};
