// SPDX-License-Identifier: Apache-2.0
// A book whose author has replaced much of what the theme builds on; bundled by
// webpack, where the other books are bundled by Rspack.
export default {
  title: 'A book of its own',
  favicon: 'favicon.svg',
  url: 'https://book.test',
  baseUrl: '/',
  trailingSlash: false,
  onBrokenLinks: 'throw',
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: '/' }],
    '@docusaurus/plugin-content-pages',
  ],
  themes: ['@docusaurus/theme-classic', 'docusaurus-theme-bookplate'],
  themeConfig: { navbar: { title: 'A book of its own', items: [] } },
};
