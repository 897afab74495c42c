// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import { afterSignUp, useGo } from 'docusaurus-theme-bookplate/client';
import Page from '@theme/Bookplate/Page';
import SignUp from '@theme/Bookplate/SignUp';

export default function SignUpPage(): ReactNode {
  const { search } = useLocation();
  const go = useGo();
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.signUp.title',
        message: 'Create an account',
        description: 'The title of the page to sign up',
      })}
    >
      <p>
        <Translate
          id="theme.bookplate.signUp.why"
          description="Above the form to sign up: what an account is for"
        >
          With an account the book fits your background and remembers your place
          on every device. Reading needs none.
        </Translate>
      </p>
      <SignUp onDone={() => go(afterSignUp(search))} />
    </Page>
  );
}
