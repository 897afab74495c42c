// SPDX-License-Identifier: Apache-2.0
// The pure functions: conditions, words, questionnaires, chapters, pages.
import assert from 'node:assert/strict';
import test from 'node:test';

import { theme } from './theme.mjs';

const { byKey, isCondition, meetsAny, parseConditions } =
  theme('core/conditions');
const { levelWord, named, overallLevel, wordsOf } = theme('core/words');
const { axisLevels, labelIn, possibleWords, questionsOf } =
  theme('core/questionnaire');
const { missingFor, unmetConditions } = theme('core/chapters');
const { pathInside } = theme('core/inside');
const { pageOf } = theme('core/pages');
const { isSameSite } = theme('core/api');

test('conditions_are_read_once_each', () => {
  assert.deepEqual(parseConditions(' a:b  a:c\n a:b '), ['a:b', 'a:c']);
  assert.deepEqual(parseConditions(undefined), []);
  assert.deepEqual(parseConditions(''), []);
});

test('what_is_no_key_and_value_is_no_condition', () => {
  for (const good of ['level:beginner', 'gpu:rtx-3.5', 'a_b:C']) {
    assert.ok(isCondition(good), good);
  }
  for (const bad of ['level', 'level:', ':x', 'a:b:c', 'a:"]{}', 'Ä:b']) {
    assert.ok(!isCondition(bad), bad);
  }
});

test('conditions_are_gathered_by_their_keys', () => {
  assert.deepEqual(byKey(['level:a', 'gpu:x', 'level:b']), [
    { key: 'level', values: ['a', 'b'] },
    { key: 'gpu', values: ['x'] },
  ]);
  assert.ok(meetsAny(['a:b', 'c:d'], ['x:y', 'c:d']));
  assert.ok(!meetsAny(['a:b'], []));
});

test('a_level_is_a_word_by_thirds_of_the_ladder', () => {
  assert.deepEqual(
    [0, 1, 1.49, 1.5, 2.49, 2.5, 3].map(levelWord),
    'beginner beginner beginner intermediate intermediate expert expert'.split(
      ' ',
    ),
  );
  assert.equal(overallLevel({ a: 0, b: 3, c: null }), 'intermediate');
  assert.equal(overallLevel({ a: null }), null);
});

test('a_reader_is_a_word_for_each_answer_and_axis', () => {
  const answers = { devices: ['jetson', 'a b'], years: 3, goal: 'to learn' };
  assert.deepEqual(wordsOf(answers, { software: 3 }), [
    'level:expert',
    'software:expert',
    'devices:jetson',
    'years:3',
  ]);
  assert.deepEqual(wordsOf(answers, { software: 3 }, 'beginner').slice(0, 2), [
    'level:beginner',
    'software:expert',
  ]);
  assert.deepEqual(wordsOf(answers, {}, 'original'), ['original']);
  assert.deepEqual(named(undefined), []);
});

const QUESTIONNAIRE = {
  id: 'q',
  title: 'Q',
  steps: [
    {
      id: 's',
      title: 'S',
      questions: [
        {
          id: 'python',
          kind: 'single',
          axis: 'software',
          choices: [
            { id: 'none', label: '', level: 0 },
            { id: 'well', label: '', level: 3 },
            { id: 'secret', label: '' },
          ],
        },
        { id: 'sums', kind: 'scale', axis: 'maths', min: 1, max: 5 },
        { id: 'java', kind: 'scale', axis: 'software', min: 0, max: 3 },
        { id: 'why', kind: 'text' },
      ],
    },
  ],
};

test('the_first_question_of_an_axis_that_says_something_counts', () => {
  const levels = (answers) => axisLevels(QUESTIONNAIRE, answers);
  assert.deepEqual(levels({}), {});
  assert.deepEqual(levels({ python: 'well', java: 0 }), { software: 3 });
  assert.deepEqual(levels({ python: 'secret', java: 2 }), { software: 2 });
  assert.deepEqual(levels({ sums: 5, why: 'x' }), { maths: 3 });
});

