// SPDX-License-Identifier: Apache-2.0
// Accounts by the site's own better-auth, so that the plugins of its client
// come along. The build puts this file in the place of tiny.ts when the option
// `client` is 'better-auth'; better-auth is then a dependency of the site.
import { createAuthClient } from 'better-auth/react';

import { ApiError, type Refusal } from '../api';
import { api } from '../server';
import type { Accounts, Session } from './accounts';

interface Result<T> {
  data: T;
  error: ({ status?: number } & Partial<Refusal>) | null;
}

function makeClient() {
  const { server, authPath, credentials, timeoutMs } = api().options;
  return createAuthClient({
    baseURL: server || location.origin,
    basePath: authPath,
    fetchOptions: {
      credentials: credentials === 'bearer' ? 'omit' : 'include',
      timeout: timeoutMs,
      onRequest: ({ headers }: { headers: Headers }) => {
        Object.entries(api().headers()).forEach(([name, value]) =>
          headers.set(name, value),
        );
      },
      onSuccess: ({ response }: { response: Response }) =>
        api().noteToken(response.headers),
    },
  });
}

let made: ReturnType<typeof makeClient> | undefined;

/**
 * The official client, for plugins and for whoever wants its own hooks. Made
 * when it is first asked for: a build that renders pages has no address.
 */
export function authClient(): ReturnType<typeof makeClient> {
  made ??= makeClient();
  return made;
}

/** The client's answer as everybody else's: what it gave, or an ApiError. */
async function given<T>(asked: Promise<Result<T>>): Promise<T> {
  const { data, error } = await asked.catch(() => ({
    data: null as T,
    error: { status: 0 } as Result<T>['error'],
  }));
  if (error) {
    const { status = 0, code = 'UNREACHABLE', message = '' } = error;
    throw new ApiError(status, { code, message });
  }
  return data;
}

async function done(asked: Promise<Result<unknown>>): Promise<void> {
  await given(asked);
}

export const accounts: Accounts = {
  signUp: async (by) =>
    (await given<{ token: string | null }>(authClient().signUp.email(by)))
      .token !== null,
  signIn: (by) => done(authClient().signIn.email(by)),
  signOut: () => done(authClient().signOut()),
  requestReset: (by) => done(authClient().requestPasswordReset(by)),
  resetPassword: (by) => done(authClient().resetPassword(by)),
  sendVerification: (by) => done(authClient().sendVerificationEmail(by)),
  changePassword: (by) => done(authClient().changePassword(by)),
  changeEmail: (by) => done(authClient().changeEmail(by)),
  updateUser: (by) => done(authClient().updateUser(by)),
  sessions: () => given<Session[]>(authClient().listSessions()),
  currentSession: async () =>
    (await given<{ session: Session } | null>(authClient().getSession()))
      ?.session ?? null,
  revokeSession: (by) => done(authClient().revokeSession(by)),
  revokeOtherSessions: () => done(authClient().revokeOtherSessions()),
  deleteAccount: (by) => done(authClient().deleteUser(by)),
};
