// SPDX-License-Identifier: Apache-2.0
// What the program says when it is asked, and how it refuses what is wrong.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { SKIP, folderFor, run } from './program.mjs';

const SETTING = /^  [A-Z_]+ +\S.*$/gm;

describe('pages', { skip: SKIP }, () => {
  test('help names every command, setting and exit code', async () => {
    const page = await run(['help']);
    assert.equal(page.code, 0);
    assert.equal(page.stderr, '');
    for (const word of ['migrate', 'check', 'help config', 'PORT']) {
      assert.ok(page.stdout.includes(`\n  ${word} `), word);
    }
    assert.deepEqual(page.stdout.match(/^  [0-3] {2,}/gm).map(Number), [
      0, 1, 2, 3,
    ]);
    for (const flag of ['--help', '-h']) {
      assert.deepEqual(await run([flag]), page);
    }
  });

  test('help config explains every setting that help names', async () => {
    const page = await run(['help', 'config']);
    const short = await run(['help']);
    const names = short.stdout.match(/^  [A-Z_]{4,}/gm).map((s) => s.trim());
    assert.equal(page.code, 0);
    assert.ok(names.length >= 20);
    for (const name of names) {
      assert.match(page.stdout, new RegExp(`^${name} \\(default: .+\\)$`, 'm'));
    }
    assert.ok(page.stdout.split('\n').every((line) => line.length <= 80));
    assert.deepEqual(await run(['--help-config']), page);
  });

  test('version is one line', async () => {
    const page = await run(['version']);
    assert.equal(page.code, 0);
    assert.match(page.stdout, /^bookplate \d+\.\d+\.\d+\n$/);
    assert.deepEqual(await run(['--version']), page);
  });

  test('check tells each value and where it is from', async (t) => {
    const cwd = folderFor(t);
    writeFileSync(join(cwd, 'bookplate.env'), '# a file\nPORT="4001"\n');
    const { code, stdout } = await run(
      ['check', '--set', 'LOG_LEVEL=debug'],
      { cwd, env: { HEAD_TIMEOUT: '2s', BETTER_AUTH_SECRET: 's'.repeat(32) } },
    );
    assert.equal(code, 0);
    assert.match(stdout, /^  PORT +4001 +\(.*bookplate\.env:2\)$/m);
    assert.match(stdout, /^  HEAD_TIMEOUT +2s +\(environment\)$/m);
    assert.match(stdout, /^  LOG_LEVEL +debug +\(--set\)$/m);
    assert.match(stdout, /^  HOST +127\.0\.0\.1 +\(default\)$/m);
    assert.ok(!stdout.includes('sss'), 'a secret is not shown');
    const [settings, questions, database] = stdout.split(/\nThe \w+\n/);
    assert.match(questions, /^default, version \w+; questions: \d+/);
    assert.equal(settings.match(SETTING).length, settings.trim().split('\n').length);
    assert.equal(database, 'not made yet: the first start does\n');
  });

  test('a page nobody can read is a failure', async () => {
    const shell = 'exec "$0" "$@" >/dev/full';
    assert.equal((await run(['help'], { shell })).code, 1);
    const closed = { shell: 'exec "$0" "$@" >&-' };
    assert.equal((await run(['help'], closed)).code, 1);
  });
});

/** One line on stderr that names what is wrong, exit 2, nothing on stdout. */
function isRefusal({ code, stdout, stderr }, words) {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^bookplate: [^\n]+\n$/);
  for (const word of words) {
    assert.ok(stderr.includes(word), `${word} in ${stderr}`);
  }
}

const wrongSettings = {
  PORT: ['65536', '-1', 'http', '', '1 2', '99999999999999999999'],
  LOOPS: ['9', '1.5'],
  HOST: ['a b', ''],
  LOG_LEVEL: ['loud'],
  SHARE_PORT: ['maybe'],
  HEAD_TIMEOUT: ['10', '99ms', '6m', '10 s', 's'],
  MAX_HEAD: ['1KiB', '17KiB'],
  BETTER_AUTH_URL: ['book.example', 'ftp://book.example'],
  FRONTEND_URL: ['https://*.com'],
  TRUSTED_PROXIES: ['10.0.0.0/33', 'proxy'],
};

describe('refusals', { skip: SKIP }, () => {
  for (const [name, values] of Object.entries(wrongSettings)) {
    test(`a wrong ${name} is refused wherever it stands`, async (t) => {
      const cwd = folderFor(t);
      const config = join(cwd, 'wrong.env');
      for (const value of values) {
        const env = { [name]: value };
        isRefusal(await run(['check'], { env }), [name, 'environment']);
        isRefusal(await run(['serve'], { env }), [name, 'environment']);
        writeFileSync(config, `LOG_LEVEL=warn\n${name}=${value}\n`);
        const asked = ['check', '--config', config];
        isRefusal(await run(asked), [name, 'wrong.env:2']);
      }
    });
  }

  test('a name that a slip made is corrected', async (t) => {
    const cwd = folderFor(t);
    writeFileSync(join(cwd, 'bookplate.env'), 'PROT=1\n');
    isRefusal(await run(['serve'], { cwd }), ['PROT', 'PORT', ':1']);
    isRefusal(await run(['check', '--set', 'PROT=1']), ['PROT', 'PORT']);
  });

  test('a value overridden later is checked all the same', async (t) => {
    const cwd = folderFor(t);
    writeFileSync(join(cwd, 'bookplate.env'), 'PORT=x\n');
    isRefusal(await run(['check', '--set', 'PORT=1'], { cwd }), ['PORT']);
  });

  test('a wrong line of the file is told by its number', async (t) => {
    const cwd = folderFor(t);
    for (const line of ['PORT', 'PORT 1', 'PORT="1', '=1']) {
      writeFileSync(join(cwd, 'bookplate.env'), `\n\n${line}\n`);
      isRefusal(await run(['check'], { cwd }), ['bookplate.env:3']);
    }
    writeFileSync(join(cwd, 'bookplate.env'), 'PORT=1\nPORT=2\n');
    isRefusal(await run(['check'], { cwd }), ['PORT', ':2']);
  });

  test('a file that cannot be read is named', async (t) => {
    const cwd = folderFor(t);
    isRefusal(await run(['check', '--config', 'none.env'], { cwd }), [
      'none.env',
    ]);
    isRefusal(await run(['check', '--config', '/'], { cwd }), ['/']);
    writeFileSync(join(cwd, 'long.env'), `#${'x'.repeat(1 << 20)}\n`);
    isRefusal(await run(['check', '--config', 'long.env'], { cwd }), [
      'long.env',
    ]);
  });

  test('a wrong command line is refused', async () => {
    for (const args of [
      ['server'],
      ['serve', 'check'],
      ['--port', '1'],
      ['--set'],
      ['--set', 'PORT'],
      ['--config'],
      ['--config', 'a', '--config', 'b'],
      ['version', '--set', 'PORT=1'],
      ['serve', ''],
    ]) {
      isRefusal(await run(args), []);
    }
  });
});
