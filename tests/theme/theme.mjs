// SPDX-License-Identifier: Apache-2.0
// The compiled theme, for tests of its Node half. Compiles it first when a
// source is newer, once however many tests want it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(HERE, '..', '..');
export const PACKAGE = join(ROOT, 'packages', 'docusaurus-theme-bookplate');
const LIB = join(PACKAGE, 'lib');
const BUILT = join(LIB, 'node', 'index.js');
const LOCK = join(PACKAGE, 'node_modules', '.compiling');

/** Files below a folder, with their paths from there. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function isCurrent() {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'scripts']
    .flatMap((folder) => filesIn(join(PACKAGE, folder)))
    .every((file) => statSync(file).mtimeMs <= built);
}

/** Runs a program to its end, and throws what it said if that was a bad one. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 400_000,
    ...options,
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  }
  return stdout + stderr;
}

/** What tools/npm-packages installs, if it is not there. */
export const install = (folder) =>
  run(join(ROOT, 'tools', 'npm-packages'), [folder]);

async function compile() {
  install(ROOT);
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let tries = 0; tries < 1200; tries += 1) {
    try {
      mkdirSync(LOCK);
      break;
    } catch {
      await wait(100); // another test compiles
    }
  }
  try {
    if (!isCurrent()) {
      run(process.execPath, [join(PACKAGE, 'scripts', 'build.mjs')]);
    }
  } finally {
    rmdirSync(LOCK);
  }
}

await compile();
const require = createRequire(BUILT);

/** A module of the Node half: theme('core/conditions'). */
export const theme = (path) => require(join(LIB, 'node', path));
