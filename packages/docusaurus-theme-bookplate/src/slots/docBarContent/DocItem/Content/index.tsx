// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Content from '@theme-init/DocItem/Content';
import type { Props } from '@theme/DocItem/Content';
import DocBar from '@theme/Bookplate/DocBar';

export default function ContentBelowBar(props: Props): ReactNode {
  return (
    <>
      <DocBar />
      <Content {...props} />
    </>
  );
}
