// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { House, project, run } from './house.mjs';

const status = `/* STATUS(NAME, http, code, text) */
STATUS(OK, 200, "OK", "Done.")
STATUS(NOT_FOUND, 404, "NOT_FOUND", "There is nothing, "
                                    "not here (yet).")
`;
const config = `/* "Where */
#define CONFIG(name, kind, initial, min, max, text)
CONFIG(PORT, INTEGER, "3001", 0, MAX(1, 65535),
       "The port; \\"0\\" takes any free one.")
CONFIG(FRONTEND_URL, URL_LIST, "", 0, 32, "As https://*.example.org, or */x.")
CONFIG(LOG_LEVEL, CHOICE, "info", 0, 0, "How much.") /* a (b */
CHOICES(LOG_LEVEL, "warn info")
`;

function withTables(use) {
  const house = new House({
    'src/base/status.def': status, 'src/app/config.def': config,
  });
  try {
    use(house);
  } finally {
    house.remove();
  }
}

test('writes both pages from the tables', () => withTables((house) => {
  assert.equal(house.check('gen-docs').code, 0);
  const errors = readFileSync(join(house.root, 'docs/errors.md'), 'utf8');
  const settings = readFileSync(join(house.root, 'docs/config.md'), 'utf8');

  assert.match(errors,
    /\| `NOT_FOUND` \| 404 \| There is nothing, not here \(yet\)\. \|\n$/);
  assert.doesNotMatch(errors, /`OK`/);
  assert.equal(settings.slice(settings.indexOf('## `PORT`')), `## \`PORT\`

integer · 0 to MAX(1, 65535) · default \`3001\`

The port; "0" takes any free one.

## \`FRONTEND_URL\`

url list · at most 32 entries · default empty

As https://*.example.org, or */x.

## \`LOG_LEVEL\`

choice · one of \`warn\`, \`info\` · default \`info\`

How much.
`);
}));

test('writes a page of the commands, groups behind the rest', () => {
  const house = new House({
    'src/app/command.def': `#ifndef GROUP
#define GROUP(word, text)
#endif
GROUP("user", "the readers")
COMMAND(user_ban, "user ban", DATABASE, "ID [--reason TEXT] "
        "[--yes]", "keep one out")
EXAMPLE(user_ban, "user ban 7 --yes")
COMMAND(serve, "serve", SETTINGS, "", "run")
`,
    'src/app/flag.def': `FLAG(REASON, "--reason", TEXT, "1", "9", "why")
FLAG(YES, "--yes", BOOLEAN, "", "", "do it")
`,
  });
  try {
    assert.equal(house.check('gen-docs').code, 0);
    const page = readFileSync(join(house.root, 'docs/commands.md'), 'utf8');
    assert.equal(page.slice(page.indexOf('### serve')), `### serve

Run.

    bookplate serve

## user: the readers

### user ban

Keep one out.

    bookplate user ban ID [--reason TEXT] [--yes]

| flag | |
|---|---|
| \`--reason TEXT\` | why |
| \`--yes\` | do it |

For example

    bookplate user ban 7 --yes
`);
    house.write('src/app/flag.def', 'FLAG(REASON, "--reason", TEXT, "1", "9", ' +
      '"what for")\nFLAG(YES, "--yes", BOOLEAN, "", "", "do it")\n');
    assert.match(house.check('gen-docs', '--check').lines[0],
      /^docs\/commands\.md:1: stale/);
  } finally {
    house.remove();
  }
});

test('calls a missing and a stale page stale', () => withTables((house) => {
  assert.equal(house.check('gen-docs', '--check').lines.length, 2);
  house.check('gen-docs');
  assert.deepEqual(house.check('gen-docs', '--check'), { code: 0, lines: [] });
  house.write('src/base/status.def', status.replace('nothing', 'little'));
  const { code, lines } = house.check('gen-docs', '--check');
  assert.equal(code, 1);
  assert.match(lines[0], /^docs\/errors\.md:1: stale .*make docs$/);
}));

test('says nothing of tables that do not exist', () => {
  const house = new House();
  assert.deepEqual(house.check('gen-docs', '--check'), { code: 0, lines: [] });
  house.remove();
});

test('the pages of this repository are fresh', () => {
  assert.deepEqual(run(join(project, 'tools/gen-docs'), ['--check', project]),
    { code: 0, lines: [] });
});
