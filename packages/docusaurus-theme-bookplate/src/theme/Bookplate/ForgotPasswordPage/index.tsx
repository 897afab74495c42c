// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';

export default function ForgotPasswordPage(): ReactNode {
  return <Layout title="ForgotPassword">{null}</Layout>;
}
