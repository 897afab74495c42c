// SPDX-License-Identifier: Apache-2.0
// The button of a form. While the form is being sent it says so and keeps the
// focus; the form itself lets nothing be sent twice.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

import styles from './styles.module.css';

export interface Props {
  busy: boolean;
  children: ReactNode;
}

export default function SubmitButton({ busy, children }: Props): ReactNode {
  return (
    <button
      type="submit"
      className={`button button--primary ${styles.submit}`}
      aria-busy={busy}
      aria-disabled={busy}
    >
      {busy ? (
        <Translate
          id="theme.bookplate.form.busy"
          description="On the button of a form that is being sent"
        >
          One moment …
        </Translate>
      ) : (
        children
      )}
    </button>
  );
}
