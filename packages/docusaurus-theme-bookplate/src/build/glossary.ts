// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Glossary } from '../core/glossary';

function isEntry(entry: unknown): entry is Glossary[string] {
  const { term, text, page } = (entry ?? {}) as Record<string, unknown>;
  return (
    typeof term === 'string' &&
    typeof text === 'string' &&
    (page === undefined || typeof page === 'string')
  );
}

/** The file that the option `glossary` names; nothing when it is false. */
export function readGlossary(file: string | false, siteDir: string): Glossary {
  if (file === false) {
    return {};
  }
  const glossary = JSON.parse(
    readFileSync(join(siteDir, file), 'utf8'),
  ) as Glossary;
  for (const [id, entry] of Object.entries(glossary)) {
    if (!isEntry(entry)) {
      throw new Error(
        `${file}: "${id}" needs a "term" and a "text", and may have a "page"`,
      );
    }
  }
  return glossary;
}
