// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import catalogue from './catalogue.mjs';
import chunked from './chunked.mjs';
import fields from './fields.mjs';
import framing from './framing.mjs';
import requestLine from './request_line.mjs';
import target from './target.mjs';

export const cases = [
  ...requestLine,
  ...target,
  ...fields,
  ...framing,
  ...chunked,
  ...catalogue,
];

/** The cases that are kept beside the repository, or null when absent. */
export function sharedCases() {
  const root =
    process.env.PROJECT_ROOT ??
    join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
  const path = join(root, '..', 'shared', 'wire-cases', 'requests.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')).map((one) => ({
      rule: 'kept beside the repository',
      ...one,
    }));
  } catch (error) {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
