// SPDX-License-Identifier: Apache-2.0
// The questions the book is built with, for when there is no server to ask: a
// preset (the same files as the server's), an author's own file, or an object.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Questionnaire } from '../core/questionnaire';
import { LIB } from './slots';

const NONE: Questionnaire = { id: 'none', title: '', steps: [] };

function read(file: string): Questionnaire {
  return JSON.parse(readFileSync(file, 'utf8')) as Questionnaire;
}

export function readQuestionnaire(
  given: string | Questionnaire,
  siteDir: string,
): Questionnaire {
  if (typeof given !== 'string') {
    return given;
  }
  if (given === 'none') {
    return NONE;
  }
  const preset = join(LIB, 'questionnaires', `${given}.json`);
  if (/^[a-z-]+$/.test(given) && existsSync(preset)) {
    return read(preset);
  }
  const file = join(siteDir, given);
  if (!existsSync(file)) {
    throw new Error(
      `docusaurus-theme-bookplate: questionnaire "${given}" is neither a preset (default, seed-levels, seed-contexts, none) nor a file of the site`,
    );
  }
  return read(file);
}
