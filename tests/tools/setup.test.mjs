// SPDX-License-Identifier: Apache-2.0
// tools/setup against a machine that is made of four scripts in a folder.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

const debian = 'ID=debian\nVERSION_ID="12"\n';

/** dpkg-query knows all packages but `missing`; apt-get does `apt`. */
function machine({ missing = [], system = debian, user = 0, apt = 'exit 0',
  node = 'v20.1.0', policy = '' }, use) {
  const house = new House();
  const script = (name, text) => {
    house.write(`bin/${name}`, `#!/bin/bash\n${text}\n`);
    chmodSync(join(house.root, 'bin', name), 0o755);
  };
  script('dpkg-query', `for word in "\${@:4}"; do case " ${missing.join(' ')} "
    in *" $word "*) ;; *) echo "installed $word" ;; esac; done`);
  script('id', `echo ${user}`);
  script('apt-get', `echo "$@" >>"${house.root}/apt"; ` +
    `[ ! -e "${house.root}/policy" ] || ` +
    `cp "${house.root}/policy" "${house.root}/policy-seen"; ${apt}`);
  script('node', `echo ${node}`);
  house.write('os-release', system);
  if (policy) {
    house.write('policy', policy);
  }
  const file = (name) => existsSync(join(house.root, name)) ?
    readFileSync(join(house.root, name), 'utf8') : '';
  const setup = (purpose) => run(join(project, 'tools/setup'), [purpose], {
    env: {
      PATH: `${house.root}/bin:${process.env.PATH}`,
      OS_RELEASE: join(house.root, 'os-release'),
      POLICY_RC_D: join(house.root, 'policy'),
      SETUP_LOG: join(house.root, 'setup.log'),
    },
  });
  try {
    use({ setup, file });
  } finally {
    house.remove();
  }
}

function stops(settings, pattern) {
  machine(settings, ({ setup, file }) => {
    const { code, lines } = setup('test');
    const stopped = lines.filter((line) => line.includes('stopped'));
    assert.equal(code, 1, lines.join('\n'));
    assert.equal(stopped.length, 1, lines.join('\n'));
    assert.match(stopped[0], pattern);
    assert.equal(lines.at(-1), stopped[0]);
    assert.equal(file('policy'), settings.policy ?? '');
  });
}

test('leaves a complete machine alone', () => machine({ user: 1 },
  ({ setup, file }) => {
    assert.deepEqual(setup('test'),
      { code: 0, lines: ['setup: test: all packages are installed'] });
    assert.equal(file('apt'), '');
  }));

test('installs exactly what is missing', () => machine(
  { missing: ['haproxy', 'meson'] }, ({ setup, file }) => {
    assert.equal(setup('test').code, 0);
    const [update, install] = file('apt').trim().split('\n');
    assert.match(update, / update$/);
    assert.match(install,
      / install --yes --no-install-recommends haproxy meson$/);
  }));

test('keeps services from starting, then restores the policy', () => machine(
  { missing: ['nginx-light'], policy: '#!/bin/sh\nexit 0\n' },
  ({ setup, file }) => {
    assert.equal(setup('test').code, 0);
    assert.match(file('policy-seen'), /exit 101/);
    assert.equal(file('policy'), '#!/bin/sh\nexit 0\n');
  }));

test('restores the policy when the installation fails', () => stops(
  { missing: ['haproxy'], apt: 'exit 100', policy: '#!/bin/sh\nexit 0\n' },
  /could not install .*no network/));

test('stops without root', () => stops({ missing: ['haproxy'], user: 1000 },
  /not root; run as root: apt-get install haproxy/));

test('stops on another system when something is missing', () => stops(
  { missing: ['haproxy'], system: 'ID=ubuntu\nVERSION_ID="24.04"\n' },
  /this is ubuntu 24\.04, not Debian 12, .*haproxy/));

test('goes on, warned, on another system that has all', () => machine(
  { system: 'ID=debian\nVERSION_ID="13"\n' }, ({ setup }) => {
    const { code, lines } = setup('test');
    assert.equal(code, 0);
    assert.match(lines[0], /warning: .*debian 13/);
  }));

test('stops with an old Node', () => stops({ node: 'v16.20.2' },
  /Node 18 or later is needed, this is v16/));

test('refuses a purpose it does not know', () => machine({},
  ({ setup }) => assert.equal(setup('tset').code, 1)));

test('knows every purpose the Makefile asks for', () => machine({},
  ({ setup }) => {
    for (const purpose of ['build', 'test', 'lint', 'san', 'fuzz', 'bench',
      'coverage',
      'valgrind', 'browser']) {
      assert.equal(setup(purpose).code, 0, purpose);
    }
  }));
