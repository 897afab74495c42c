// SPDX-License-Identifier: Apache-2.0
// What the book asks by itself, and one thing more: "goal", a text that says
// whatever a test has to find again.
//
//   writeQuestionnaire(folder)  its path, for QUESTIONNAIRE
//   settingsFor(scope)          settings with it, and all there is to attack
//   telling(book, word)         a reader who says `word` in answer and place
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BACKGROUND, folderFor } from './people.mjs';

const BUILT_IN = new URL(
  '../../src/reader/questionnaires/default.json',
  import.meta.url,
);

export function writeQuestionnaire(folder) {
  const asked = JSON.parse(readFileSync(BUILT_IN, 'utf8'));
  const goal = { id: 'goal', kind: 'text', label: { en: 'What for?' } };
  asked.steps[0].questions.push(goal);
  const path = join(folder, 'questionnaire.json');
  writeFileSync(path, JSON.stringify(asked));
  return path;
}

export const settingsFor = (scope) => ({
  AUTH_PLUGINS: 'bearer,jwt,admin',
  DELETE_USER: 'on',
  QUESTIONNAIRE: writeQuestionnaire(folderFor(scope)),
});

export const oneMark = (place) => ({ page: '/docs/a', state: 'read', place });

export async function telling(book, word) {
  const reader = await book.reader({
    background: { ...BACKGROUND, goal: `goal of ${word}` },
    progress: [oneMark(`place of ${word}`)],
  });
  return Object.assign(reader, { browser: await book.browser(reader.email) });
}
