// SPDX-License-Identifier: Apache-2.0
// A chapter's link in the sidebar, with a mark of how far the reader got. A
// list may hold nothing but its items, so the mark is part of the label.
import type { ReactNode } from 'react';
import SidebarLink from '@theme-init/DocSidebarItem/Link';
import type { Props } from '@theme/DocSidebarItem/Link';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import {
  pageOf,
  useProgress,
  type PageState,
} from 'docusaurus-theme-bookplate/client';

const MARKS: Record<PageState, string> = {
  unread: '',
  visited: ' ○',
  reading: ' ◐',
  read: ' ✓',
};

export default function LinkWithMark(props: Props): ReactNode {
  const { item } = props;
  const { state } = useProgress(pageOf(item.href, options.localizedBase));
  const label = item.label + MARKS[state];
  return <SidebarLink {...props} item={{ ...item, label }} />;
}
