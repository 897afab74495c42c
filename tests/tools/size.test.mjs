// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from './house.mjs';

const lines = (count, text) => `${text}\n`.repeat(count);
const body = (count, signature = 'static int long_one(void)') =>
  `${signature}\n{\n${lines(count, '    x++;')}}\n`;

function check(text, name = 'src/net/a.c', ...flags) {
  return verdict('check-size', { [name]: text }, ...flags);
}

function accepts(text, name) {
  assert.deepEqual(check(text, name), { code: 0, lines: [] });
}

function refuses(text, pattern, name) {
  const { code, lines: said } = check(text, name);
  assert.equal(code, 1, said.join('\n'));
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0], pattern);
}

test('passes a clean house', () => accepts('int a;\n'));

test('knows the limit of a function to the line', () => {
  accepts(body(57));
  refuses(`int a;\n\n${body(58)}`,
    /^src\/net\/a\.c:3: long_one has 61 lines, at most 60/);
});

test('counts a signature of several lines', () => {
  refuses(body(57, 'static int long_one(int a,\n                    int b)'),
    /61 lines/);
});

test('lists an excused function only when asked', () => {
  const text = `int a;\n\n/* size: one table, one piece */\n${body(80)}`;
  accepts(text);
  const { code, lines: said } = check(text, undefined, '-v');
  assert.equal(code, 0);
  assert.match(said[0], /a\.c:4: excused: long_one has 83 lines/);
});

test('wants a reason for an excuse', () => {
  refuses(`/* size: */\n${body(80)}`, /83 lines/);
});

const nested = (depth) => 'void f(int a)\n{\n' +
  '    if (a) {\n'.repeat(depth) + '    g();\n' + '    }\n'.repeat(depth) +
  '}\n';

test('knows the limit of nesting', () => {
  accepts(nested(3));
  refuses(nested(4), /f has 4 levels of nesting/);
});

test('does not take data for nesting', () => {
  accepts('void f(int a)\n{\n    if (a) {\n        for (;;) {\n' +
    '            while (a) {\n                s = (struct t){{1}, {2}};\n' +
    '                const int u[] = {\n                    1,\n' +
    '                };\n            }\n        }\n    }\n}\n');
});

test('does not count braces in comments and literals', () => {
  accepts('void f(void)\n{\n    /* {{{{ */\n' +
    "    g(\"{{{{\", '{', '{', '{', '{');\n}\n");
});

test('knows the limit of parameters', () => {
  accepts('int f(int a, int b, int c, int d, int (*e)(int, int))\n{\n}\n');
  refuses('int f(int a, int b, int c, int d, int e, int g)\n{\n}\n',
    /f has 6 parameters/);
  refuses('__attribute__((unused)) static int\n' +
    'f(int a, int b, int c, int d, int e, int g)\n{\n}\n', /f has 6/);
});

test('knows the limits of files', () => {
  accepts(lines(600, 'int a;'));
  refuses(lines(601, 'int a;'), /601 lines, at most 600/);
  accepts(lines(200, 'int a;'), 'src/net/a.h');
  refuses(lines(201, 'int a;'), /201 lines, at most 200/, 'src/net/a.h');
  for (const name of ['packages/theme/src/a.ts', 'examples/book/src/a.tsx']) {
    accepts(lines(250, 'let a;'), name);
    refuses(lines(251, 'let a;'), /251 lines, at most 250/, name);
  }
});

test('excuses a file by its second line', () => {
  accepts(`/* SPDX */\n/* size: a table */\n${lines(700, 'int a;')}`);
});

test('knows the limit of includes', () => {
  accepts(lines(14, '#include <stdio.h>'));
  refuses(lines(15, '#include <stdio.h>'), /15 includes, at most 14/);
});

test('leaves tests alone', () => accepts(body(90), 'tests/unit/net/a.c'));
