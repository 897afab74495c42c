// SPDX-License-Identifier: Apache-2.0
// A small book on an older Docusaurus and an older React.
export default {
  title: 'A site',
  url: 'https://books.example.org',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  plugins: [
    [
      '@docusaurus/plugin-content-docs',
      {
        routeBasePath: '/',
        exclude: ['**/*.{beginner,intermediate,expert}.{md,mdx}'],
      },
    ],
  ],
  themes: ['@docusaurus/theme-classic', 'docusaurus-theme-bookplate'],
};
