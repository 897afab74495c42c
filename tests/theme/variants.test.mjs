// SPDX-License-Identifier: Apache-2.0
// The rules that choose a variant, read back by a small engine for exactly the
// selectors they are made of.
import assert from 'node:assert/strict';
import test from 'node:test';

import { theme } from './theme.mjs';

const { rulesOfPiece, rulesOfSet, safeConditions } = theme('core/variants');

/** Whether <html> with these words and attributes meets a selector. */
function meets(html, words, all) {
  const rest = html
    .replace(/^html/, '')
    .replace(/:not\(\[data-bookplate-all\]\)/, () => (all ? '!' : ''));
  const has = (list) =>
    [...list.matchAll(/~="([^"]+)"/g)].some(([, word]) => words.includes(word));
  const without = rest.replace(/:not\(:is\(([^)]*)\)\)/g, (_, list) =>
    has(list) ? '!' : '',
  );
  const within = without.replace(/:is\(([^)]*)\)/g, (_, list) =>
    has(list) ? '' : '!',
  );
  assert.match(within, /^!*$/, `not understood: ${html}`);
  return within === '';
}

function shown(css, ids, words, all = false) {
  const hidden = [...css.matchAll(/(html\S*) (\S+?)\{display:none\}/g)]
    .filter(([, html]) => meets(html, words, all))
    .map(([, , place]) => place);
  return ids.filter((id) => !hidden.includes(`[data-bookplate-part="${id}"]`));
}

const part = (id, conditions, fallback = false) => ({
  id,
  conditions,
  fallback,
  headings: [],
});

const SET = [
  part('b', ['level:beginner'], true),
  part('x', ['level:intermediate', 'level:expert']),
];

test('the_variant_that_fits_is_shown_and_no_other', () => {
  const css = rulesOfSet(SET);
  assert.deepEqual(shown(css, ['b', 'x'], ['level:beginner']), ['b']);
  assert.deepEqual(shown(css, ['b', 'x'], ['gpu:a', 'level:expert']), ['x']);
});

test('the_fallback_is_shown_to_whom_nothing_fits', () => {
  const css = rulesOfSet(SET);
  assert.deepEqual(shown(css, ['b', 'x'], []), ['b']);
  assert.deepEqual(shown(css, ['b', 'x'], ['original']), ['b']);
  const bare = rulesOfSet([part('b', [], true), part('x', ['gpu:a'])]);
  assert.deepEqual(shown(bare, ['b', 'x'], []), ['b']);
  assert.deepEqual(shown(bare, ['b', 'x'], ['gpu:a']), ['x']);
});

test('a_reader_two_variants_are_for_sees_both', () => {
  const css = rulesOfSet([
    part('f', ['a:0'], true),
    part('j', ['devices:jetson']),
    part('r', ['devices:robot']),
  ]);
  const words = ['devices:robot', 'devices:jetson'];
  assert.deepEqual(shown(css, ['f', 'j', 'r'], words), ['j', 'r']);
  assert.deepEqual(shown(css, ['f', 'j', 'r'], ['a:0', ...words]), [
    'f',
    'j',
    'r',
  ]);
});

test('whoever_asked_for_all_sees_all', () => {
  const css = rulesOfSet(SET);
  assert.deepEqual(shown(css, ['b', 'x'], [], true), ['b', 'x']);
});

test('the_headings_of_a_hidden_variant_leave_the_contents', () => {
  const [b, x] = SET;
  const css = rulesOfSet([b, { ...x, headings: ['deep-"end'] }]);
  assert.ok(
    css.includes(
      '.table-of-contents li:has(>a[href="#deep-\\"end"]){display:none}',
    ),
  );
});

test('a_piece_is_for_those_who_have_or_lack_a_word', () => {
  const has = rulesOfPiece('p', 'gpu:a gpu:b', '');
  assert.deepEqual(shown(has, ['p'], ['gpu:b']), ['p']);
  assert.deepEqual(shown(has, ['p'], []), []);
  const lacks = rulesOfPiece('p', '', 'gpu:a');
  assert.deepEqual(shown(lacks, ['p'], []), ['p']);
  assert.deepEqual(shown(lacks, ['p'], ['gpu:a']), []);
  assert.equal(rulesOfPiece('p', '', ''), '');
});

test('nothing_but_conditions_gets_into_a_style_sheet', () => {
  assert.deepEqual(safeConditions('a:b "]{} </style> c:d'), ['a:b', 'c:d']);
  const css = rulesOfSet([part('</style>', ['a:b'])]);
  assert.ok(!css.includes('</style'));
});
