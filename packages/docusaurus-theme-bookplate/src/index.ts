// SPDX-License-Identifier: Apache-2.0
// The theme as Docusaurus sees it: which hook does what, and nothing else.
import type { LoadContext, Plugin } from '@docusaurus/types';
import { join } from 'node:path';

import { writeBook } from './build/book';
import { allChapters, docsOf } from './build/chapters';
import { Checks } from './build/checks';
import { addDoctor, diagnose } from './build/checks/doctor';
import type { Aliases } from './build/checks/slots';
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
import { VERSION, refuseOldDocusaurus } from './build/versions';
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
  const themeFolder = join(generatedFilesDir, NAME, 'theme');
  const checks = new Checks(context, options, themeFolder);

  return {
    name: NAME,
    getThemePath: () => makeThemeFolder(themeFolder, options.slots),
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
    configureWebpack(config, isServer) {
      checks.slots((config.resolve?.alias ?? {}) as Aliases);
      if (!isServer && process.env.NODE_ENV === 'development') {
        checks.warn(); // `docusaurus start`, which has no end
      }
      return bundling(options, { syntax: syntaxOf(siteConfig) });
    },
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
      await checks.content(docsOf(allContent, options.docs));
      await actions.createData(
        'chapters.json',
        allChapters(allContent, options.docs, client.localizedBase),
      );
      await actions.createData(
        'conditions.json',
        allConditions(allContent, options.docs, siteDir),
      );
    },
    async postBuild(props) {
      await writeBook(props, client, VERSION);
      checks.warn();
    },
    extendCli(cli) {
      addDoctor(cli, () => diagnose(context, options, checks));
    },
  };
}

export { validateOptions } from './options';
