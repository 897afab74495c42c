// SPDX-License-Identifier: Apache-2.0
// A book of a few pages, built in several ways; see builds.mjs.
const {
  BASE_URL = '/',
  BOOKPLATE = 'on',
  BOOKPLATE_CLIENT = 'tiny',
  BOOKPLATE_SERVER = '',
  BUNDLER = 'rspack',
} = process.env;

export default {
  title: 'A small book',
  favicon: 'favicon.svg',
  url: 'https://book.test',
  baseUrl: BASE_URL,
  trailingSlash: false,
  onBrokenLinks: 'throw',
  future: {
    v4: { removeLegacyPostBuildHeadAttribute: true },
    faster: BUNDLER === 'rspack',
  },
  plugins: [['@docusaurus/plugin-content-docs', { routeBasePath: '/' }]],
  themes: [
    '@docusaurus/theme-classic',
    ...(BOOKPLATE === 'off'
      ? []
      : [
          [
            'docusaurus-theme-bookplate',
            {
              server: BOOKPLATE_SERVER,
              client: BOOKPLATE_CLIENT,
              glossary: 'glossary.json',
            },
          ],
        ]),
  ],
  themeConfig: { navbar: { title: 'A small book', items: [] } },
};
