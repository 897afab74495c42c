// SPDX-License-Identifier: Apache-2.0
// The invitation to say what one knows, for guests who have not. The style
// sheet hides it, by what stands on <html>, before anything is painted.
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { usePluralForm } from '@docusaurus/theme-common';
import { translate } from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { change, routeOf } from 'docusaurus-theme-bookplate/client';

function dismiss(): void {
  change(() => ({ dismissed: true }));
  document.documentElement.dataset.bookplateDismissed = '';
}

function Dismiss(): ReactNode {
  return (
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
  );
}

export interface Props {
  /** The page it stands on, where the reader comes back to. */
  page: string;
}

export default function GuestBar({ page }: Props): ReactNode {
  const { selectMessage } = usePluralForm();
  const { localizedBase, questions } = options;
  if (questions === 0) {
    return null;
  }
  const to = encodeURIComponent(localizedBase + page.slice(1));
  const words = translate(
    {
      id: 'theme.bookplate.guest.invitation',
      message:
        'Fit this book to your background: 1 question, no account|Fit this book to your background: {count} questions, no account',
      description: 'The slim bar above a chapter, for guests; plural forms',
    },
    { count: questions },
  );
  return (
    <div className="bookplate-guest">
      <Link to={routeOf('welcome', `to=${to}`)}>
        {selectMessage(questions, words)}
      </Link>
      <Dismiss />
    </div>
  );
}
