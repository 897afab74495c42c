// SPDX-License-Identifier: Apache-2.0
// A piece of a chapter for some readers. All of them are in the page; which one
// is shown, the rules of their set say.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import VariantSet from '@theme/Bookplate/VariantSet';

export interface Props {
  /** Conditions such as "level:beginner"; any one of them is enough. */
  for: string;
  /** Shown when nothing is known, and to whom no other of the set fits. */
  fallback?: boolean;
  children?: ReactNode;
  /** The headings of a chapter that is a file of its own. */
  toc?: readonly { id: string }[];
  /** Set by VariantSet. */
  part?: string;
}

export default function Variant(props: Props): ReactNode {
  const { for: conditions, fallback, children, part } = props;
  if (part === undefined) {
    return (
      <VariantSet>
        <Variant {...props} />
      </VariantSet>
    );
  }
  return (
    <div
      data-bookplate-part={part}
      data-bookplate-variant=""
      data-bookplate-for={conditions}
      data-bookplate-fallback={fallback ? '' : undefined}
    >
      <p className="bookplate-variant__for">
        <Translate
          id="theme.bookplate.variant.for"
          description="Above a variant while all are shown; {conditions} is like level:beginner"
          values={{ conditions }}
        >
          {'For readers with {conditions}'}
        </Translate>
      </p>
      {children}
    </div>
  );
}
