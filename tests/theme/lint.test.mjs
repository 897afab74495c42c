// SPDX-License-Identifier: Apache-2.0
// What is said of a chapter with a mistake: each mistake, with its line.
import assert from 'node:assert/strict';
import test from 'node:test';

import { theme } from './theme.mjs';

const { chapterFindings } = theme('build/checks/chapter');
const { contentFindings } = theme('build/checks/content');
const { wordsFor } = theme('build/checks/words');
const { readQuestionnaire } = theme('build/questionnaires');
const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
const { tmpdir } = await import('node:os');
const { join } = await import('node:path');

const rules = {
  words: wordsFor(readQuestionnaire('default', '/')),
  glossary: { node: { term: 'node', text: 'A program.' } },
  syntax: [],
};

/** "rule:line" of each finding. */
async function found(text, siblings = []) {
  const findings = await chapterFindings(
    { file: 'docs/x.md', text },
    siblings.map((one) => ({ file: 'docs/x.expert.md', text: one })),
    rules,
  );
  findings.forEach(({ fix, text: said }) => {
    assert.ok(fix && said && !`${fix}${said}`.includes('\n'));
  });
  return findings.map(({ rule, line }) => `${rule}:${line}`);
}

const variant = (conditions, text = 'x', rest = '') =>
  `<Variant for="${conditions}"${rest}>\n\n${text}\n\n</Variant>\n`;
const GOOD =
  variant('level:beginner', 'x', ' fallback') +
  variant('level:intermediate level:expert');

test('a_sound_chapter_has_no_findings', async () => {
  assert.deepEqual(await found(`Text.\n\n${GOOD}`), []);
  assert.deepEqual(
    await found(
      ':::for-reader{has="devices:jetson"}\n:term[n]{of="node"}\n:::\n',
    ),
    [],
  );
});

test('a_condition_nobody_meets_is_named', async () => {
  const wrong = GOOD.replace('level:expert', 'level:expret');
  assert.deepEqual(await found(`\n${wrong}`), ['impossible-condition:7']);
  assert.deepEqual(
    await found('<ForReader has="gqu:rtx">\n\nx\n\n</ForReader>'),
    ['impossible-condition:1'],
  );
  assert.deepEqual(await found(`${GOOD}\n:::for-reader{lacks="cpp"}\nx\n:::`), [
    'impossible-condition:12',
  ]);
});

test('a_set_needs_one_fallback', async () => {
  assert.deepEqual(
    await found(variant('level:beginner') + variant('level:expert')),
    ['no-fallback:1'],
  );
  const two = GOOD.replace('expert"', 'expert" fallback');
  assert.deepEqual(await found(two), ['two-fallbacks:6']);
});

test('a_set_within_a_set_is_looked_at_too', async () => {
  const inner = variant('level:expert');
  assert.deepEqual(
    await found(
      variant('level:beginner', inner, ' fallback') + variant('level:expert'),
    ),
    ['no-fallback:3'],
  );
});

test('the_same_readers_in_two_variants_are_named', async () => {
  assert.deepEqual(await found(GOOD + variant('level:expert')), [
    'condition-twice:11',
  ]);
});

const code = (text, head = 'python') => `\`\`\`${head}\n${text}\n\`\`\``;

test('code_is_the_same_at_all_levels', async () => {
  const set = (a, b, keys = ['level:beginner', 'level:expert']) =>
    variant(keys[0], a, ' fallback') + variant(keys[1], b);
  assert.deepEqual(await found(set(code('a = 1'), code('a = 2'))), [
    'code-differs:10',
  ]);
  for (const [a, b] of [
    [code('a = 1'), code('a = 1  ')],
    [code('a = 1'), 'none'],
    [code('a = 1'), `${code('a = 1')}\n\n${code('b')}`],
    [code('a = 1'), code('a = 2', 'cpp')],
  ]) {
    assert.deepEqual(await found(set(a, b)), []);
  }
  const devices = ['devices:jetson', 'devices:arduino'];
  assert.deepEqual(await found(set(code('a'), code('b'), devices)), []);
});

test('a_file_is_the_same_in_a_sibling', async () => {
  const titled = (text) => code(text, 'python title="a.py"');
  assert.deepEqual(await found(titled('a'), [`x\n\n${titled('b')}`]), [
    'code-differs:3',
  ]);
  assert.deepEqual(await found(code('a'), [code('b')]), []);
});

test('a_word_the_glossary_lacks_is_named', async () => {
  assert.deepEqual(await found('a\n\n:term[x]{of="nodes"}'), [
    'unknown-term:3',
  ]);
  assert.deepEqual(await found('<Term of="topic">x</Term>'), [
    'unknown-term:1',
  ]);
});

test('a_variant_in_a_sentence_is_named', async () => {
  assert.deepEqual(await found('a <Variant for="level:expert">b</Variant> c'), [
    'variant-in-a-line:1',
  ]);
});

test('what_cannot_be_read_is_named_with_its_line', async () => {
  assert.deepEqual(await found('a\n\n:::variant{for="level:expert"}\nx'), [
    'syntax:3',
  ]);
  assert.deepEqual(await found('<Variant for="level:expert">\n\nx\n'), [
    'syntax:1',
  ]);
});

test('needs_and_siblings_are_checked_over_the_book', async (t) => {
  const siteDir = mkdtempSync(join(tmpdir(), 'bookplate-'));
  t.after(() => rmSync(siteDir, { recursive: true }));
  const doc = (name, bookplate) => {
    const text = `---\nbookplate:\n  needs: ${JSON.stringify(bookplate.needs)}\n---\n`;
    writeFileSync(join(siteDir, name), text);
    return { source: `@site/${name}`, frontMatter: { bookplate } };
  };
  const docs = [
    doc('a.md', { concepts: ['robots'], needs: [] }),
    doc('b.md', { needs: ['robots', 'magic', 'languages:cobol'] }),
    doc('b.expert.md', { needs: [] }),
  ];
  const findings = await contentFindings(
    [{ loadedVersions: [{ docs }] }],
    siteDir,
    rules,
  );
  assert.deepEqual(
    findings.map(({ rule, file, line }) => [rule, file, line]),
    [
      ['untaught-need', 'b.md', 3],
      ['impossible-condition', 'b.md', 3],
      ['sibling-is-a-page', 'b.expert.md', undefined],
    ],
  );
});
