// SPDX-License-Identifier: Apache-2.0
// tools/book in a small repository whose npm and npx are scripts: what is
// built, and when.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

const THEME = 'packages/docusaurus-theme-bookplate';
const BOOK = 'examples/textbook';
// Each writes what the real one would, and notes that it was asked.
const npm = `case $1 in
ci) echo packages >>calls; mkdir -p node_modules
    touch node_modules/.package-lock.json ;;
run) echo theme >>calls; rm -rf ${THEME}/lib; mkdir ${THEME}/lib ;;
esac
[ ! -e "$1.fails" ]`;
const npx = `echo "book \${@: -1}" >>calls
[ ! -e npx.fails ] || { echo "Error: a broken link"; exit 1; }
mkdir -p "\${@: -1}/build" && touch "\${@: -1}/build/index.html"`;

function repository(use) {
  const house = new House({
    'package-lock.json': '{}\n',
    [`${THEME}/package.json`]: '{}\n',
    [`${THEME}/src/index.ts`]: 'export {};\n',
    [`${BOOK}/package.json`]: '{}\n',
    [`${BOOK}/docs/one.md`]: '# One\n',
    [`${BOOK}/docs/two.md`]: '# Two\n',
  });
  const script = (path, text) => {
    house.write(path, `#!/bin/bash\n${text}\n`);
    chmodSync(join(house.root, path), 0o755);
  };
  const calls = join(house.root, 'calls');
  const env = { ...process.env, PATH: `${house.root}/bin:${process.env.PATH}` };
  const book = (...args) => {
    rmSync(calls, { force: true });
    const ended = run('tools/book', args, { cwd: house.root, env });
    const made = existsSync(calls) ? readFileSync(calls, 'utf8') : '';
    return { ...ended, made: made.split('\n').filter(Boolean) };
  };
  const builds = (...made) => {
    const ended = book('build');
    assert.equal(ended.code, 0, ended.lines.join('\n'));
    assert.deepEqual(ended.made, made);
  };
  try {
    cpSync(join(project, 'tools'), join(house.root, 'tools'), { recursive: true });
    script('tools/setup', 'exit 0');
    script('bin/node', 'echo v20.0.0');
    script('bin/npm', npm);
    script('bin/npx', npx);
    use({ house, book, builds });
  } finally {
    house.remove();
  }
}

const ALL = ['packages', 'theme', `book ${BOOK}`];

test('builds all at first, and then nothing', () => repository(({ builds }) => {
  builds(...ALL);
  builds();
}));

const CHANGES = {
  'a page that changed': [({ house }) => house.write(`${BOOK}/docs/one.md`, '# 1\n'),
    [`book ${BOOK}`]],
  'a page that is new': [({ house }) => house.write(`${BOOK}/docs/three.md`, '# 3\n'),
    [`book ${BOOK}`]],
  'a page that went': [({ house }) => rmSync(join(house.root, BOOK, 'docs/two.md')),
    [`book ${BOOK}`]],
  'a theme that changed':
    [({ house }) => house.write(`${THEME}/src/index.ts`, 'export const a = 1;\n'),
      ['theme', `book ${BOOK}`]],
  'other packages': [({ house }) => house.write('package-lock.json', '{ }\n'), ALL],
  'a book that was removed':
    [({ house }) => rmSync(join(house.root, BOOK, 'build'), { recursive: true }),
      [`book ${BOOK}`]],
};
for (const [name, [change, made]] of Object.entries(CHANGES)) {
  test(`builds what follows from ${name}`, () => repository((there) => {
    there.builds(...ALL);
    change(there);
    there.builds(...made);
    there.builds();
  }));
}

test('builds another folder', () => repository(({ house, book }) => {
  house.write('tests/site/package.json', '{}\n');
  const { code, made } = book('build', 'tests/site/');
  assert.equal(code, 0);
  assert.deepEqual(made, ['packages', 'theme', 'book tests/site']);
}));

test('shows why a book was not built, and tries again', () => repository(
  ({ house, book, builds }) => {
    house.write('npx.fails', '');
    const { code, lines } = book('build');
    assert.equal(code, 1);
    assert.ok(lines.includes('Error: a broken link'), lines.join('\n'));
    assert.match(lines.at(-1), /^book: stopped: .*build\/marks\/log.*START_PAGE=1/);
    rmSync(join(house.root, 'npx.fails'));
    builds(`book ${BOOK}`);
  }));

test('says what to do when the packages cannot be had', () => repository(
  ({ house, book }) => {
    house.write('ci.fails', '');
    const { code, lines } = book('build');
    assert.equal(code, 1);
    assert.match(lines.at(-1), /^book: stopped: the packages are missing/);
  }));

test('refuses what it does not know', () => repository(({ book }) => {
  assert.equal(book().code, 1);
  assert.equal(book('serve').code, 1);
  assert.match(book('build', 'docs').lines.at(-1), /docs has no package.json/);
}));
