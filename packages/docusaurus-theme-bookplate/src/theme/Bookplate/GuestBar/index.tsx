// SPDX-License-Identifier: Apache-2.0
// The invitation to say what one knows, for guests who have not. The style
// sheet hides it, by what stands on <html>, before anything is painted.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import { change, routeOf } from 'docusaurus-theme-bookplate/client';

function dismiss(): void {
  change(() => ({ dismissed: true }));
  document.documentElement.dataset.bookplateDismissed = '';
}

export default function GuestBar(): ReactNode {
  return (
    <div className="bookplate-guest">
      <Link to={routeOf('welcome')}>
        <Translate
          id="theme.bookplate.guest.invitation"
          description="The slim bar above a chapter, for guests"
        >
          Fit this book to your background: 3 questions, no account
        </Translate>
      </Link>
      <button
        type="button"
        className="close clean-btn"
        aria-label={translate({
          id: 'theme.bookplate.guest.dismiss',
          message: 'Hide this invitation',
          description: 'The button that hides the slim bar for guests',
        })}
        onClick={dismiss}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
