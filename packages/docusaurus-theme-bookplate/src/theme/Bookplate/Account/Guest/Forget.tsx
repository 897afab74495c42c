// SPDX-License-Identifier: Apache-2.0
// Forgetting asks once more, in place: it cannot be taken back.
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useStore } from 'docusaurus-theme-bookplate/client';
import DangerButton from '@theme/Bookplate/Account/DangerButton';

function Sure(props: { onForget(): void; onKeep(): void }): ReactNode {
  return (
    <div role="group" className="alert alert--warning">
      <p>
        <Translate
          id="theme.bookplate.account.guest.sure"
          description="Asked before the browser forgets a guest"
        >
          Answers and progress of this browser go, and cannot be brought back.
        </Translate>
      </p>
      <button
        type="button"
        className="button button--secondary button--sm"
        // The button before is gone; this one does no harm.
        autoFocus
        onClick={props.onKeep}
      >
        <Translate
          id="theme.bookplate.account.guest.dont"
          description="Does not forget"
        >
          Keep them
        </Translate>
      </button>{' '}
      <DangerButton small type="button" onClick={props.onForget}>
        <Translate
          id="theme.bookplate.account.guest.do"
          description="Forgets, for good"
        >
          Forget them
        </Translate>
      </DangerButton>
    </div>
  );
}

export default function Forget({ onForget }: { onForget(): void }): ReactNode {
  const { answers, progress, version, pages, dismissed } = useStore().local;
  const [asking, setAsking] = useState(false);
  const kept = [answers, progress, pages].some(
    (part) => Object.keys(part).length > 0,
  );
  if (!kept && version === null && !dismissed) {
    return null;
  }
  if (asking) {
    return (
      <Sure
        onKeep={() => setAsking(false)}
        onForget={() => {
          setAsking(false);
          onForget();
        }}
      />
    );
  }
  return (
    <button
      type="button"
      className="button button--secondary"
      onClick={() => setAsking(true)}
    >
      <Translate
        id="theme.bookplate.account.guest.forget"
        description="Forgets everything that this browser keeps"
      >
        Forget everything in this browser
      </Translate>
    </button>
  );
}
