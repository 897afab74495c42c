// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Layout from '@theme-init/DocItem/Layout';
import type { Props } from '@theme/DocItem/Layout';
import DocBar from '@theme/Bookplate/DocBar';

export default function LayoutBelowBar(props: Props): ReactNode {
  return (
    <>
      <DocBar />
      <Layout {...props} />
    </>
  );
}
