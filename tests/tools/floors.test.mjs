// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from './house.mjs';

function refuses(extra, pattern) {
  const { code, lines } = verdict('check-floors', extra);
  assert.equal(code, 1, lines.join('\n'));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], pattern);
}

test('passes a clean house', () => {
  assert.deepEqual(verdict('check-floors', {}), { code: 0, lines: [] });
});

test('refuses an include from a floor above, with its line', () => {
  refuses({ 'src/base/a.c': '\n\n#include "codec/json.h"\n' },
    /^src\/base\/a\.c:3: base may not include codec/);
});

test('refuses a neighbour on the same floor', () => {
  refuses({ 'src/mail/a.h': '#include "limit/bucket.h"\n' },
    /mail may not include limit/);
});

test('sees through spaces around the directive', () => {
  refuses({ 'src/base/a.c': '  #  include   "app/main.h"\n' },
    /base may not include app/);
});

test('refuses an include without its folder', () => {
  refuses({ 'src/base/a.c': '#include "slice.h"\n' },
    /write "base\/slice\.h"/);
});

for (const [header, place, away] of [
  ['jansson.h', 'codec', 'http'], ['utf8proc.h', 'codec', 'base'],
  ['md4c.h', 'codec', 'book'], ['openssl/evp.h', 'crypto', 'net'],
  ['crypt.h', 'crypto', 'auth'],
  ['curl/curl.h', 'net', 'llm'], ['sqlite3.h', 'store/sqlite', 'store'],
  ['libpq-fe.h', 'store/postgres', 'store/sqlite'],
  ['hiredis/hiredis.h', 'limit', 'search'], ['zxcvbn.h', 'auth', 'api'],
]) {
  test(`keeps ${header} behind the wall of ${place}`, () => {
    const text = `#include <${header}>\n`;
    assert.equal(
      verdict('check-floors', { [`src/${place}/a.c`]: text }).code, 0);
    refuses({ [`src/${away}/a.c`]: text }, /belongs to src/);
    refuses({ [`src/${away}/a.c`]: text.replace(/[<>]/g, '"') },
      /belongs to src/);
  });
}

test('refuses a folder that is on no floor', () => {
  refuses({ 'src/attic/a.c': '\n' }, /src\/attic is on no floor/);
  refuses({ 'src/a.c': '\n' }, /is on no floor/);
});

test('refuses a drawer', () => {
  for (const name of ['common', 'utils', 'misc', 'lib', 'helpers']) {
    refuses({ [`tests/${name}/a.txt`]: 'x' }, /is a drawer/);
  }
});

test('refuses unit tests of a floor that does not exist', () => {
  refuses({ 'tests/unit/attic/a_test.c': '\n' }, /which has no attic/);
});
