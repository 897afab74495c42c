// SPDX-License-Identifier: Apache-2.0
// Everything a client of the plain API can get wrong: the right status, a code
// that stays, fields that say what to do next, and nothing half written.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  WRONG,
  countRows,
  given,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

const NEEDED = /needed|required/i;
const LEVELS = /none.*basic.*intermediate.*advanced/;
const NO_FIELD = /no such|not asked/i;
const INVALID = [422, 'VALIDATION_ERROR'];
const LISTED = ['password123', 'iloveyou1', 'qwertyuiop'];
const NO_ADDRESSES = [
  '',
  'reader',
  'reader@',
  '@example.com',
  'a reader@example.com',
  'reader@example',
  'reader@@example.com',
  'reader@example.com\r\nBcc: all@example.com',
  `${'r'.repeat(250)}@example.com`,
];
const NO_TEXTS = [null, 1, true, [], {}, ['reader@example.com']];

/** [what, the change to a good body, status and code, fields] */
const SIGN_UPS = [
  ...['email', 'password'].map((name) => [
    `no ${name}`,
    { [name]: undefined },
    INVALID,
    { [name]: NEEDED },
  ]),
  ['nothing at all', { email: undefined, password: undefined, background: undefined },
    INVALID, { email: NEEDED, password: NEEDED }],
  ...['email', 'password', 'name'].flatMap((name) =>
    NO_TEXTS.map((value) => [
      `${name} ${JSON.stringify(value)}`,
      { [name]: value },
      INVALID,
      { [name]: /text/i },
    ]),
  ),
  ...NO_ADDRESSES.map((email) => [
    `the address ${JSON.stringify(email.slice(0, 30))}`,
    { email },
    INVALID,
    { email: /address|needed|most/i },
  ]),
  ['a short password', { password: 'seven77' }, [422, 'PASSWORD_TOO_SHORT'],
    { password: /at least 8/i }],
  ['a long password', { password: 'long '.repeat(26) },
    [422, 'PASSWORD_TOO_LONG'], { password: /at most 128/i }],
  ...LISTED.map((password) => [
    `the password ${password}`,
    { password },
    [422, 'PASSWORD_COMPROMISED'],
    { password: /another/i },
  ]),
  ...['expert', 'Basic', ' basic', '', 2, null, true, ['basic'], {}].map(
    (hardware_knowledge) => [
      `the level ${JSON.stringify(hardware_knowledge)}`,
      { background: { ...BACKGROUND, hardware_knowledge } },
      INVALID,
      { 'background.hardware_knowledge': LEVELS },
    ],
  ),
  ['a question nobody asks', { background: { ...BACKGROUND, shoe_size: 42 } },
    INVALID, { 'background.shoe_size': NO_FIELD }],
  ['two wrong answers',
    { background: { software_experience: 'guru', programming_background: 'expert' } },
    INVALID, {
      'background.software_experience': /beginner.*intermediate.*expert/,
      'background.programming_background': LEVELS,
    }],
  ...[null, [], 'basic', 1, [BACKGROUND]].map((background) => [
    `the background ${JSON.stringify(background).slice(0, 12)}`,
    { background },
    INVALID,
    { background: /object/i },
  ]),
  ['a field nobody has', { emial: 'x@example.com' }, INVALID,
    { emial: NO_FIELD }],
  ...['role', 'banned', 'emailVerified', 'id', 'createdAt'].map((name) => [
    `what is not the reader's to say: ${name}`,
    { [name]: 'admin' },
    INVALID,
    { [name]: NO_FIELD },
  ]),
];

/** [what, raw body, fields, status, code] */
const BODIES = [
  ['no JSON', '{"email":', {}, 400, 'INVALID_JSON'],
  ['a member twice', '{"email":"a@example.com","email":"b@example.com"}', {},
    400, 'INVALID_JSON'],
  ['bytes that are no text', Buffer.from('{"email":"\xff"}', 'latin1'), {}, 400,
    /INVALID_(JSON|ENCODING)/],
  ['a form', 'email=a%40example.com&password=b',
    { 'content-type': 'application/x-www-form-urlencoded' }, 415,
    'UNSUPPORTED_MEDIA_TYPE'],
  ['plain text', '{}', { 'content-type': 'text/plain' }, 415,
    'UNSUPPORTED_MEDIA_TYPE'],
  ['a character nobody can type', '{"email":"reader@example.com\\u0000"}', {}, 400,
    'INVALID_JSON'],
  ['an endless name', JSON.stringify({ name: 'x'.repeat(70_000) }), {}, 413,
    'CONTENT_TOO_LARGE'],
  ['an array', '[]', {}, ...INVALID],
  ['a text', '"reader@example.com"', {}, ...INVALID],
  ['null', 'null', {}, ...INVALID],
  ['no body', '', {}, 400, 'INVALID_JSON'],
];

const CALLS = [
  ['POST', '/auth/signup'],
  ['POST', '/auth/signin'],
  ['PUT', '/auth/profile'],
];

function checkFields(fields, expected, answer) {
  assert.deepEqual(
    Object.keys(fields ?? {}).sort(),
    Object.keys(expected).sort(),
    answer.text,
  );
  for (const [name, pattern] of Object.entries(expected)) {
    assert.match(fields[name], pattern, name);
  }
}

