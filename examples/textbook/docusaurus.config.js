// @ts-check
// SPDX-License-Identifier: Apache-2.0
// A book with Bookplate. What makes it one is the last line of `themes`; the
// rest is any Docusaurus site. BASE_URL, SITE_URL and BOOKPLATE_SERVER are for
// publishing it elsewhere than at the root of its server's own address.

/** @type {import('@docusaurus/types').Config} */
export default {
  title: 'Physical AI and Humanoid Robotics',
  tagline: 'From the first ROS 2 node to a robot that fetches what you name',
  favicon: 'img/favicon.svg',
  url: process.env.SITE_URL ?? 'http://127.0.0.1:3001',
  baseUrl: process.env.BASE_URL ?? '/',
  trailingSlash: false,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  // Rspack and SWC: the same book in a quarter of the time.
  future: {
    v4: { removeLegacyPostBuildHeadAttribute: true },
    faster: true,
  },
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ur'],
    localeConfigs: {
      en: { label: 'English' },
      ur: { label: 'اردو', direction: 'rtl' },
    },
  },
  markdown: { mermaid: true },
  plugins: [
    [
      '@docusaurus/plugin-content-docs',
      {
        routeBasePath: '/',
        // Whole chapters for one level, told beside the chapter itself.
        exclude: [
          '**/_*.{js,jsx,ts,tsx,md,mdx}',
          '**/*.{beginner,intermediate,expert}.{md,mdx}',
        ],
      },
    ],
    '@docusaurus/plugin-content-pages',
  ],
  themes: [
    ['@docusaurus/theme-classic', { customCss: './src/css/custom.css' }],
    '@docusaurus/theme-mermaid',
    [
      'docusaurus-theme-bookplate',
      {
        server: process.env.BOOKPLATE_SERVER ?? '',
        glossary: 'glossary.json',
      },
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: 'Physical AI',
      logo: { alt: '', src: 'img/favicon.svg' },
      items: [
        { type: 'localeDropdown', position: 'right' },
        { type: 'custom-bookplate-account', position: 'right' },
      ],
    },
    footer: {
      style: 'light',
      copyright: 'An example book of Bookplate, Apache-2.0.',
    },
    prism: { additionalLanguages: ['bash', 'cmake', 'cpp', 'python'] },
  },
};
