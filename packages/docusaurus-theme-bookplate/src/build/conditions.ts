// SPDX-License-Identifier: Apache-2.0
// What the chapters of a book have special text for, such as "devices:jetson",
// so that a reader who answers is promised only what is there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AllContent } from '@docusaurus/types';

import { isCondition, parseConditions } from '../core/conditions';
import { docsOf } from './chapters';

const ASKED = /\b(?:for|has)=(?:"([^"]*)"|'([^']*)')/g;

export function conditionsIn(text: string): string[] {
  return [...text.matchAll(ASKED)]
    .flatMap(([, double, single]) => parseConditions(double ?? single))
    .filter(isCondition);
}

/** In the newest version of each docs plugin. */
export function allConditions(
  allContent: AllContent,
  ids: string[],
  siteDir: string,
): string[] {
  const files = docsOf(allContent, ids).flatMap(({ loadedVersions }) =>
    loadedVersions
      .filter(({ isLast }) => isLast)
      .flatMap(({ docs }) => docs.map(({ source }) => source)),
  );
  const all = files.flatMap((file) =>
    conditionsIn(
      readFileSync(join(siteDir, file.replace(/^@site\//, '')), 'utf8'),
    ),
  );
  return [...new Set(all)].sort();
}
