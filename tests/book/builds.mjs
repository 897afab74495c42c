// SPDX-License-Identifier: Apache-2.0
// The books the tests open: built once with the theme as it is now, kept below
// build/book until something they are made of changes.
//
//   const folder = await bookOf('textbook');   // for SITE_DIR
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const OUT = join(ROOT, 'build', 'book');
export const THEME = join(ROOT, 'packages', 'docusaurus-theme-bookplate');
const SITES = join(ROOT, 'tests', 'book', 'sites');
const TEXTBOOK = join(ROOT, 'examples', 'textbook');
const SMALL = join(SITES, 'small');
/** One build takes half a minute on a busy machine; others wait their turn. */
const PATIENCE_MS = 600_000;

/** The official client, which an author would install, from other tests. */
async function lend() {
  const from = join(ROOT, 'tests', 'contract');
  await run(join(ROOT, 'tools', 'npm-packages'), [from]);
  const link = join(SMALL, 'node_modules', 'better-auth');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join(from, 'node_modules', 'better-auth'), link);
}

/** site: its folder; env: what its configuration reads; lend: done before. */
const BOOKS = {
  textbook: { site: TEXTBOOK, env: {} },
  small: { site: SMALL, env: {} },
  // The same without the theme, for what the theme weighs.
  bare: { site: SMALL, env: { BOOKPLATE: 'off' } },
  based: { site: SMALL, env: { BASE_URL: '/book/' } },
  sibling: { site: SMALL, env: { BOOKPLATE_SERVER: 'https://api.book.test' } },
  other: { site: SMALL, env: { BOOKPLATE_SERVER: 'https://api.other.test' } },
  official: { site: SMALL, env: { BOOKPLATE_CLIENT: 'better-auth' }, lend },
  own: { site: join(SITES, 'own'), env: {} },
};

const IGNORED = new Set(['node_modules', 'lib', '.docusaurus', 'build']);

function newestBelow(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!IGNORED.has(entry.name)) {
      const path = join(folder, entry.name);
      newest = Math.max(
        newest,
        entry.isDirectory() ? newestBelow(path) : statSync(path).mtimeMs,
      );
    }
  }
  return newest;
}

/** Runs a command to its end; what it said is the error when it fails. */
export async function run(command, args, { cwd = ROOT, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')}: exit code ${code}\n${said}`);
  }
  return said;
}

/** Docusaurus needs a newer Node than the tests themselves. */
export const withNode20 = (command, ...args) =>
  Number(process.versions.node.split('.')[0]) >= 20
    ? [command, args]
    : [join(ROOT, 'tools', 'node20'), [command, ...args]];

/** Holds a lock, which is a folder, while `act` runs; of all test processes. */
export async function alone(act) {
  const lock = join(OUT, 'lock');
  mkdirSync(OUT, { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const pid = Number(readIf(join(lock, 'pid')));
      if ((pid && !isAlive(pid)) || Date.now() > deadline) {
        rmSync(lock, { recursive: true, force: true });
      }
      await delay(100);
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return await act();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const readIf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Makes `name` unless what it was made of is older than it. */
export async function unlessFresh(name, sources, make) {
  const stamp = join(OUT, `${name}.stamp`);
  const newest = String(Math.max(...sources.map(newestBelow)));
  if (readIf(stamp) !== newest) {
    await make();
    writeFileSync(stamp, newest);
  }
}

export async function compileTheme() {
  await run(join(ROOT, 'tools', 'npm-packages'), [ROOT]);
  await unlessFresh('theme', [THEME], () =>
    run(...withNode20('node', join(THEME, 'scripts', 'build.mjs'))),
  );
}

/** The folder of a built book. */
export async function bookOf(name) {
  const { site, env, lend: prepare } = BOOKS[name];
  const folder = join(OUT, name);
  await alone(async () => {
    await compileTheme();
    await unlessFresh(name, [THEME, site], async () => {
      await prepare?.();
      await run(
        ...withNode20('npx', 'docusaurus', 'build', '--out-dir', folder),
        {
          cwd: site,
          env: {
            ...env,
            DOCUSAURUS_GENERATED_FILES_DIR_NAME: `.docusaurus/${name}`,
          },
        },
      );
    });
  });
  return folder;
}
