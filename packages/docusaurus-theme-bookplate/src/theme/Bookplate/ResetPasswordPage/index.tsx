// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';

export default function ResetPasswordPage(): ReactNode {
  return <Layout title="ResetPassword">{null}</Layout>;
}
