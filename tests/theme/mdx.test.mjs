// SPDX-License-Identifier: Apache-2.0
// Markdown as authors write it, and what Docusaurus gets to compile.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { theme } from './theme.mjs';

const { withComponents } = theme('build/mdx/source');
const { asPart, possibleSiblings, readName, siblingsOf, withSiblings } =
  theme('build/mdx/siblings');
const { syntaxOf } = theme('build/mdx/syntax');
const { parse } = theme('build/mdx/parse');

/** Lines with something on them, without what only spaces them. */
const lines = (text) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter(Boolean);

const made = async (source) => lines(await withComponents(source));

test('what_has_none_of_it_stays_as_it_is', async () => {
  for (const source of [
    '',
    '# A\r\n\r\ntext',
    'a { b <c',
    '---\nx: 1\n---\n',
  ]) {
    assert.equal(await withComponents(source), source);
  }
});

test('directives_become_components', async () => {
  assert.deepEqual(
    await made(
      ':::for-reader{lacks="languages:cpp"}\nA :term[node *x*]{of="node"}.\n:::\n\n:::recap\nB\n:::',
    ),
    [
      '<ForReader lacks="languages:cpp">',
      'A <Term of="node">node *x*</Term>.',
      '</ForReader>',
      '<Recap>',
      'B',
      '</Recap>',
    ],
  );
});

test('variants_that_touch_become_a_set', async () => {
  const set = [
    '<VariantSet>',
    '<Variant for="level:beginner" fallback>',
    'A',
    '</Variant>',
    '<Variant for="level:expert">',
    'B',
    '</Variant>',
    '</VariantSet>',
  ];
  const directives =
    ':::variant{for="level:beginner" fallback}\nA\n:::\n\n:::variant{for="level:expert"}\nB\n:::';
  assert.deepEqual(await made(directives), set);
  assert.deepEqual(await made(`${directives.replace(/\n/g, '\r\n')}\r\n`), set);
  const written = set.slice(1, -1).join('\n');
  assert.deepEqual(await made(written), set);
  assert.deepEqual(await made(set.join('\n\n')), set, 'an author’s own set');
});

test('text_between_variants_parts_them_and_a_remark_does_not', async () => {
  const variant = (name) => `<Variant for="a:${name}">\nx\n</Variant>`;
  const count = async (between) =>
    (await made(`${variant('b')}\n\n${between}\n\n${variant('c')}`)).filter(
      (line) => line === '<VariantSet>',
    ).length;
  assert.equal(await count('text'), 2);
  assert.equal(await count('{/* a remark */}'), 1);
  assert.equal(await count('<!-- a { remark -->'), 1);
});

test('a_set_stands_within_a_set', async () => {
  const source =
    '::::variant{for="level:beginner" fallback}\nA\n\n:::variant{for="gpu:a"}\nB\n:::\n:::variant{for="gpu:b" fallback}\nC\n:::\n::::\n:::variant{for="level:expert"}\nD\n:::';
  assert.deepEqual(await made(source), [
    '<VariantSet>',
    '<Variant for="level:beginner" fallback>',
    'A',
    '<VariantSet>',
    '<Variant for="gpu:a">',
    'B',
    '</Variant>',
    '<Variant for="gpu:b" fallback>',
    'C',
    '</Variant>',
    '</VariantSet>',
    '</Variant>',
    '<Variant for="level:expert">',
    'D',
    '</Variant>',
    '</VariantSet>',
  ]);
});

test('variants_stand_in_lists_quotes_and_tabs', async () => {
  assert.deepEqual(await made('- :::variant{for="a:b"}\n  x\n  :::\n- y'), [
    '- <VariantSet>',
    '  <Variant for="a:b">',
    '  x',
    '  </Variant>',
    '  </VariantSet>',
    '- y',
  ]);
  const quoted = await made('> :::variant{for="a:b"}\n> x\n> :::\n');
  assert.ok(
    quoted.every((line) => line.startsWith('>')),
    quoted.join('\n'),
  );
  assert.ok(quoted.includes('> </Variant>'));
  const tabs = await made(
    '<Tabs>\n<TabItem value="a">\n\n<Variant for="a:b">\nx\n</Variant>\n\n</TabItem>\n</Tabs>',
  );
  assert.deepEqual(tabs.slice(2, 4), ['<VariantSet>', '<Variant for="a:b">']);
});

test('variants_on_single_lines_are_a_set_too', async () => {
  const source =
    '<Variant for="a:b">A</Variant>\n<Variant for="a:c">B</Variant>';
  assert.deepEqual(await made(source), [
    '<VariantSet>',
    ...lines(source),
    '</VariantSet>',
  ]);
});

test('code_and_sentences_are_left_alone', async () => {
  for (const source of [
    '```mdx\n<Variant for="a:b">\n:::variant{for="x"}\n```\n',
    '`<Variant for="a:b">` and `:term[x]{of="y"}`\n',
    'see:term and :variant, at 10:30\n',
  ]) {
    assert.equal(await withComponents(source), source);
  }
});

