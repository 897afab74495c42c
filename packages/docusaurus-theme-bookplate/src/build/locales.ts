// SPDX-License-Identifier: Apache-2.0
// The theme's words in the languages it speaks: locales/LANGUAGE/AREA.json,
// { id: text }. English stands in the components themselves.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { LIB } from './slots';

export function codeTranslations(locale: string): Record<string, string> {
  const language = locale.split('-')[0] ?? locale;
  const folder = join(LIB, '..', 'locales', language);
  if (!existsSync(folder)) {
    return {};
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const parts = files.map(
    (file) =>
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<
        string,
        string
      >,
  );
  return Object.assign({}, ...parts) as Record<string, string>;
}
