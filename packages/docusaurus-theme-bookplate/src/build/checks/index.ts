// SPDX-License-Identifier: Apache-2.0
// The checks that every build makes, and the doctor.
import type { LoadContext } from '@docusaurus/types';
import type { LoadedContent } from '@docusaurus/plugin-content-docs';
import logger from '@docusaurus/logger';

import type { Options } from '../../options';
import { readGlossary } from '../glossary';
import { syntaxOf } from '../mdx/syntax';
import { readQuestionnaire } from '../questionnaires';
import { configFindings } from './config';
import { contentFindings } from './content';
import { sorted, written, type Finding } from './finding';
import { slotFindings, type Aliases } from './slots';
import { wordsFor } from './words';

export class Checks {
  private found: Finding[] = [];

  constructor(
    private readonly context: Pick<
      LoadContext,
      'siteDir' | 'siteConfig' | 'i18n'
    >,
    private readonly options: Options,
    private readonly themeFolder: string,
  ) {}

  async content(contents: LoadedContent[]): Promise<void> {
    const { siteDir, siteConfig } = this.context;
    const { questionnaire, glossary } = this.options;
    const rules = {
      words: wordsFor(readQuestionnaire(questionnaire, siteDir)),
      glossary: readGlossary(glossary, siteDir),
      syntax: syntaxOf(siteConfig),
    };
    this.add(await contentFindings(contents, siteDir, rules));
  }

  slots(aliases: Aliases): void {
    const { siteDir, siteConfig } = this.context;
    const { options, themeFolder } = this;
    this.add(slotFindings(aliases, { siteDir, themeFolder, options }));
    this.add(configFindings(siteConfig, siteDir, options));
  }

  add(findings: Finding[]): void {
    this.found = sorted([...this.found, ...findings]);
  }

  /** Of a language after the first, what is wrong in its own files alone. */
  get findings(): Finding[] {
    const { currentLocale, defaultLocale } = this.context.i18n;
    return currentLocale === defaultLocale
      ? this.found
      : this.found.filter(({ file }) => file?.startsWith('i18n'));
  }

  /** At the end of a build, and when `docusaurus start` begins. */
  warn(): void {
    const { findings } = this;
    if (findings.length > 0) {
      const lines = findings.map((finding) => `  ${written(finding)}`);
      const things = findings.length === 1 ? 'thing' : 'things';
      logger.warn(
        `docusaurus-theme-bookplate: ${findings.length} ${things} to mend\n${lines.join('\n')}`,
      );
    }
  }
}
