// SPDX-License-Identifier: Apache-2.0
// A remark for readers who have something, or who lack it.
import { useId, type ReactNode } from 'react';
import { rulesOfPiece } from 'docusaurus-theme-bookplate/core/variants';

export interface Props {
  /** Shown to whoever has any of these, such as "devices:jetson". */
  has?: string;
  /** Shown to whoever has none of these, and to whom we do not know. */
  lacks?: string;
  children: ReactNode;
}

export default function ForReader({
  has = '',
  lacks = '',
  children,
}: Props): ReactNode {
  const id = useId();
  return (
    <div
      className="bookplate-note"
      data-bookplate-part={id}
      data-bookplate-has={has || undefined}
      data-bookplate-lacks={lacks || undefined}
    >
      <style
        dangerouslySetInnerHTML={{ __html: rulesOfPiece(id, has, lacks) }}
      />
      {children}
    </div>
  );
}
