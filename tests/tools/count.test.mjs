// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

const tool = (name) => join(project, 'tools', name);

/** The last line, and the exit code, for these files of a test-logs folder. */
function count(files) {
  const house = new House();
  for (const [name, text] of Object.entries(files)) {
    house.write(`build/debug/test-logs/${name}`, text);
  }
  const { code, lines } = run(tool('count-tests'),
    [join(house.root, 'build/debug/test-logs')]);
  house.remove();
  return [lines.at(-1), code];
}

const program = (result, stdout) =>
  JSON.stringify({ name: 'arena', result, stdout }) + '\n';

test('adds up the subtests of every program', () => {
  assert.deepEqual(count({
    'unit.rc': '0\n',
    'unit.json': program('OK', '1..2\nok 1 - a\nok 2 - b\n# ok - tests\n') +
      program('OK', 'no tap at all\n'),
  }), ['3 passed, 0 failed', 0]);
});

test('counts a failed subtest, and a crash without one', () => {
  assert.deepEqual(count({
    'unit.rc': '1\n',
    'unit.json': program('FAIL', 'ok 1 - a\nnot ok 2 - b\n') +
      program('ERROR', 'ok 1 - a\n') + program('TIMEOUT', ''),
  }), ['2 passed, 3 failed', 1]);
});

test('counts skipped tests as neither', () => {
  assert.deepEqual(count({
    'unit.rc': '0\n',
    'unit.json': program('OK', 'ok 1 - a\nok 2 - b # SKIP no data\n') +
      program('SKIP', '') + program('OK', 'ok 1 - a # SKIP no data\n'),
  }), ['1 passed, 0 failed', 0]);
});

test("reads the sum of Node's runner", () => {
  assert.deepEqual(count({
    'wire.rc': '1\n',
    'wire.tap': '    not ok 1 - a\nnot ok 1 - b\n1..1\n# tests 9\n' +
      '# pass 6\n# fail 1\n# cancelled 1\n# skipped 1\n',
  }), ['6 passed, 2 failed', 1]);
});

test('a runner that was killed is a failure', () => {
  assert.deepEqual(count({ 'wire.rc': '137\n', 'wire.tap': 'ok 1 - a\n' }),
    ['0 passed, 1 failed', 1]);
});

test('a step that failed without tests is a failure', () => {
  assert.deepEqual(count({ 'build.rc': '1\n', 'setup.rc': '0\n' }),
    ['0 passed, 1 failed', 1]);
});

test('nothing at all is not a success', () => {
  assert.deepEqual(count({}), ['0 passed, 0 failed', 1]);
});

test('a step leaves its exit code and hands it on', () => {
  const house = new House();
  const logs = join(house.root, 'logs');
  const step = (...command) => run(tool('step'), [logs, 'x', ...command]);

  assert.equal(step('true').code, 0);
  assert.equal(readFileSync(join(logs, 'x.rc'), 'utf8'), '0\n');
  const failed = step('sh', '-c', 'exit 7');
  assert.equal(failed.code, 7);
  assert.equal(readFileSync(join(logs, 'x.rc'), 'utf8'), '7\n');
  assert.match(failed.lines.at(-1), /x: FAILED \(exit code 7\)/);
  house.remove();
});

test('a step that never ends has failed', () => {
  const house = new House();
  const logs = join(house.root, 'logs');

  run(tool('step'), [logs, 'x', 'sh', '-c', 'kill -9 $PPID']);
  assert.equal(readFileSync(join(logs, 'x.rc'), 'utf8'), '1\n');
  rmSync(logs, { recursive: true });
  assert.ok(!existsSync(logs));
  house.remove();
});
