// SPDX-License-Identifier: Apache-2.0
// Signing up with e-mail address and password.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { PASSWORD, given, newEmail, refused, serve } from '../target.mjs';

const TOKEN = /^[a-zA-Z0-9]{32}$/;

describe('sign-up', () => {
  const book = serve();

  const signUp = (fields, visitor = book.visitor()) =>
    visitor.client.signUp.email({
      email: newEmail(),
      name: 'A Reader',
      password: PASSWORD,
      ...fields,
    });

  test('answers with a token and the user', async () => {
    const email = newEmail();
    const { token, user } = given(await signUp({ email, name: 'Ada' }));
    assert.match(token, TOKEN);
    assert.match(user.id, TOKEN);
    assert.equal(user.email, email);
    assert.equal(user.name, 'Ada');
    assert.equal(user.emailVerified, false);
    assert.equal(user.image, null);
    assert.ok(user.createdAt instanceof Date);
    assert.ok(user.updatedAt instanceof Date);
  });
});