test('what_docusaurus_allows_is_no_error', async () => {
  const head = '---\ntitle: "x: {y"\n---\n\n## A {#own-id}\n\n<!-- { -->\n\n';
  const text = await withComponents(`${head}:term[x]{of="y"}`);
  assert.equal(text, `${head}<Term of="y">x</Term>`);
  const toml = '+++\na = "{"\n+++\n\n:term[x]{of="y"}\n';
  assert.match(
    await withComponents(toml),
    /^\+\+\+\na = "\{"\n\+\+\+\n\n<Term/,
  );
});

test('attributes_keep_their_quotes', async () => {
  const source = ":term[x]{of='a\"b&c'}";
  assert.equal(
    await withComponents(source),
    '<Term of="a&quot;b&amp;c">x</Term>',
  );
});

test('a_directive_that_is_not_closed_is_named_with_its_line', async () => {
  for (const [source, line, colons] of [
    ['a\n\n:::variant{for="a:b"}\nx\n', 3, ':::'],
    ['::::variant{for="a:b"}\n:::note\nx\n:::\n', 1, '::::'],
    [':::recap', 1, ':::'],
  ]) {
    await assert.rejects(withComponents(source), {
      message: new RegExp(`^line ${line}: "${colons}\\w+" is not closed`),
    });
  }
});

test('only_levels_make_a_sibling', () => {
  const level = (file) => readName(file)?.level;
  assert.equal(level('/a/x.beginner.md'), 'beginner');
  assert.equal(level('/a/_x.y.expert.mdx'), 'expert');
  assert.equal(level('/a/x.summary.md'), undefined);
  assert.equal(level('/a/beginner.md'), undefined);
  assert.equal(level('/a/x.expert.ts'), undefined);
});

test('siblings_are_found_whatever_their_ending', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const file of [
    'x.md',
    'x.expert.mdx',
    '_x.beginner.md',
    'xy.expert.md',
  ]) {
    writeFileSync(join(folder, file), '');
  }
  const chapter = join(folder, 'x.md');
  const found = (await siblingsOf(chapter)).map(({ file }) => file);
  assert.deepEqual(found, [
    join(folder, '_x.beginner.md'),
    join(folder, 'x.expert.mdx'),
  ]);
  found.forEach((file) => assert.ok(possibleSiblings(chapter).includes(file)));
  assert.deepEqual(await siblingsOf(found[1]), []);
});

const sibling = (level) => ({ level, file: `/a/x.${level}.md` });

test('a_chapter_is_the_fallback_beside_one_to_three_siblings', async () => {
  const source =
    "---\ntitle: T\n---\n\nimport A from './a';\n\n# T\n\nText.\n\n## Part {#part}\n\nMore.";
  for (const [levels, rest] of [
    [['beginner'], 'level:intermediate level:expert'],
    [['beginner', 'expert'], 'level:intermediate'],
    [['beginner', 'intermediate', 'expert'], ''],
  ]) {
    const text = await withSiblings(source, levels.map(sibling));
    const all = lines(text);
    assert.equal(all.indexOf('<VariantSet>'), all.indexOf('# T') + 1);
    assert.ok(all.includes(`<Variant for="${rest}" fallback>`));
    assert.ok(all.indexOf("import A from './a';") < all.indexOf('# T'));
    assert.ok(all.includes('## Part {#part}'));
    assert.equal(
      all.filter((line) => line === '</Variant>').length,
      levels.length + 1,
    );
    await parse(text);
  }
});

test('a_chapter_of_front_matter_alone_may_have_siblings', async () => {
  const text = await withSiblings('---\ntitle: T\n---', [sibling('expert')]);
  assert.match(text, /^---\ntitle: T\n---\n/);
  await parse(text);
});

test('a_sibling_brings_no_front_matter_no_title_and_own_anchors', async () => {
  for (const end of ['\n', '\r\n']) {
    const source = [
      '---',
      'title: T',
      '---',
      "import A from './a';",
      '',
      '# Title',
      '',
      '## Set *up*',
      '',
      '## Set up',
      '',
      '### Own {#mine}',
      '',
      'Text',
      '----',
    ].join(end);
    assert.deepEqual(lines(await asPart(source, 'beginner')), [
      "import A from './a';",
      '## Set *up* {#set-up-beginner}',
      '## Set up {#set-up-1-beginner}',
      '### Own {#mine}',
      'Text {#text-beginner}',
      '----',
    ]);
  }
});

test('mathematics_is_read_when_the_site_reads_it', async () => {
  function remarkMath() {}
  const docs = { remarkPlugins: [[remarkMath, { x: 1 }], () => {}] };
  const config = { plugins: [['docs', docs]], presets: [], themes: [] };
  assert.deepEqual(syntaxOf(config), [[remarkMath, { x: 1 }]]);
  const preset = { plugins: [], themes: [], presets: [['classic', { docs }]] };
  assert.equal(syntaxOf(preset).length, 1);
  assert.deepEqual(syntaxOf({ plugins: [], presets: [], themes: [] }), []);
});
