// SPDX-License-Identifier: Apache-2.0
// Sends the link that verifies an address once more. The server limits how
// often; the button rests for a while so that nobody runs into that.
import { useEffect, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useLocation } from '@docusaurus/router';
import {
  accounts,
  afterVerifying,
  useAttempt,
} from 'docusaurus-theme-bookplate/client';

export interface Props {
  email: string;
}

const REST_MS = 30_000;

function useRest(): [boolean, () => void] {
  const [since, setSince] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setSince(0), since === 0 ? 0 : REST_MS);
    return () => clearTimeout(timer);
  }, [since]);
  return [since !== 0, () => setSince(Date.now())];
}

export default function ResendVerification({ email }: Props): ReactNode {
  const { search } = useLocation();
  const { attempt, busy, problem, fields } = useAttempt();
  const [resting, rest] = useRest();
  const send = async () => {
    const callbackURL = afterVerifying(search);
    if (
      !resting &&
      (await attempt(() => accounts.sendVerification({ email, callbackURL })))
    ) {
      rest();
    }
  };
  const refused = problem ?? Object.values(fields).join(' ');
  return (
    <div className="margin-bottom--md">
      <button
        type="button"
        className="button button--secondary button--sm"
        aria-busy={busy}
        aria-disabled={busy || resting}
        onClick={() => void send()}
      >
        <Translate
          id="theme.bookplate.verify.resend"
          description="The button that mails the link for an address again"
        >
          Send the link again
        </Translate>
      </button>
      <p role="status" className="margin-top--sm">
        {resting && (
          <Translate
            id="theme.bookplate.verify.resent"
            description="After the link for an address was mailed again"
            values={{ email: <bdi>{email}</bdi> }}
          >
            {
              'A new link is on its way to {email}. If it does not come within a minute, look among unwanted mail.'
            }
          </Translate>
        )}
        {refused}
      </p>
    </div>
  );
}
