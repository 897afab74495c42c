// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';

export default function SignUpPage(): ReactNode {
  return <Layout title="SignUp">{null}</Layout>;
}
