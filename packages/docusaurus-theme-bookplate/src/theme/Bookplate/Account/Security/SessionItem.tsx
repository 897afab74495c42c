// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import { useDates, type Session } from 'docusaurus-theme-bookplate/client';

import { deviceOf } from './device';
import styles from './styles.module.css';

export interface Props {
  session: Session;
  /** It is this browser's. */
  isHere: boolean;
  busy: boolean;
  onEnd(): void;
}

function deviceName(userAgent: string | null): string {
  const { browser, system } = deviceOf(userAgent);
  if (browser && system) {
    return translate(
      {
        id: 'theme.bookplate.account.sessions.device',
        message: '{browser} on {system}',
        description: 'A browser and its system, as in "Firefox on Linux"',
      },
      { browser, system },
    );
  }
  return (
    browser ??
    system ??
    translate({
      id: 'theme.bookplate.account.sessions.unknown',
      message: 'Another program',
      description: 'A session of a program that says nothing of itself',
    })
  );
}

function Facts({ session }: { session: Session }): ReactNode {
  const { moment } = useDates();
  return (
    <span className={styles.facts}>
      {session.ipAddress && <bdi>{session.ipAddress}</bdi>}
      <span>
        <Translate
          id="theme.bookplate.account.sessions.used"
          description="When a session was used last, or was extended"
          values={{ when: moment(session.updatedAt) }}
        >
          {'last used {when}'}
        </Translate>
      </span>
    </span>
  );
}

export default function SessionItem(props: Props): ReactNode {
  const { session, isHere, busy, onEnd } = props;
  const name = deviceName(session.userAgent);
  const label = translate(
    {
      id: 'theme.bookplate.account.sessions.endNamed',
      message: 'Sign out {device}',
      description: 'What the button beside a session is called',
    },
    { device: name },
  );
  return (
    <li className={styles.session}>
      <span>
        <strong>
          <bdi>{name}</bdi>
        </strong>{' '}
        {isHere && (
          <span className={styles.here}>
            <Translate
              id="theme.bookplate.account.sessions.here"
              description="Marks the session of this browser"
            >
              this device
            </Translate>
          </span>
        )}
        <Facts session={session} />
      </span>
      {!isHere && (
        <button
          type="button"
          className="button button--secondary button--sm"
          aria-label={label}
          disabled={busy}
          onClick={onEnd}
        >
          <Translate
            id="theme.bookplate.account.sessions.end"
            description="Signs out one other device"
          >
            Sign out
          </Translate>
        </button>
      )}
    </li>
  );
}
