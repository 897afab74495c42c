// SPDX-License-Identifier: Apache-2.0
// The compiled theme, for tests of its Node half: compiled first when a source
// is newer, once however many tests want it.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { ROOT, THEME, alone, compileTheme } from '../book/builds.mjs';

export { ROOT, THEME };
export const HERE = join(ROOT, 'tests', 'theme');

/** Files below a folder, with their paths. */
export function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
}

await alone(compileTheme);
const require = createRequire(join(THEME, 'lib', 'node', 'index.js'));

/** A module of the Node half: theme('core/conditions'). */
export const theme = (path) => require(join(THEME, 'lib', 'node', path));
/** A package as the theme finds it. */
export const fromTheme = (name) => require(name);
