// SPDX-License-Identifier: Apache-2.0
// A book with all that is hard: a base path, two languages, two docs plugins,
// an older version.
export default {
  title: 'A site',
  url: 'https://books.example.org',
  baseUrl: '/book/',
  trailingSlash: false,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  // With Rspack; the older site is built with webpack.
  future: {
    v4: { removeLegacyPostBuildHeadAttribute: true },
    faster: true,
  },
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ur'],
    localeConfigs: { ur: { direction: 'rtl' } },
  },
  plugins: [
    [
      '@docusaurus/plugin-content-docs',
      {
        routeBasePath: '/',
        exclude: [
          '**/_*.{js,jsx,ts,tsx,md,mdx}',
          '**/*.{beginner,intermediate,expert}.{md,mdx}',
        ],
      },
    ],
    [
      '@docusaurus/plugin-content-docs',
      { id: 'guide', path: 'guide', routeBasePath: 'guide' },
    ],
  ],
  themes: [
    '@docusaurus/theme-classic',
    [
      'docusaurus-theme-bookplate',
      { docs: ['default', 'guide'], glossary: 'glossary.json' },
    ],
  ],
  themeConfig: { navbar: { title: 'A site', items: [] } },
};
