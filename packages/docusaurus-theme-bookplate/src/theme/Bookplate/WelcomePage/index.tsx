// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';

export default function WelcomePage(): ReactNode {
  return <Layout title="Welcome">{null}</Layout>;
}
