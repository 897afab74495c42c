// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

/** Embeds the named files of a house's db/. */
function embed(files, names, use) {
  const house = new House(files);
  const output = join(house.root, 'migrations.c');
  try {
    const paths = names.map((name) => join(house.root, 'db', name));
    const { code, lines } = run(join(project, 'tools/embed-migrations'), [
      output,
      ...paths,
    ]);
    use({ code, lines, text: existsSync(output) && readFileSync(output, 'utf8') });
  } finally {
    house.remove();
  }
}

const two = {
  'db/0001_first.sql': '-- A remark.\nCREATE TABLE "a" (b text);\n\n',
  'db/0002_second_one.sql': "INSERT INTO a VALUES ('\\');\n",
};

test('keeps statements, leaves remarks', () =>
  embed(two, ['0001_first.sql', '0002_second_one.sql'], ({ code, text }) => {
    assert.equal(code, 0);
    assert.ok(text.includes('{1, SLICE_INIT("first"), SLICE_INIT('));
    assert.ok(text.includes('{2, SLICE_INIT("second_one"), SLICE_INIT('));
    assert.ok(text.includes('"CREATE TABLE \\"a\\" (b text);\\n"'));
    assert.ok(text.includes(`"INSERT INTO a VALUES ('\\\\');\\n"`));
    assert.ok(!text.includes('remark'));
  }));

test('a file that is not named stops the build', () =>
  embed(two, ['0001_first.sql'], ({ code, lines, text }) => {
    assert.equal(code, 1);
    assert.match(lines[0], /0002_second_one\.sql is not named/);
    assert.equal(text, false);
  }));

test('a gap, a wrong order or a wrong name stops the build', () => {
  const odd = { 'db/0001_first.sql': '', 'db/0003_third.sql': '' };
  embed(odd, ['0001_first.sql', '0003_third.sql'], ({ code, lines }) => {
    assert.equal(code, 1);
    assert.match(lines[0], /the next file is 0002_NAME\.sql/);
  });
  embed(two, ['0002_second_one.sql', '0001_first.sql'], ({ code }) =>
    assert.equal(code, 1),
  );
  embed({ 'db/first.sql': '' }, ['first.sql'], ({ code }) =>
    assert.equal(code, 1),
  );
});
