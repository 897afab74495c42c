// SPDX-License-Identifier: Apache-2.0
// A plain book: docs, one page of its own, the classic theme, nothing else.
module.exports = {
  title: 'A Book to Measure',
  url: 'https://book.example',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: 'docs' }],
    '@docusaurus/plugin-content-pages',
  ],
  themes: ['@docusaurus/theme-classic'],
  themeConfig: {
    navbar: {
      title: 'A Book to Measure',
      items: [{ to: '/docs/chapter-01', label: 'Read' }],
    },
    footer: { style: 'dark', copyright: 'Made to be measured.' },
  },
};