function refusing(engine) {
  const scope = suite();
  let book;
  let owner;

  before(async () => {
    book = await openBook(scope, { engine });
    owner = await book.reader({ background: BACKGROUND });
  });

  /** The call is refused, and no row of any table is another than before. */
  async function nothingWritten(call) {
    const before = await countRows(book);
    const answer = await call();
    assert.deepEqual(await countRows(book), before, answer.text);
    return answer;
  }

  for (const [what, change, [status, code], fields] of SIGN_UPS) {
    test(`sign-up with ${what}`, async () => {
      const good = { email: newEmail(), password: PASSWORD, background: BACKGROUND };
      const body = { ...good, ...change };
      const answer = await nothingWritten(() =>
        book.call('POST', '/auth/signup', { body }),
      );
      checkFields(refused(answer, status, code), fields, answer);
      if (typeof body.password === 'string') {
        assert.ok(!answer.text.includes(body.password), 'it says the password');
      }
      // What was refused can be put right, and sent again.
      given(await book.call('POST', '/auth/signup', { body: good }), 201);
    });
  }

  test('sign-up with a taken address, however it is written', async () => {
    for (const email of [owner.email, owner.email.toUpperCase()]) {
      const body = { email, password: PASSWORD, background: BACKGROUND };
      const answer = await nothingWritten(() =>
        book.call('POST', '/auth/signup', { body }),
      );
      const fields = refused(answer, 409, 'EMAIL_TAKEN');
      checkFields(fields, { email: /sign in|new password/i }, answer);
    }
    assert.deepEqual(
      given(await book.profile(owner.token)).background,
      BACKGROUND,
    );
  });

  test('sign-up twice at once: one account, and nothing of the other', async () => {
    const before = await countRows(book);
    const body = { email: newEmail(), password: PASSWORD, background: BACKGROUND };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => book.call('POST', '/auth/signup', { body })),
    );
    const made = answers.filter(({ status }) => status === 201);
    assert.equal(made.length, 1);
    for (const answer of answers.filter((one) => one !== made[0])) {
      refused(answer, 409, 'EMAIL_TAKEN');
    }
    const after = await countRows(book);
    for (const table of ['user', 'account', 'session', 'bookplate_profile']) {
      assert.equal(after[table], before[table] + 1, table);
    }
  });

  test('a wrong password, and no account, look the same', async () => {
    const answers = [];
    for (const body of [
      { email: owner.email, password: WRONG },
      { email: owner.email, password: 'x' },
      { email: owner.email, password: 'long '.repeat(26) },
      { email: newEmail('nobody'), password: PASSWORD },
    ]) {
      const answer = await nothingWritten(() =>
        book.call('POST', '/auth/signin', { body }),
      );
      assert.equal(refused(answer, 401, 'INVALID_EMAIL_OR_PASSWORD'), undefined);
      answers.push(answer.text);
    }
    assert.equal(new Set(answers).size, 1);
  });

  test('a sign-in that lacks something or has too much', async () => {
    const good = { email: owner.email, password: PASSWORD };
    for (const [change, fields] of [
      [{ email: undefined }, { email: NEEDED }],
      [{ password: undefined }, { password: NEEDED }],
      [{ password: null }, { password: /text/i }],
      [{ email: [owner.email] }, { email: /text/i }],
      [{ remember: true }, { remember: NO_FIELD }],
      [{ background: BACKGROUND }, { background: NO_FIELD }],
    ]) {
      const body = { ...good, ...change };
      const answer = await nothingWritten(() =>
        book.call('POST', '/auth/signin', { body }),
      );
      checkFields(refused(answer, ...INVALID), fields, answer);
    }
  });

  test('a change of the profile that is wrong anywhere changes nothing', async () => {
    const reader = await book.reader({ background: BACKGROUND });
    const { token } = reader;
    const before = given(await book.profile(token));
    for (const [body, fields] of [
      [{}, { background: NEEDED }],
      [{ background: null }, { background: /object/i }],
      [{ background: [] }, { background: /object/i }],
      [{ background: { hardware_knowledge: 'expert' } },
        { 'background.hardware_knowledge': LEVELS }],
      [{ background: { hardware_knowledge: null } },
        { 'background.hardware_knowledge': LEVELS }],
      [{ background: { software_experience: 'expert', shoe_size: 42 } },
        { 'background.shoe_size': NO_FIELD }],
      [{ background: { software_experience: 'expert' }, email: 'x@example.com' },
        { email: NO_FIELD }],
      [{ background: { software_experience: 'expert' }, user_id: owner.id },
        { user_id: NO_FIELD }],
    ]) {
      const answer = await nothingWritten(() =>
        book.call('PUT', '/auth/profile', { token, body }),
      );
      checkFields(refused(answer, ...INVALID), fields, answer);
      assert.deepEqual(given(await book.profile(token)), before);
    }
  });

  for (const [method, path] of CALLS) {
    for (const [what, raw, headers, status, code] of BODIES) {
      test(`${method} ${path} with ${what}`, async () => {
        const { token } = owner;
        const answer = await nothingWritten(() =>
          book.call(method, path, { token, raw, headers }),
        );
        assert.equal(answer.status, status, answer.text);
        assert.match(answer.json.error.code, new RegExp(`^(${code.source ?? code})$`));
      });
    }
  }

  test('no such address, and no such method', async () => {
    for (const [method, path, status] of [
      ['GET', '/auth/nothing', 404],
      ['GET', '/auth/signup', 405],
      ['POST', '/auth/profile', 405],
      ['DELETE', '/auth/profile', 405],
      ['GET', '/auth/signout', 405],
    ]) {
      const { token } = owner;
      const answer = await nothingWritten(() =>
        book.call(method, path, { token }),
      );
      assert.equal(answer.status, status, `${method} ${path}`);
    }
  });
}

for (const engine of ENGINES) {
  const name = `what the plain API refuses on ${engine}`;
  describe(name, { skip: SKIP }, () => refusing(engine));
}
