// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { mailDeletion, useAttempt } from 'docusaurus-theme-bookplate/client';
import DangerButton from '@theme/Bookplate/Account/DangerButton';
import Said from '@theme/Bookplate/Account/Said';
import Problem from '@theme/Bookplate/Problem';

export default function ByMail({ email }: { email: string }): ReactNode {
  const { busy, problem, attempt } = useAttempt();
  const [sent, setSent] = useState(false);
  const send = async () => {
    setSent(false);
    setSent(await attempt(mailDeletion));
  };
  return (
    <>
      <Problem problem={problem} />
      <DangerButton type="button" disabled={busy} onClick={() => void send()}>
        <Translate
          id="theme.bookplate.account.delete.mail"
          description="Mails the link that deletes the account"
        >
          Send me the link that deletes it
        </Translate>
      </DangerButton>
      <Said>
        {sent && (
          <Translate
            id="theme.bookplate.account.delete.mailed"
            description="After the link that deletes the account was mailed"
            values={{ email }}
          >
            {
              'A link was sent to {email}. The account is deleted when you open it; until then nothing happens.'
            }
          </Translate>
        )}
      </Said>
    </>
  );
}
