// SPDX-License-Identifier: Apache-2.0
// Whoever signed in and had answers or progress as a guest is asked what is to
// become of them. Nothing is taken over, and nothing thrown away, unasked.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import {
  countNew,
  dropGuest,
  keepGuest,
  useAttempt,
  useStore,
} from 'docusaurus-theme-bookplate/client';

import Agree from './Agree';
import { useAmount } from './useAmount';
import styles from './styles.module.css';

export interface Props {
  /** At the foot of the window, so that the text below does not move. */
  floating?: boolean;
}

type Done = 'kept' | 'dropped';

/** How long the last word stays over a chapter. */
const SHOWN_MS = 4000;

function Result({ done, onOver }: { done: Done; onOver?: () => void }) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    text.current?.focus();
    const timer = onOver && setTimeout(onOver, SHOWN_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once
  }, []);
  return (
    <p ref={text} tabIndex={-1} role="status" className={styles.result}>
      {done === 'kept' ? (
        <Translate
          id="theme.bookplate.offer.kept"
          description="After a guest's answers were kept"
        >
          Kept. They belong to your account now.
        </Translate>
      ) : (
        <Translate
          id="theme.bookplate.offer.dropped"
          description="After a guest's answers were thrown away"
        >
          Discarded. Your account is as it was.
        </Translate>
      )}
    </p>
  );
}

export interface AskProps {
  amount: string;
  onDone(done: Done): void;
}

function Ask({ amount, onDone }: AskProps): ReactNode {
  const { attempt, busy, problem, fields } = useAttempt();
  const [consent, setConsent] = useState<string>();
  const keep = async () => {
    if (await attempt(() => keepGuest(consent))) {
      onDone('kept');
    }
  };
  const drop = () => {
    dropGuest();
    onDone('dropped');
  };
  const asksConsent = 'consent' in fields;
  return (
    <>
      <p className={styles.question}>
        <b>
          <Translate
            id="theme.bookplate.offer.ask"
            description="To readers who had answers before they signed in; {amount} is like '4 answers and 2 chapters'"
            values={{ amount }}
          >
            {'Keep {amount}?'}
          </Translate>
        </b>{' '}
        <Translate
          id="theme.bookplate.offer.from"
          description="Behind 'Keep 4 answers and 2 chapters?'"
        >
          They were left in this browser before you signed in.
        </Translate>
      </p>
      {(asksConsent || consent) && (
        <Agree agreed={consent !== undefined} onAgree={setConsent} />
      )}
      <p role="alert" className={styles.problem}>
        {problem ?? (asksConsent ? null : Object.values(fields).join(' '))}
      </p>
      <div className={styles.ways}>
        <button
          type="button"
          className="button button--primary button--sm"
          aria-disabled={busy || undefined}
          onClick={() => void keep()}
        >
          <Translate
            id="theme.bookplate.offer.keep"
            description="Keeps what was answered and read as a guest"
          >
            Keep
          </Translate>
        </button>
        <button
          type="button"
          className="button button--secondary button--sm"
          onClick={drop}
        >
          <Translate
            id="theme.bookplate.offer.drop"
            description="Throws away what was answered and read as a guest"
          >
            Discard
          </Translate>
        </button>
      </div>
    </>
  );
}

export default function GuestOffer({ floating }: Props): ReactNode {
  const { status, local } = useStore();
  const [done, setDone] = useState<Done | null>(null);
  const { guest } = local;
  const asks = status === 'in' && guest !== null;
  const news = guest ? countNew(guest, local) : { answers: 0, chapters: 0 };
  const amount = useAmount(news);
  const isEmpty = asks && amount === '';
  useEffect(() => {
    if (isEmpty && done === null) {
      dropGuest(); // the account has all of it
    }
  }, [isEmpty, done]);
  if (done === null && (!asks || isEmpty)) {
    return null;
  }
  return (
    <aside className={floating ? styles.floating : styles.offer}>
      {done ? (
        <Result
          done={done}
          onOver={floating ? () => setDone(null) : undefined}
        />
      ) : (
        <Ask amount={amount} onDone={setDone} />
      )}
    </aside>
  );
}
