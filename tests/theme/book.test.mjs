// SPDX-License-Identifier: Apache-2.0
// How a rendered page is read: what counts as text, where a section ends, for
// whom it is.
import assert from 'node:assert/strict';
import test from 'node:test';

import { theme } from './theme.mjs';

const { documentOf } = theme('build/book');

const KNOWN = {
  id: 'default/current/x',
  plugin: 'default',
  version: 'current',
  locale: 'en',
  route: '/book/x',
  title: 'X',
  description: '',
  front_matter: { bookplate: {}, tags: [] },
};

const read = (html) =>
  documentOf(
    `<html><body><nav>Navbar</nav><div class="bookplate-bar">Bar</div>
    <div class="theme-doc-markdown markdown"><header><h1>X</h1></header>${html}</div></body></html>`,
    KNOWN,
  );
const first = (html) => read(html).sections[0];
const heading = (level, id, title = id) =>
  `<h${level} class="anchor" id="${id}">${title}<a href="#${id}" class="hash-link" aria-label="Direct link to ${title}">\u200b</a></h${level}>`;

test('text_is_what_readers_see', () => {
  const { text } = first(`
    <p>A <strong>bold</strong>
      line,<br>broken.</p><style>p{}</style><script>x()</script>
    <ul><li>one</li><li><p>two</p><ul><li>in</li></ul></li></ul>
    <table><thead><tr><th>part</th><th>price</th></tr></thead>
    <tbody><tr><td>arm</td><td>20</td></tr></tbody></table>
    <p><img src="r.svg" alt="A robot"><button>Copy</button>
    <span data-bookplate-term="node"><button>nodes</button></span></p>`);
  assert.equal(
    text,
    'A bold line,\nbroken.\n\n- one\n- two\n- in\n\npart | price\narm | 20\n\nA robot nodes',
  );
});

test('code_keeps_its_lines_and_its_place', () => {
  const { text, code } = first(`<p>Né</p>
    <div class="language-python codeBlockContainer_x theme-code-block">
    <div class="codeBlockTitle_y">a.py</div><div><pre class="prism-code language-python">
<code><span class="token-line"><span>def a():</span><br></span><span class="token-line"><span>    pass</span><br></span></code></pre>
    <div><button>Copy</button></div></div></div><p>after</p>`);
  assert.equal(text, 'Né\n\nafter');
  assert.deepEqual(code, [
    { at: 3, language: 'python', title: 'a.py', text: 'def a():\n    pass' },
  ]);
});

test('all_tabs_are_read_each_under_its_label', () => {
  const { text } = first(`<div class="tabs-container">
    <ul role="tablist"><li role="tab">Python</li><li role="tab">C++</li></ul>
    <div><div role="tabpanel"><p>a</p></div><div role="tabpanel" hidden><p>b</p></div></div></div>`);
  assert.equal(text, 'Python:\n\na\n\nC++:\n\nb');
});

test('a_formula_is_its_source', () => {
  const { text } = first(
    '<p>So <span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span><span class="katex-html" aria-hidden="true">x2</span></span>.</p>',
  );
  assert.equal(text, 'So $x^2$.');
});

test('a_section_goes_from_heading_to_heading', () => {
  const { sections } = read(
    `<p>0</p>${heading(2, 'a')}<p>1</p>${heading(3, 'b')}<p>2</p>${heading(2, 'c', '<em>C</em> c')}<p>3</p>`,
  );
  assert.deepEqual(
    sections.map(({ id, route, headings, text }) => [
      id,
      route,
      headings,
      text,
    ]),
    [
      ['default/current/x#', '/book/x', ['X'], '0'],
      ['default/current/x#a', '/book/x#a', ['X', 'a'], '1'],
      ['default/current/x#b', '/book/x#b', ['X', 'a', 'b'], '2'],
      ['default/current/x#c', '/book/x#c', ['X', 'C c'], '3'],
    ],
  );
});

const variant = (html, words, fallback = '') =>
  `<div data-bookplate-part="1" data-bookplate-for="${words}"${fallback}><p class="bookplate-variant__for">For readers with</p>${html}</div>`;

test('what_is_for_some_readers_is_a_variant', () => {
  const { text, variants } = first(
    `<p>all</p>${variant('<p>b</p>', 'level:beginner', ' data-bookplate-fallback=""')}${variant('<p>x</p><div data-bookplate-has="gpu:rtx"><p>g</p></div><p>y</p>', 'level:expert')}<div data-bookplate-lacks="languages:cpp"><p>n</p></div><p>end</p>`,
  );
  assert.equal(text, 'all\n\nend');
  const expert = { any: ['level:expert'], fallback: false };
  assert.deepEqual(variants, [
    {
      at: 3,
      conditions: [{ any: ['level:beginner'], fallback: true }],
      text: 'b',
      code: [],
    },
    { at: 3, conditions: [expert], text: 'x\n\ny', code: [] },
    {
      at: 3,
      conditions: [expert, { any: ['gpu:rtx'], fallback: false }],
      text: 'g',
      code: [],
    },
    { at: 3, conditions: [{ none: ['languages:cpp'] }], text: 'n', code: [] },
  ]);
});

test('a_heading_within_a_variant_is_for_its_readers_alone', () => {
  const { sections } = read(
    `${heading(2, 'a')}${variant(`${heading(3, 'b')}<p>in</p>`, 'level:expert')}<p>out</p>`,
  );
  assert.deepEqual(
    sections
      .slice(1)
      .map(({ anchor, conditions, text }) => [anchor, conditions.length, text]),
    [
      ['a', 0, 'out'],
      ['b', 1, 'in'],
    ],
  );
});

test('ids_outlive_the_text_and_hashes_do_not', () => {
  const [before, after] = ['old', 'new'].map((text) =>
    read(`${heading(2, 'a')}<p>${text}</p>${heading(2, 'b')}<p>same</p>`),
  );
  const ids = ({ sections }) => sections.map(({ id }) => id);
  const hashes = ({ sections }) => sections.map(({ hash }) => hash);
  assert.deepEqual(ids(before), ids(after));
  assert.notEqual(hashes(before)[1], hashes(after)[1]);
  assert.equal(hashes(before)[2], hashes(after)[2]);
  assert.notEqual(before.hash, after.hash);
});

test('an_anchor_that_is_there_twice_gives_two_ids', () => {
  const { sections } = read(heading(2, 'a') + heading(2, 'a'));
  assert.deepEqual(
    sections.map(({ id }) => id.split('#')[1]),
    ['', 'a', 'a~2'],
  );
});

test('a_page_without_a_chapter_has_no_text', () => {
  assert.equal(documentOf('<p>x</p>', KNOWN).sections[0].text, '');
});
