// SPDX-License-Identifier: Apache-2.0
// The e-mail address, whether it was verified, and how to change that.
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import {
  accounts,
  addressOf,
  asReader,
  useAttempt,
  type Loaded,
  type Offers,
  type User,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import Problem from '@theme/Bookplate/Problem';

import ChangeEmail from './ChangeEmail';
import styles from './styles.module.css';

function State({ verified }: { verified: boolean }): ReactNode {
  return (
    <span className={styles.state}>
      {verified ? (
        <Translate
          id="theme.bookplate.account.email.verified"
          description="Behind an e-mail address whose link was opened"
        >
          verified
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.account.email.unverified"
          description="Behind an e-mail address whose link was not opened"
        >
          not verified
        </Translate>
      )}
    </span>
  );
}

function SendLink({ email }: { email: string }): ReactNode {
  const { busy, problem, fields, attempt } = useAttempt();
  const [sent, setSent] = useState(false);
  const send = async () => {
    setSent(false);
    const callbackURL = addressOf('verify-email');
    setSent(
      await attempt(() =>
        asReader(() => accounts.sendVerification({ email, callbackURL })),
      ),
    );
  };
  return (
    <>
      <Problem problem={problem ?? fields.email ?? null} />
      <button
        type="button"
        className="button button--secondary button--sm"
        disabled={busy}
        onClick={() => void send()}
      >
        <Translate
          id="theme.bookplate.account.email.send"
          description="Mails the link that verifies the address"
        >
          Send me the link that verifies it
        </Translate>
      </button>
      <Said>
        {sent && (
          <Translate
            id="theme.bookplate.account.email.sent"
            description="After the link was mailed"
            values={{ email }}
          >
            {'A link is on its way to {email}.'}
          </Translate>
        )}
      </Said>
    </>
  );
}

export interface Props {
  user: User;
  offers: Loaded<Offers>;
}

export default function Email({ user, offers }: Props): ReactNode {
  const { email, email_verified: verified } = user;
  return (
    <>
      <h3>
        <Translate
          id="theme.bookplate.account.email"
          description="Heading above the e-mail address"
        >
          E-mail address
        </Translate>
      </h3>
      <p>
        <bdi className={styles.address}>{email}</bdi>{' '}
        {verified !== undefined && <State verified={verified} />}
      </p>
      {verified === false && offers && offers.verify_email !== 'off' && (
        <SendLink email={email} />
      )}
      {offers?.change_email && <ChangeEmail />}
    </>
  );
}
