// SPDX-License-Identifier: Apache-2.0
// The calls that the seeds write down, each with the answer they write down,
// to the byte: on both engines, with ids of every type. Where the table of
// the design says more than the seeds (201, expires_in, created_at after a
// change, background after a sign-up) the table stands.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  LATER_BACKGROUND,
  SKIP,
  countRows,
  given,
  openBook,
  stopPostgres,
  suite,
  until,
} from './people.mjs';

const EMAIL = 'user@example.com';
const PASSWORD = 'secure_password';
const ID = {
  text: /^[A-Za-z0-9_-]{16,64}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  serial: /^[1-9]\d*$/,
};
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const LIFE_S = 900;
const CREATED = '2024-01-01T00:00:00Z';
const UPDATED = '2024-01-02T00:00:00Z';

after(stopPostgres);

/** The answer's bytes are those of this object, its members in this order. */
function exactly(answer, status, members) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.text, JSON.stringify(members));
  assert.match(answer.headers['content-type'], /^application\/json(;|$)/);
  assert.match(answer.headers['cache-control'], /no-store/);
}

const isNear = (time, ms = 60_000) => {
  assert.match(time, TIME);
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < ms, time);
};

/** What no two runs give alike: checked, and taken from the answer. */
function tokenOf({ session_token }) {
  assert.match(session_token, TOKEN);
  return { session_token, expires_in: LIFE_S };
}

/** Moves an account back to the seeds' January. */
async function backdate({ sql, database }, id) {
  const ms = (time) => Date.parse(time);
  const column = database.url.startsWith('sqlite:')
    ? CREATED.replace('Z', '.000Z')
    : CREATED;
  await sql(
    `UPDATE "user" SET "createdAt" = $1, "updatedAt" = $2
     WHERE CAST(id AS text) = $3`,
    [column, column, id],
  );
  await sql(
    `UPDATE bookplate_profile SET created_at = $1, updated_at = $2
     WHERE user_id = $3`,
    [ms(CREATED), ms(UPDATED), id],
  );
}

function contract(engine, idType) {
  const scope = suite();
  let book;
  let token;
  let id;

  before(async () => {
    book = await openBook(scope, { engine, settings: { ID_TYPE: idType } });
  });

  test('POST /auth/signup', async () => {
    const body = { email: EMAIL, password: PASSWORD, background: BACKGROUND };
    const answer = await book.call('POST', '/auth/signup', { body });
    id = answer.json.user_id;
    assert.match(id, ID[idType]);
    exactly(answer, 201, {
      user_id: id,
      email: EMAIL,
      ...tokenOf(answer.json),
      profile_complete: true,
      background: BACKGROUND,
    });
    assert.deepEqual(await countRows(book), {
      user: 1,
      account: 1,
      session: 1,
      bookplate_profile: 1,
      bookplate_profile_history: 1,
      bookplate_progress: 0,
    });
  });

  test('POST /auth/signin', async () => {
    const body = { email: EMAIL, password: PASSWORD };
    const answer = await book.call('POST', '/auth/signin', { body });
    exactly(answer, 200, {
      user_id: id,
      email: EMAIL,
      ...tokenOf(answer.json),
      background: BACKGROUND,
    });
    token = answer.json.session_token;
  });

  test('GET /auth/profile', async () => {
    const { created_at, updated_at } = given(await book.profile(token));
    isNear(created_at);
    isNear(updated_at);
    await backdate(book, id);
    const moved = async () =>
      (await book.profile(token)).json.created_at === CREATED;
    await until(moved, 'the account is seen as it is');
    exactly(await book.profile(token), 200, {
      user_id: id,
      email: EMAIL,
      background: BACKGROUND,
      created_at: CREATED,
      updated_at: UPDATED,
    });
  });

  test('GET /auth/me', async () => {
    const me = await book.call('GET', '/auth/me', { token });
    assert.equal(me.status, 200);
    assert.equal(me.text, (await book.profile(token)).text);
  });

  test('PUT /auth/profile', async () => {
    const body = { background: LATER_BACKGROUND };
    const answer = await book.call('PUT', '/auth/profile', { token, body });
    const { updated_at } = answer.json;
    isNear(updated_at);
    const now = {
      user_id: id,
      email: EMAIL,
      background: LATER_BACKGROUND,
      created_at: CREATED,
      updated_at,
    };
    exactly(answer, 200, now);
    exactly(await book.profile(token), 200, now);
  });

  test('PUT /auth/profile merges', async () => {
    const body = { background: { hardware_knowledge: 'none' } };
    const answer = await book.call('PUT', '/auth/profile', { token, body });
    const expected = { ...LATER_BACKGROUND, ...body.background };
    assert.deepEqual(given(answer).background, expected);
    assert.deepEqual(given(await book.profile(token)).background, expected);
  });

  test('POST /auth/refresh', async () => {
    const answer = await book.call('POST', '/auth/refresh', { token });
    exactly(answer, 200, tokenOf(answer.json));
    given(await book.profile(answer.json.session_token));
  });

  test('POST /auth/signout', async () => {
    given(await book.call('POST', '/auth/signout', { token }));
    assert.equal((await book.profile(token)).status, 401);
    const again = await book.call('POST', '/auth/refresh', { token });
    assert.equal(again.status, 401);
    assert.deepEqual(await countRows(book, ['user', 'session']), {
      user: 1,
      session: 1, // of the sign-up
    });
  });

  test('a sign-up without a background, and one with a part', async () => {
    const sparse = await book.reader();
    assert.deepEqual(given(await book.profile(sparse.token)).background, {});
    const body = {
      email: 'part@example.com',
      password: PASSWORD,
      name: 'Ada',
      background: { software_experience: 'beginner' },
    };
    const answer = await book.call('POST', '/auth/signup', { body });
    exactly(answer, 201, {
      user_id: answer.json.user_id,
      email: body.email,
      ...tokenOf(answer.json),
      profile_complete: false,
      background: body.background,
    });
  });

  test('who has answered nothing has a profile all the same', async () => {
    const reader = await book.reader();
    const answer = await book.profile(reader.token);
    const { created_at, updated_at } = answer.json;
    isNear(created_at);
    isNear(updated_at);
    exactly(answer, 200, {
      user_id: reader.id,
      email: reader.email,
      background: {},
      created_at,
      updated_at,
    });
  });

  test('an address is one whatever its case, and not spaced', async () => {
    const body = { email: EMAIL.toUpperCase(), password: PASSWORD };
    const answer = await book.call('POST', '/auth/signin', { body });
    assert.equal(given(answer).email, EMAIL);
    assert.equal(answer.json.user_id, id);
  });
}

for (const engine of ENGINES) {
  for (const idType of ['text', 'uuid', 'serial']) {
    const name = `the contract of the seeds on ${engine}, ${idType} ids`;
    describe(name, { skip: SKIP }, () => contract(engine, idType));
  }
}
