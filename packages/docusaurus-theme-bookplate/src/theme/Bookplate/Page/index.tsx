// SPDX-License-Identifier: Apache-2.0
// What the theme's pages have in common: the site's layout, one heading, a
// narrow column, and no place in search engines.
import type { ReactNode } from 'react';
import Head from '@docusaurus/Head';
import Layout from '@theme/Layout';

import styles from './styles.module.css';

export interface Props {
  title: string;
  /** Wider, for lists. */
  wide?: boolean;
  children: ReactNode;
}

export default function Page({ title, wide, children }: Props): ReactNode {
  return (
    <Layout title={title}>
      <Head>
        <meta name="robots" content="noindex" />
      </Head>
      <main className={`container ${wide ? styles.wide : styles.page}`}>
        <h1>{title}</h1>
        {children}
      </main>
    </Layout>
  );
}
