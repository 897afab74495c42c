// SPDX-License-Identifier: Apache-2.0
// What screens do with accounts. Two things stand behind it: tiny.ts, which is
// the default, and official.ts, on the site's own better-auth. The build
// chooses by the option `client`; nobody else imports either of them.

export interface Session {
  id: string;
  token: string;
  userAgent: string | null;
  ipAddress: string | null;
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
}

export interface Accounts {
  /** Gives whether a session was opened too. The mailed link, if there is
   * one, leads to `callbackURL`. */
  signUp(by: {
    name: string;
    email: string;
    password: string;
    callbackURL: string;
  }): Promise<boolean>;
  signIn(by: {
    email: string;
    password: string;
    rememberMe: boolean;
  }): Promise<void>;
  signOut(): Promise<void>;
  /** Mails a link that leads to `redirectTo` with ?token=. */
  requestReset(by: { email: string; redirectTo: string }): Promise<void>;
  resetPassword(by: { token: string; newPassword: string }): Promise<void>;
  sendVerification(by: { email: string; callbackURL: string }): Promise<void>;
  changePassword(by: {
    currentPassword: string;
    newPassword: string;
    revokeOtherSessions: boolean;
  }): Promise<void>;
  changeEmail(by: { newEmail: string; callbackURL: string }): Promise<void>;
  updateUser(by: { name?: string; image?: string | null }): Promise<void>;
  sessions(): Promise<Session[]>;
  /** The session of this browser. */
  currentSession(): Promise<Session | null>;
  revokeSession(by: { token: string }): Promise<void>;
  revokeOtherSessions(): Promise<void>;
  deleteAccount(by: { password?: string; callbackURL: string }): Promise<void>;
}
