// SPDX-License-Identifier: Apache-2.0
// tools/node20 on a machine whose node and npm are two scripts in a folder.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

// Installs a Node that says what was asked for, as the real one would.
const installs = `folder=; [ "$1" != install ] || folder=$3
what=\${@: -1} package=\${what%@*}
[ -z "$folder" ] || {
    bin=$folder/node_modules/$package/bin
    mkdir -p "$bin"
    printf '#!/bin/sh\\necho v%s\\n' "\${what#*@}" >"$bin/node"
    chmod 755 "$bin/node"
}`;

function machine({ node, npm = installs }, use) {
  const house = new House();
  const script = (name, text) => {
    house.write(`bin/${name}`, `#!/bin/bash\n${text}\n`);
    chmodSync(join(house.root, 'bin', name), 0o755);
  };
  if (node) {
    script('node', `echo ${node}`);
  }
  script('npm', `echo "$@" >>"${house.root}/calls"; ${npm}`);
  const calls = () => {
    const file = join(house.root, 'calls');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return text.split('\n').filter((line) => line.startsWith('install'));
  };
  const node20 = (...args) =>
    run(join(project, 'tools/node20'), args, {
      env: {
        PATH: `${house.root}/bin:${process.env.PATH}`,
        NODE20_FOLDER: join(house.root, 'node'),
      },
    });
  try {
    use({ node20, calls, root: house.root });
  } finally {
    house.remove();
  }
}

for (const version of ['v20.0.0', 'v24.1.0', 'v100.0.0']) {
  test(`takes ${version} as it is`, () => machine({ node: version },
    ({ node20, calls, root }) => {
      assert.deepEqual(node20().lines, [join(root, 'bin/node')]);
      assert.deepEqual(node20('node', '--version').lines, [version]);
      assert.deepEqual(calls(), []);
    }));
}

for (const node of ['v18.19.0', 'v9.0.0', 'what is this']) {
  test(`installs a pinned one, once, beside "${node}"`, () => machine({ node },
    ({ node20, calls, root }) => {
      const first = node20('node', '--version');
      assert.equal(first.code, 0, first.lines.join('\n'));
      assert.match(first.lines[0], /^v20\.\d+\.\d+$/);
      const again = node20();
      assert.ok(again.lines[0].startsWith(join(root, 'node/')), again.lines[0]);
      assert.equal(again.lines.length, 1);
      assert.equal(calls().length, 1);
      assert.match(calls()[0], /node-linux-(x64|arm64)@20\.\d+\.\d+$/);
    }));
}

test('passes on how the command ended', () => machine({ node: 'v20.1.0' },
  ({ node20 }) => assert.equal(node20('bash', '-c', 'exit 7').code, 7)));

test('says what to do when npm cannot install it', () => machine(
  { node: 'v18.19.0', npm: '[ "$1" != install ]' }, ({ node20 }) => {
    const { code, lines } = node20('echo', 'not reached');
    assert.equal(code, 1);
    assert.match(lines.at(-1), /^node20: stopped: .*put Node 20 or later on PATH/);
    assert.ok(!lines.includes('not reached'));
  }));

test('says what to do without npm', () => machine(
  { node: 'v18.19.0', npm: 'exit 127' }, ({ node20 }) => {
    const { code, lines } = node20();
    assert.equal(code, 1);
    assert.match(lines.at(-1), /npm is missing.*apt-get install npm/);
  }));
