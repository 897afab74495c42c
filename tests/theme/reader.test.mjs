// SPDX-License-Identifier: Apache-2.0
// What a browser keeps of its reader, with a storage, a document and a server
// made of a few lines.
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';

import { theme } from './theme.mjs';

const items = new Map();
globalThis.localStorage = {
  getItem: (name) => items.get(name) ?? null,
  setItem: (name, text) => items.set(name, String(text)),
  removeItem: (name) => items.delete(name),
};
globalThis.sessionStorage = globalThis.localStorage;
const dataset = {};
globalThis.document = { documentElement: { dataset } };
globalThis.location = new URL('https://book.example.org/book/');
globalThis.window = { addEventListener() {}, location };

/** Answers the next requests; keeps what was asked. */
let asked = [];
let server = () => new Response('{}');
globalThis.fetch = async (address, options) => {
  asked.push({ address, ...options });
  return server(address, options);
};

const { configure, change, getState, setPage } = theme('core/book');
const { Api, ApiError } = theme('core/api');
const { NOBODY, parseLocal, showsOf } = theme('core/local');
const { hasData } = theme('core/guest');
const { chooseVersion, countNew, saveAnswers } = theme('core/answers');
const { stepTo, note } = theme('core/progress');

const OPTIONS = {
  server: '',
  authPath: '/api/auth',
  credentials: 'auto',
  tokenStorage: 'session',
  timeoutMs: 200,
  base: '/book/',
  localizedBase: '/book/',
  locale: 'en',
  routeBase: '/',
  tabs: { language: 'languages' },
  docs: ['default'],
};

beforeEach(() => {
  items.clear();
  asked = [];
  server = () => new Response('{}');
  configure(OPTIONS);
  setPage('/');
});

test('what_was_not_written_by_us_is_nobody', () => {
  for (const text of [null, '', '{', 'null']) {
    assert.deepEqual({ ...parseLocal(text) }, NOBODY, String(text));
  }
  assert.equal(parseLocal('{"owner":"x"}').owner, 'x');
  assert.ok(!hasData(NOBODY));
  assert.ok(hasData({ ...NOBODY, answers: { a: 'b' } }));
});

test('a_page_with_a_version_of_its_own_shows_that', () => {
  const local = {
    ...NOBODY,
    levels: { software: 3 },
    pages: { '/a': 'beginner', '/b': 'original' },
  };
  assert.deepEqual(showsOf(local), {
    '': 'level:expert software:expert',
    '/a': 'level:beginner software:expert',
    '/b': 'original',
  });
});

test('a_guests_answers_show_at_once_and_go_nowhere', async () => {
  await saveAnswers({
    answers: { devices: ['jetson'], languages: ['cpp'] },
    levels: { software: 1 },
  });
  assert.equal(
    dataset.bookplate,
    'level:beginner software:beginner devices:jetson languages:cpp',
  );
  assert.deepEqual(asked, []);
  assert.deepEqual(getState().local.unsentAnswers, []);
  assert.equal(items.get('docusaurus.tab.language'), 'cpp');
  assert.ok(items.get('bookplate:/book/').includes('jetson'));
  await saveAnswers({ answers: {}, remove: ['devices'], levels: {} });
  assert.equal(dataset.bookplate, 'languages:cpp');
});

test('a_version_is_chosen_for_a_page_or_for_all', () => {
  chooseVersion('expert', '/');
  assert.equal(dataset.bookplate, 'level:expert');
  setPage('/other');
  assert.equal(dataset.bookplate, undefined);
  chooseVersion('beginner');
  assert.equal(dataset.bookplate, 'level:beginner');
  setPage('/');
  assert.equal(dataset.bookplate, 'level:beginner', 'for all, this one too');
  chooseVersion(null);
  assert.equal(dataset.bookplate, undefined);
});

test('a_page_keeps_the_higher_state_unless_the_reader_says_so', () => {
  const read = stepTo(undefined, { state: 'read' }, 5);
  assert.deepEqual(read, { state: 'read', at: 5 });
  assert.equal(stepTo(read, { state: 'visited' }, 6).state, 'read');
  assert.equal(stepTo(read, { state: 'visited' }, 6, true).state, 'visited');
  assert.equal(stepTo(read, { place: '#a' }, 6).place, '#a');
  assert.ok(stepTo(read, {}, 1).at > 5, 'later than what is known');
});

test('a_guests_progress_is_kept_here_alone', () => {
  note('/a', { state: 'visited' });
  assert.equal(getState().local.progress['/a'].state, 'visited');
  assert.deepEqual(getState().local.unsentPages, []);
});

test('only_what_the_account_lacks_is_news', () => {
  const guest = {
    answers: { a: '1', b: '2' },
    levels: {},
    progress: {
      '/a': { state: 'read', at: 1 },
      '/b': { state: 'visited', at: 1 },
    },
  };
  const account = {
    answers: { a: '3' },
    levels: {},
    progress: { '/b': { state: 'read', at: 9 } },
  };
  assert.deepEqual(countNew(guest, account), { answers: 1, chapters: 1 });
});

test('a_refusal_is_an_error_with_its_fields', async () => {
  server = () =>
    new Response(
      '{"error":{"code":"INVALID","message":"no","fields":{"email":"taken"}}}',
      { status: 422 },
    );
  await assert.rejects(new Api(OPTIONS).ask('/x'), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual(
      [error.status, error.code, error.fields.email],
      [422, 'INVALID', 'taken'],
    );
    return true;
  });
  server = () => new Response('<html>', { status: 502 });
  await assert.rejects(new Api(OPTIONS).ask('/x'), { status: 502 });
});

test('a_server_that_does_not_answer_is_given_up_in_time', async () => {
  server = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const begun = Date.now();
  await assert.rejects(new Api(OPTIONS).ask('/x'), { status: 0 });
  assert.ok(Date.now() - begun < 4000);
});

test('another_server_gets_a_bearer_when_it_gave_one', async () => {
  const options = {
    ...OPTIONS,
    server: 'https://api.other.test',
    credentials: 'bearer',
  };
  server = () =>
    new Response('{}', { headers: { 'set-auth-token': 'secret' } });
  const api = new Api(options);
  await api.ask('/sign-in', { method: 'POST', body: {} });
  await api.ask('/who');
  assert.equal(asked[1].headers.authorization, 'Bearer secret');
  assert.equal(asked[1].credentials, 'omit');
  api.keepToken(false);
  assert.equal(api.token, null);
});

test('what_cannot_be_stored_counts_for_the_page', () => {
  const { setItem } = localStorage;
  localStorage.setItem = () => {
    throw new Error('full');
  };
  try {
    change(() => ({ version: 'expert' }));
    change(() => ({ dismissed: true }));
    assert.equal(getState().local.version, 'expert');
    assert.equal(dataset.bookplate, 'level:expert');
  } finally {
    localStorage.setItem = setItem;
    change(() => ({}));
  }
});
