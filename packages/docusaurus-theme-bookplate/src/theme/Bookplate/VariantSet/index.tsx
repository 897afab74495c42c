// SPDX-License-Identifier: Apache-2.0
// Variants that stand together in a chapter. The build puts them in a set; an
// author never writes one.
import {
  Children,
  cloneElement,
  isValidElement,
  useId,
  type ReactElement,
  type ReactNode,
} from 'react';
import {
  rulesOfSet,
  safeConditions,
  type Part,
} from 'docusaurus-theme-bookplate/core/variants';
import type { Props as VariantProps } from '@theme/Bookplate/Variant';

type Element = ReactElement<VariantProps>;

interface TocItem {
  id: string;
}

const isVariant = (child: ReactNode): child is Element =>
  isValidElement<VariantProps>(child) && 'for' in child.props;

/** Ids of the headings that MDX put below here. */
function headingsIn(children: ReactNode): string[] {
  return Children.toArray(children).flatMap((child) => {
    if (!isValidElement<{ id?: string; children?: ReactNode }>(child)) {
      return [];
    }
    const { id, children: below } = child.props;
    const own = typeof id === 'string' ? [id] : [];
    return [...own, ...headingsIn(typeof below === 'function' ? null : below)];
  });
}

function partOf(child: Element, id: string): Part {
  const { for: conditions, fallback, children, toc = [] } = child.props;
  return {
    id,
    conditions: safeConditions(conditions),
    fallback: Boolean(fallback),
    headings: [...headingsIn(children), ...toc.map((item: TocItem) => item.id)],
  };
}

export interface Props {
  children: ReactNode;
}

export default function VariantSet({ children }: Props): ReactNode {
  const id = useId();
  const all = Children.toArray(children);
  const parts: Part[] = [];
  const marked = all.map((child, at) => {
    if (!isVariant(child)) {
      return child;
    }
    const part = partOf(child, `${id}${at}`);
    parts.push(part);
    return cloneElement(child, { part: part.id });
  });
  return (
    <div className="bookplate-set">
      <style dangerouslySetInnerHTML={{ __html: rulesOfSet(parts) }} />
      {marked}
    </div>
  );
}