test('every_word_some_reader_could_be_is_known', () => {
  const words = possibleWords(QUESTIONNAIRE);
  assert.deepEqual(words.python, ['none', 'well', 'secret']);
  assert.deepEqual(words.sums, ['1', '2', '3', '4', '5']);
  assert.deepEqual(words.why, []);
  assert.deepEqual(words.software, ['beginner', 'intermediate', 'expert']);
  assert.equal(questionsOf(QUESTIONNAIRE).length, 4);
});

test('an_axis_named_as_its_question_keeps_the_words_of_both', () => {
  const words = possibleWords({
    ...QUESTIONNAIRE,
    steps: [
      {
        id: 's',
        title: '',
        questions: [
          {
            id: 'maths',
            kind: 'single',
            axis: 'maths',
            choices: [{ id: 'none', label: '', level: 0 }],
          },
        ],
      },
    ],
  });
  assert.deepEqual([...words.maths].sort(), [
    'beginner',
    'expert',
    'intermediate',
    'none',
  ]);
});

test('a_label_is_said_in_the_nearest_language', () => {
  assert.equal(labelIn({ en: 'a', ur: 'b' }, 'ur-PK'), 'b');
  assert.equal(labelIn({ en: 'a', ur: 'b' }, 'de'), 'a');
  assert.equal(labelIn({ ur: 'b' }, 'de'), 'b');
  assert.equal(labelIn('plain', 'de'), 'plain');
  assert.equal(labelIn(undefined, 'de'), '');
});

test('what_a_chapter_needs_is_taught_by_the_first_that_does', () => {
  const chapter = (page, concepts) => ({ page, concepts, needs: [] });
  const chapters = {
    modules: [
      {
        title: '',
        chapters: [chapter('/a', ['x', 'y']), chapter('/b', ['x'])],
      },
    ],
  };
  const missing = (needs, read = []) =>
    missingFor({ needs }, chapters, (page) => read.includes(page)).map(
      ({ page }) => page,
    );
  assert.deepEqual(missing(['x', 'y', 'z']), ['/a']);
  assert.deepEqual(missing(['x'], ['/a']), []);
  assert.deepEqual(unmetConditions(['x', 'gpu:rtx'], ['level:a']), ['gpu:rtx']);
});

test('a_page_has_one_name_in_all_languages_and_forms', () => {
  for (const path of ['/book/ur/docs/x', '/book/ur/docs/x/']) {
    assert.equal(pageOf(path, '/book/ur/'), '/docs/x');
  }
  assert.equal(pageOf('/book/docs/x/index.html', '/book/'), '/docs/x');
  assert.equal(pageOf('/book/docs/x.html', '/book/'), '/docs/x');
  for (const path of ['/book/', '/book/index.html']) {
    assert.equal(pageOf(path, '/book/'), '/');
  }
});

test('a_cookie_is_the_pages_own_on_one_site_alone', () => {
  const same = [
    ['https://book.example.org/x', ''],
    ['https://book.example.org/x', 'https://api.example.org'],
    ['http://127.0.0.1:3000/x', 'http://127.0.0.1:3001'],
    ['https://me.github.io/book/', 'https://me.github.io'],
  ];
  const other = [
    ['https://book.example.org/x', 'http://api.example.org'],
    ['https://me.github.io/book/', 'https://you.github.io'],
    ['https://me.github.io/book/', 'https://api.example.org'],
  ];
  same.forEach((pair) => assert.ok(isSameSite(...pair), pair.join(' ')));
  other.forEach((pair) => assert.ok(!isSameSite(...pair), pair.join(' ')));
});

test('a_way_back_leads_into_the_book_alone', () => {
  const to = (path, base = '/') =>
    pathInside(path, 'https://book.example', base);
  assert.equal(to('/docs/a?b=c#d'), '/docs/a?b=c#d');
  assert.equal(to('/book/ur/a', '/book/'), '/book/ur/a');
  assert.equal(to('/book/../a', '/book/'), null);
  assert.equal(to('/other', '/book/'), null);
  for (const stranger of [
    '',
    'docs/a',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/x/%2e%2e//evil.example',
    'javascript:alert(1)',
    '//',
    'https://book.example@evil.example/',
  ]) {
    assert.equal(to(stranger), null, stranger);
  }
});
