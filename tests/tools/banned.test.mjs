// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from './house.mjs';

function refuses(extra, pattern) {
  const { code, lines } = verdict('check-banned', extra);
  assert.equal(code, 1, lines.join('\n'));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], pattern);
}

function accepts(extra) {
  assert.deepEqual(verdict('check-banned', extra), { code: 0, lines: [] });
}

test('passes a clean house', () => accepts({}));

test('refuses every banned function, one by one', () => {
  const names = ('strcpy strcat sprintf vsprintf gets strtok atoi atol atof ' +
    'strncpy strncat localtime gmtime asctime ctime rand srand alloca ' +
    'system popen malloc calloc realloc free strdup strndup asprintf ' +
    'signal getenv printf fopen').split(' ');
  const text = names.map((name) => `${name} (x);\n`).join('');
  const { code, lines } = verdict('check-banned', { 'src/net/a.c': text });

  assert.equal(code, 1);
  assert.equal(lines.length, names.length, lines.join('\n'));
  names.forEach((name, at) => assert.ok(
    lines[at].startsWith(`src/net/a.c:${at + 1}: ${name} is banned`)));
});

test('refuses goto', () => {
  refuses({ 'src/net/a.c': '\n    goto out;\n' }, /a\.c:2: goto is banned/);
});

test('lets each floor do what is its own', () => {
  accepts({ 'src/base/mem.c': 'p = malloc(1);\nfree(p);\n' });
  accepts({ 'src/app/main.c': 'getenv("A");\nfopen("b", "r");\nprintf("");\n' });
  refuses({ 'src/app/main.c': 'p = malloc(1);\n' }, /malloc is banned/);
  refuses({ 'src/base/mem.c': 'getenv("A");\n' }, /getenv is banned/);
});

test('is not fooled by comments, literals and longer names', () => {
  accepts({
    'src/net/a.c': '/* malloc(1)\n * goto x */\n// free(x)\n' +
      'char *s = "sprintf(\\"x\\")";\nmem_free(s);\nsnprintf(s);\n' +
      'pool->free(s);\nlocaltime_r(a, b);\n',
  });
});

test('finds a call behind a literal that looks like a comment', () => {
  refuses({ 'src/net/a.c': 'f("/*"); free(x); g("*/");\n' }, /free is banned/);
});

test('refuses what was left to do, in comments too', () => {
  for (const word of ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX']) {
    refuses({ 'src/net/a.c': `/* ${word}: later */\n` }, /write an issue/);
  }
});

test('refuses the paths of one machine in any text', () => {
  for (const folder of ['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me']) {
    refuses({ 'docs/a.md': `look in /${folder}/x\n` }, /path of one machine/);
  }
});

test('refuses the address of a package registry', () => {
  refuses({ '.npmrc': 'registry=https://registry.' + 'npmjs.org/\n' },
    /package registry/);
});

test('refuses addresses in a lock file', () => {
  refuses({ 'package-lock.json': '"resolved": "https:' + '//x/y.tgz"\n' },
    /omit-lockfile-registry-resolved/);
});

test('leaves binary files alone', () => {
  accepts({ 'docs/a.bin': 'x\0/ro' + 'ot/x' });
});
