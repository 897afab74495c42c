// SPDX-License-Identifier: Apache-2.0
// The ways to sign in that the screens know, by the names the server offers
// them under. One that is not here is not shown.
import type { ComponentType } from 'react';
import type { Entry, Offers } from 'docusaurus-theme-bookplate/client';
import SignInWithPassword from '@theme/Bookplate/SignInWithPassword';
import SignUpWithPassword from '@theme/Bookplate/SignUpWithPassword';

export interface MethodProps {
  offers: Offers;
  /** Runs what lets the reader in. */
  enter: Entry['enter'];
}

export interface Method {
  SignIn: ComponentType<MethodProps>;
  /** Where signing up is something else than signing in. */
  SignUp?: ComponentType<MethodProps>;
}

const METHODS: Record<string, Method> = {
  password: { SignIn: SignInWithPassword, SignUp: SignUpWithPassword },
};

export default METHODS;
