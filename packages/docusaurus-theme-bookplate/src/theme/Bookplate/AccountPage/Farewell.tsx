// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate from '@docusaurus/Translate';
import useBaseUrl from '@docusaurus/useBaseUrl';

/** The account is gone; the book is not. */
export default function Farewell(): ReactNode {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.focus(), []);
  return (
    <>
      <p ref={line} role="status" tabIndex={-1}>
        <Translate
          id="theme.bookplate.account.gone"
          description="After the account was deleted"
        >
          Your account is deleted, and so is what this browser kept of it. Thank
          you for reading.
        </Translate>
      </p>
      <Link to={useBaseUrl('/')}>
        <Translate
          id="theme.bookplate.account.gone.book"
          description="Link to the book after the account was deleted"
        >
          To the beginning of the book
        </Translate>
      </Link>
    </>
  );
}
