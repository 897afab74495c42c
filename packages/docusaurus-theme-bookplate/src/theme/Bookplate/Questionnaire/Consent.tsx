// SPDX-License-Identifier: Apache-2.0
// What readers with an account are asked to agree to. What was agreed to once
// is said, and not asked again.
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

import styles from './styles.module.css';

export interface Props {
  text: string;
  required: boolean;
  agreed: boolean;
  onAgree(): Promise<void>;
}

export default function Consent(props: Props): ReactNode {
  const { text, required, agreed, onAgree } = props;
  const [sending, setSending] = useState(false);
  const agree = async () => {
    setSending(true);
    await onAgree().finally(() => setSending(false));
  };
  return (
    <div className={styles.consent}>
      <label>
        <input
          type="checkbox"
          name="consent"
          checked={agreed || sending}
          aria-disabled={agreed || undefined}
          onChange={() => {
            if (!agreed) {
              void agree();
            }
          }}
        />
        <span dir="auto">{text}</span>
      </label>
      {required && !agreed && (
        <p>
          <Translate
            id="theme.bookplate.consent.required"
            description="Below a consent without which answers are not sent"
          >
            Until you agree, your answers stay in this browser and are not sent.
          </Translate>
        </p>
      )}
    </div>
  );
}
