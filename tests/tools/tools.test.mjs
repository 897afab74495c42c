// SPDX-License-Identifier: Apache-2.0
// The tools are held to the rule they would hold others to.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { project, run } from './house.mjs';

const scripts = readdirSync(join(project, 'tools'), { withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => entry.name);

for (const name of scripts) {
  test(`${name} is short and says what it is for`, () => {
    const lines = readFileSync(join(project, 'tools', name), 'utf8')
      .trimEnd().split('\n');
    const head = name.endsWith('.py') ? 0 : 1;
    assert.ok(lines.length <= 80, `${lines.length} lines, at most 80`);
    assert.equal(lines[head], '# SPDX-License-Identifier: Apache-2.0');
    assert.match(lines[head + 1], /^(# |""")[A-Za-z]/);
  });
}

test('make lists every target of the Makefile', () => {
  const text = readFileSync(join(project, 'Makefile'), 'utf8');
  const targets = text.replace(/\\\n/g, '').match(/^\.PHONY:(.*)/m)[1]
    .trim().split(/\s+/);
  const { code, lines } = run('make', ['-s', '-C', project]);

  assert.equal(code, 0);
  assert.deepEqual(lines.map((line) => line.trim().split(/\s+/)[1]).sort(),
    targets.sort());
});
