// SPDX-License-Identifier: Apache-2.0
// The server does not answer: what that means here, and a way to ask again. It
// asks by itself when the browser is back on the network.
import { useEffect, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

export interface Props {
  onAgain(): void;
  /** What has to wait, in place of the usual sentence. */
  children?: ReactNode;
}

export default function OfflineNote({ onAgain, children }: Props): ReactNode {
  useEffect(() => {
    window.addEventListener('online', onAgain);
    return () => window.removeEventListener('online', onAgain);
  }, [onAgain]);
  return (
    <div className="alert alert--warning margin-bottom--md" role="alert">
      <p>
        <Translate
          id="theme.bookplate.offline.note"
          description="On a page of the theme, when the server does not answer"
        >
          The server does not answer.
        </Translate>{' '}
        {children ?? (
          <Translate
            id="theme.bookplate.offline.reading"
            description="After: The server does not answer."
          >
            You can read the whole book all the same; accounts have to wait.
          </Translate>
        )}
      </p>
      <button
        type="button"
        className="button button--secondary"
        onClick={onAgain}
      >
        <Translate
          id="theme.bookplate.offline.again"
          description="The button that asks a server again"
        >
          Try again
        </Translate>
      </button>
    </div>
  );
}
