// SPDX-License-Identifier: Apache-2.0
// The theme's own pages. Each is a chunk of its own.
import type { PluginContentLoadedActions } from '@docusaurus/types';

import type { ClientOptions } from '../core/options';

const PAGES = {
  'sign-in': 'SignInPage',
  'sign-up': 'SignUpPage',
  'forgot-password': 'ForgotPasswordPage',
  'reset-password': 'ResetPasswordPage',
  'verify-email': 'VerifyEmailPage',
  welcome: 'WelcomePage',
  account: 'AccountPage',
  dashboard: 'DashboardPage',
};

export function addRoutes(
  { localizedBase, routeBase }: ClientOptions,
  addRoute: PluginContentLoadedActions['addRoute'],
): void {
  for (const [page, component] of Object.entries(PAGES)) {
    addRoute({
      path: `${localizedBase}${routeBase.slice(1)}${page}`,
      component: `@theme/Bookplate/${component}`,
      exact: true,
    });
  }
}
