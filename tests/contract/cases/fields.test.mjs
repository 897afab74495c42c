// SPDX-License-Identifier: Apache-2.0
// additionalFields of the user: what may be given, what comes back.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { inferAdditionalFields } from 'better-auth/client/plugins';

import { given, newEmail, PASSWORD, refused, serve } from '../target.mjs';

const FIELDS = {
  background: { type: 'string', required: true },
  level: { type: ['low', 'high'], required: false },
  age: { type: 'number', required: false },
  newsletter: { type: 'boolean', required: false, defaultValue: false },
  birthday: { type: 'date', required: false },
  tags: { type: 'string[]', required: false },
  scores: { type: 'number[]', required: false },
  hardware: { type: 'json', required: false },
  tier: { type: 'string', required: false, defaultValue: 'free', input: false },
  staff: { type: 'string', required: false, input: false },
  note: { type: 'string', required: false, returned: false },
};
const DATE = '2001-02-03T04:05:06.789Z';
const CLEAN = {
  background: 'python',
  level: 'high',
  age: 42,
  newsletter: true,
  birthday: new Date(DATE),
  tags: ['a', 'ü', ''],
  scores: [1, 2],
  hardware: { gpu: 'rtx', cards: [1, { x: null }] },
};

describe('additional fields', () => {
  const book = serve({ user: { additionalFields: FIELDS } }, [
    inferAdditionalFields({ user: FIELDS }),
  ]);
  const reader = (fields) => book.reader({ background: 'none', ...fields });
  const session = async (visitor) => given(await visitor.client.getSession());

  test('of every type come back as they were given', async () => {
    const visitor = await reader(CLEAN);
    for (const user of [visitor.user, (await session(visitor)).user]) {
      for (const [name, value] of Object.entries(CLEAN)) {
        assert.deepEqual(user[name], value, name);
      }
    }
  });

  test('come back from the sign-in', async () => {
    const { email } = await reader(CLEAN);
    const { user } = await book.signIn(email);
    assert.deepEqual(user.tags, CLEAN.tags);
    assert.deepEqual(user.birthday, CLEAN.birthday);
    assert.equal(user.newsletter, true);
  });

  test('not given are null, or what the default says', async () => {
    const { user } = await reader();
    const empty = ['level', 'age', 'birthday', 'tags', 'scores', 'hardware'];
    for (const name of [...empty, 'staff']) {
      assert.equal(user[name], null, name);
    }
    assert.equal(user.newsletter, false);
    assert.equal(user.tier, 'free');
  });

  test('null is kept as null', async () => {
    const { user } = await reader({ age: null, tags: null, level: null });
    assert.equal(user.age, null);
    assert.equal(user.tags, null);
    assert.equal(user.level, null);
  });

  test('a required one must be there', async () => {
    const answer = await book.visitor().client.signUp.email({
      email: newEmail(),
      name: 'A',
      password: PASSWORD,
    });
    refused(answer, 400, 'MISSING_FIELD');
    assert.equal(answer.error.message, 'background is required');
  });

  test('a required one may be empty', async () => {
    assert.equal((await reader({ background: '' })).user.background, '');
  });

  test('one not for input is refused at sign-up', async () => {
    const answer = await book.visitor().client.signUp.email({
      email: newEmail(),
      name: 'A',
      password: PASSWORD,
      background: 'x',
      staff: 'yes',
    });
    refused(answer, 400, 'FIELD_NOT_ALLOWED');
    assert.equal(answer.error.message, 'staff is not allowed to be set');
  });

  test('one not for input with a default takes the default', async () => {
    assert.equal((await reader({ tier: 'gold' })).user.tier, 'free');
  });

  test('one not for input is refused at update-user', async () => {
    const visitor = await reader();
    const answer = await visitor.client.updateUser({ tier: 'gold' });
    refused(answer, 400, 'FIELD_NOT_ALLOWED');
    assert.equal((await session(visitor)).user.tier, 'free');
  });

  test('one not returned is kept, and never shown', async () => {
    const visitor = await reader({ note: 'secret note' });
    given(await visitor.client.getSession());
    assert.equal(visitor.last.text.includes('note'), false);
    assert.equal('note' in visitor.user, false);
    const [row] = await book.sql('SELECT note FROM "user" WHERE id = $1', [
      visitor.user.id,
    ]);
    assert.equal(row.note, 'secret note');
  });

  test('change with update-user', async () => {
    const visitor = await reader();
    given(await visitor.client.updateUser(CLEAN));
    const { user } = await session(visitor);
    for (const [name, value] of Object.entries(CLEAN)) {
      assert.deepEqual(user[name], value, name);
    }
  });

  test('not named in update-user stay', async () => {
    const visitor = await reader(CLEAN);
    given(await visitor.client.updateUser({ age: 43 }));
    const { user } = await session(visitor);
    assert.equal(user.age, 43);
    assert.deepEqual(user.hardware, CLEAN.hardware);
  });

  test('go away with null', async () => {
    const visitor = await reader(CLEAN);
    given(await visitor.client.updateUser({ hardware: null, age: null }));
    const { user } = await session(visitor);
    assert.equal(user.hardware, null);
    assert.equal(user.age, null);
  });

  test('keep texts that look like code', async () => {
    const background = `'); DROP TABLE "user"; -- \\ \u2028 </script>`;
    assert.equal((await reader({ background })).user.background, background);
  });

  test('keep false and zero', async () => {
    const { user } = await reader({ newsletter: false, age: 0 });
    assert.equal(user.newsletter, false);
    assert.equal(user.age, 0);
  });

  test('a date that is none is refused', async () => {
    const answer = await book.visitor().post('/sign-up/email', {
      email: newEmail(),
      name: 'A',
      password: PASSWORD,
      background: 'x',
      birthday: 'nope',
    });
    assert.ok([400, 422].includes(answer.status), answer.text);
  });
});
