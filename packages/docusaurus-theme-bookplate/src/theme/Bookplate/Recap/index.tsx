// SPDX-License-Identifier: Apache-2.0
// What a chapter showed, in a few lines.
import { useId, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';

export interface Props {
  children: ReactNode;
}

export default function Recap({ children }: Props): ReactNode {
  const id = useId();
  return (
    <section className="bookplate-recap" aria-labelledby={id}>
      <p className="bookplate-recap__title" id={id}>
        <Translate
          id="theme.bookplate.recap.title"
          description="Title of the box that sums a chapter up"
        >
          In short
        </Translate>
      </p>
      {children}
    </section>
  );
}
