// SPDX-License-Identifier: Apache-2.0
import type { LoadContext } from '@docusaurus/types';

import type { ClientOptions } from '../core/options';
import type { Questionnaire } from '../core/questionnaire';
import type { Options } from '../options';

/** "/book/ur/" in the build of "ur" -> "/book/" */
function baseWithoutLocale({ i18n, baseUrl }: LoadContext): string {
  const { currentLocale, defaultLocale } = i18n;
  const end = `/${currentLocale}/`;
  return currentLocale !== defaultLocale && baseUrl.endsWith(end)
    ? baseUrl.slice(0, -end.length + 1)
    : baseUrl;
}

/** What of the options, and of the site, the page has to know. */
export function clientOptions(
  context: LoadContext,
  options: Options,
  { steps }: Questionnaire,
): ClientOptions {
  const { server, authPath, credentials, tokenStorage } = options;
  const { timeoutMs, routeBase, tabs, docs } = options;
  return {
    server,
    authPath,
    credentials,
    tokenStorage,
    timeoutMs,
    base: baseWithoutLocale(context),
    localizedBase: context.baseUrl,
    locale: context.i18n.currentLocale,
    routeBase,
    tabs,
    docs,
    questions: steps[0]?.questions.length ?? 0,
  };
}
