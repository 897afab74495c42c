// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { useGo, wayBack } from 'docusaurus-theme-bookplate/client';
import Page from '@theme/Bookplate/Page';
import SignIn from '@theme/Bookplate/SignIn';

/** Where the page for a new password leads to: ?changed=password. */
function Changed(): ReactNode {
  const { search } = useLocation();
  const changed = new URLSearchParams(search).get('changed');
  return useIsBrowser() && changed === 'password' ? (
    <div className="alert alert--success margin-bottom--md" role="status">
      <Translate
        id="theme.bookplate.signIn.changed"
        description="On the page to sign in, after a new password was set"
      >
        Your password was changed. Sign in with the new one.
      </Translate>
    </div>
  ) : null;
}

export default function SignInPage(): ReactNode {
  const { search } = useLocation();
  const go = useGo();
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.signIn.title',
        message: 'Sign in',
        description: 'The title of the page to sign in',
      })}
    >
      <Changed />
      <SignIn onDone={() => go(wayBack(search))} />
    </Page>
  );
}
