// SPDX-License-Identifier: Apache-2.0
// Where the mailed link that verifies an address leads: ?verified=1, with an
// error when that failed. Opened by hand, it sends such a link.
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import useIsBrowser from '@docusaurus/useIsBrowser';
import Page from '@theme/Bookplate/Page';

import NewLink from './NewLink';
import Verified from './Verified';

export default function VerifyEmailPage(): ReactNode {
  const asked = new URLSearchParams(useLocation().search);
  const inBrowser = useIsBrowser();
  const error = inBrowser ? asked.get('error') : null;
  const verified = inBrowser && asked.has('verified') && error === null;
  return (
    <Page
      title={translate({
        id: 'theme.bookplate.verify.title',
        message: 'Your e-mail address',
        description: 'The title of the page where an address is verified',
      })}
    >
      {verified ? <Verified /> : <NewLink error={error} />}
    </Page>
  );
}
