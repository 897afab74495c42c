// SPDX-License-Identifier: Apache-2.0
// What runs around a commit, tools/hook-pre-commit and tools/lint, in a small
// repository with the project's own checks and a stand-in for clang's tools.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync }
  from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

// Formats by squeezing spaces; --dry-run fails when that would change a thing.
const formatter = `#!/bin/bash
[ "$1" != -i ] || exec sed -i 's/  */ /g' "$2"
shift 2
! grep -l '[^ ]  ' "$@"
`;
// Notes what it is shown; dislikes files that say BAD.
const linter = `#!/bin/bash
echo "\${@: -1}" >>seen
! grep BAD "\${@: -1}"
`;

function repository(use) {
  const house = new House({
    '.gitignore': '__pycache__/\n/bin/\n/seen\n/build/\n',
    'bin/clang-format-14': formatter,
    'bin/clang-tidy-14': linter,
    'build/debug/compile_commands.json':
      ['base/slice.c', 'codec/json.c', 'net/a.c'].map((file) =>
        `"file": "../../src/${file}"\n`).join(''),
  });
  const env = { ...process.env, PATH: `${house.root}/bin:${process.env.PATH}` };
  const inside = (command, args, extra = {}) =>
    run(command, args, { cwd: house.root, env: { ...env, ...extra } });
  const git = (...args) =>
    inside('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  try {
    chmodSync(join(house.root, 'bin/clang-format-14'), 0o755);
    chmodSync(join(house.root, 'bin/clang-tidy-14'), 0o755);
    cpSync(join(project, 'tools'), join(house.root, 'tools'),
      { recursive: true });
    for (const message of ['one', 'two']) {
      git('add', '-A');
      git('commit', '-qm', message, '--allow-empty');
    }
    symlinkSync('../../tools/hook-pre-commit',
      join(house.root, '.git/hooks/pre-commit'));
    use({ house, git, lint: (extra) => inside('tools/lint', [], extra) });
  } finally {
    house.remove();
  }
}

const commit = (git) => {
  git('add', '-A');
  return git('commit', '-qm', 'x');
};

test('the hook formats what is staged and commits it', () => repository(
  ({ house, git }) => {
    house.write('src/base/a.c', 'int  a;\n');
    assert.equal(commit(git).code, 0);
    assert.deepEqual(git('show', 'HEAD:src/base/a.c').lines, ['int a;']);
  }));

test('the hook refuses a breach of each check', () => repository(
  ({ house, git }) => {
    for (const [text, said] of [
      ['#include "app/main.h"\n', /base may not include app/],
      ['goto out;\n', /goto is banned/],
      ['int a;\n'.repeat(601), /601 lines/],
    ]) {
      house.write('src/base/a.c', text);
      const { code, lines } = commit(git);
      assert.equal(code, 1);
      assert.match(lines.join('\n'), said);
    }
  }));

test('the hook never stages what was left unstaged', () => repository(
  ({ house, git }) => {
    house.write('src/base/a.c', 'int  a;\n');
    git('add', '-A');
    house.write('src/base/a.c', 'int  a;\nint b;\n');
    assert.notEqual(git('commit', '-qm', 'x').code, 0);
    assert.equal(readFileSync(join(house.root, 'src/base/a.c'), 'utf8'),
      'int  a;\nint b;\n');
    assert.deepEqual(git('show', ':src/base/a.c').lines, ['int  a;']);
  }));

const seen = (house) => existsSync(join(house.root, 'seen')) ?
  readFileSync(join(house.root, 'seen'), 'utf8').trim().split('\n').sort() : [];

test('lint shows clang-tidy nothing when nothing changed', () => repository(
  ({ house, lint }) => {
    const { code, lines } = lint();
    assert.equal(code, 0, lines.join('\n'));
    assert.deepEqual(seen(house), []);
  }));

test('lint shows clang-tidy what changed or includes it', () => repository(
  ({ house, lint }) => {
    house.write('src/base/slice.h', 'int changed;\n');
    house.write('src/net/a.c', 'int fresh;\n');
    house.write('src/net/in_no_target.c', 'int b;\n');
    assert.equal(lint().code, 0);
    assert.deepEqual(seen(house),
      ['src/base/slice.c', 'src/codec/json.c', 'src/net/a.c']);
  }));

test('lint shows clang-tidy everything when asked', () => repository(
  ({ house, lint }) => {
    assert.equal(lint({ LINT_ALL: '1' }).code, 0);
    assert.deepEqual(seen(house), ['src/base/slice.c', 'src/codec/json.c']);
  }));

test('lint fails with any of its parts, and runs the others', () => repository(
  ({ house, lint }) => {
    for (const [text, part] of [
      ['int BAD;\n', 'clang-tidy'], ['int  a;\n', 'clang-format'],
      ['goto out;\n', 'check-banned'],
    ]) {
      house.write('src/net/a.c', text);
      const { code, lines } = lint();
      const failed = lines.filter((line) => line.endsWith(': FAILED'));
      assert.equal(code, 1);
      assert.deepEqual(failed, [`lint: ${part}: FAILED`]);
      assert.equal(lines.filter((l) => l.endsWith(': good')).length, 5);
    }
  }));

test('lint checks the packages of npm where there are any', () => repository(
  ({ house, lint }) => {
    const script = (name, text) => {
      house.write(`bin/${name}`, `#!/bin/bash\n${text}\n`);
      chmodSync(join(house.root, 'bin', name), 0o755);
    };
    script('node', 'echo v20.0.0');
    script('npm', '! [ -e "$1.fails" ]');
    script('npx', '! [ -e "$2.fails" ]');
    house.write('package-lock.json', '{}\n');
    assert.equal(lint().code, 0);
    for (const [what, part] of [
      ['ci', 'npm packages'], ['prettier', 'prettier'], ['run', 'typescript'],
    ]) {
      house.write(`${what}.fails`, '');
      const { code, lines } = lint();
      rmSync(join(house.root, `${what}.fails`));
      assert.equal(code, 1);
      assert.deepEqual(lines.filter((line) => line.endsWith(': FAILED')),
        [`lint: ${part}: FAILED`]);
      assert.equal(lines.filter((l) => l.endsWith(': good')).length, 8);
    }
  }));
