// SPDX-License-Identifier: Apache-2.0
// Where the reader is signed in, and signing out there.
import { useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import {
  accounts,
  asReader,
  useAttempt,
  type Session,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import SignInAgain from '@theme/Bookplate/Account/SignInAgain';
import Problem from '@theme/Bookplate/Problem';

import SessionItem from './SessionItem';
import styles from './styles.module.css';
import { useSessions, type Found } from './useSessions';

function Stale({ onDone }: { onDone(): void }): ReactNode {
  return (
    <SignInAgain onDone={onDone}>
      <Translate
        id="theme.bookplate.account.sessions.stale"
        description="Before the list of devices, when the sign-in was long ago"
      >
        You signed in here some time ago. To see and end your sessions, show
        that it is you.
      </Translate>
    </SignInAgain>
  );
}

function Away({ again }: { again(): void }): ReactNode {
  return (
    <>
      <p>
        <Translate
          id="theme.bookplate.account.sessions.away"
          description="In place of the list of devices"
        >
          Your sessions could not be asked for.
        </Translate>
      </p>
      <button
        type="button"
        className="button button--secondary button--sm"
        onClick={again}
      >
        <Translate
          id="theme.bookplate.account.tryAgain"
          description="Asks the server once more"
        >
          Try again
        </Translate>
      </button>
    </>
  );
}

interface ListProps {
  found: Extract<Found, { state: 'there' }>;
  again(): Promise<void>;
}

function Ended({ count }: { count: number }): ReactNode {
  return (
    <Said>
      {count > 0 && (
        <Translate
          id="theme.bookplate.account.sessions.ended"
          description="After one or more sessions were ended"
          values={{ count }}
        >
          {'Signed out there. Sessions ended: {count}.'}
        </Translate>
      )}
    </Said>
  );
}

function List({ found, again }: ListProps): ReactNode {
  const { busy, problem, attempt } = useAttempt();
  const [ended, setEnded] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const { sessions, here } = found;
  const others = sessions.filter(({ token }) => token !== here);
  const end = async (which: Session[], act: () => Promise<void>) => {
    setEnded(0);
    if (await attempt(() => asReader(act))) {
      await again();
      setEnded(which.length);
      list.current?.focus(); // the button that had the focus is gone
    }
  };
  return (
    <>
      <Problem problem={problem} />
      <ul ref={list} className={`clean-list ${styles.list}`} tabIndex={-1}>
        {sessions.map((session) => (
          <SessionItem
            key={session.id}
            session={session}
            isHere={session.token === here}
            busy={busy}
            onEnd={() =>
              void end([session], () =>
                accounts.revokeSession({ token: session.token }),
              )
            }
          />
        ))}
      </ul>
      {others.length > 0 && (
        <button
          type="button"
          className="button button--secondary"
          disabled={busy}
          onClick={() => void end(others, () => accounts.revokeOtherSessions())}
        >
          <Translate
            id="theme.bookplate.account.sessions.endOthers"
            description="Signs out all other devices"
          >
            Sign out everywhere else
          </Translate>
        </button>
      )}
      <Ended count={ended} />
    </>
  );
}

export default function Sessions(): ReactNode {
  const [found, again] = useSessions();
  return (
    <>
      <h3 className="margin-top--md">
        <Translate
          id="theme.bookplate.account.sessions"
          description="Heading of the list of devices"
        >
          Where you are signed in
        </Translate>
      </h3>
      {found.state === 'stale' && <Stale onDone={() => void again()} />}
      {found.state === 'away' && <Away again={() => void again()} />}
      {found.state === 'there' && <List found={found} again={again} />}
    </>
  );
}
