// SPDX-License-Identifier: Apache-2.0
// The theme as Docusaurus sees it: which hook does what, and nothing else.
import type { LoadContext, Plugin } from '@docusaurus/types';
import { join } from 'node:path';

import { allChapters } from './build/chapters';
import { clientOptions } from './build/client-options';
import { allConditions } from './build/conditions';
import { readGlossary } from './build/glossary';
import { headScript } from './build/head';
import { codeTranslations } from './build/locales';
import { syntaxOf } from './build/mdx/syntax';
import { addNavbarItem } from './build/navbar';
import { readQuestionnaire } from './build/questionnaires';
import { addRoutes } from './build/routes';
import { LIB, makeThemeFolder } from './build/slots';
import { refuseOldDocusaurus } from './build/versions';
import { bundling } from './build/webpack';
import type { Options } from './options';

const NAME = 'docusaurus-theme-bookplate';

export default function themeBookplate(
  context: LoadContext,
  options: Options,
): Plugin {
  const { siteDir, siteConfig, generatedFilesDir, i18n } = context;
  refuseOldDocusaurus(siteDir, context.siteVersion);
  addNavbarItem(siteConfig.themeConfig, options.slots);
  const questionnaire = readQuestionnaire(options.questionnaire, siteDir);
  const client = clientOptions(context, options, questionnaire);

  return {
    name: NAME,
    getThemePath: () =>
      makeThemeFolder(join(generatedFilesDir, NAME, 'theme'), options.slots),
    getTypeScriptThemePath: () => join(LIB, '..', 'src', 'theme'),
    getClientModules: () => [join(LIB, 'client', 'start.js')],
    getDefaultCodeTranslationMessages: () =>
      codeTranslations(i18n.currentLocale),
    injectHtmlTags: () => ({
      headTags: [
        {
          tagName: 'script',
          innerHTML: headScript(client.base, client.localizedBase),
        },
      ],
    }),
    configureWebpack: () => bundling(options, { syntax: syntaxOf(siteConfig) }),
    async contentLoaded({ actions }) {
      await actions.createData('options.json', client);
      await actions.createData('questionnaire.json', questionnaire);
      await actions.createData(
        'glossary.json',
        readGlossary(options.glossary, siteDir),
      );
      addRoutes(client, actions.addRoute);
    },
    async allContentLoaded({ allContent, actions }) {
      await actions.createData(
        'chapters.json',
        allChapters(allContent, options.docs, client.localizedBase),
      );
      await actions.createData(
        'conditions.json',
        allConditions(allContent, options.docs, siteDir),
      );
    },
  };
}

export { validateOptions } from './options';
