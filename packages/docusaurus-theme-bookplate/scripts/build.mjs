// SPDX-License-Identifier: Apache-2.0
// Compiles src/ to lib/: what runs in Node as CommonJS below lib/node, what
// runs in the browser as ES modules, and what the compiler leaves alone (style
// sheets) as it is.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(join(root, 'lib'), { recursive: true, force: true });
for (const config of ['tsconfig.json', 'tsconfig.node.json']) {
  const run = spawnSync(process.execPath, [tsc, '-p', config], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) {
    process.exit(1);
  }
}
// The server's questions, for when there is none to ask.
cpSync(
  join(root, '..', '..', 'src', 'reader', 'questionnaires'),
  join(root, 'lib', 'questionnaires'),
  { recursive: true },
);
for (const path of readdirSync(join(root, 'src'), { recursive: true })) {
  if (path.endsWith('.css')) {
    cpSync(join(root, 'src', path), join(root, 'lib', path));
  }
}
