// SPDX-License-Identifier: Apache-2.0
// update-user and update-session.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { given, refused, serve } from '../target.mjs';

describe('update-user', () => {
  const book = serve();

  test('changes name and image', async () => {
    const visitor = await book.reader();
    const fields = { name: 'New', image: 'https://x.example/a.png' };
    assert.deepEqual(given(await visitor.client.updateUser(fields)), {
      status: true,
    });
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.name, fields.name);
    assert.equal(user.image, fields.image);
  });

  test('changes only what it is given', async () => {
    const visitor = await book.reader({ name: 'Ada', image: 'https://x.example/' });
    given(await visitor.client.updateUser({ name: 'Eva' }));
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.image, 'https://x.example/');
    assert.equal(user.email, visitor.email);
  });

  test('takes an image away', async () => {
    const visitor = await book.reader({ image: 'https://x.example/' });
    given(await visitor.client.updateUser({ image: null }));
    assert.equal(given(await visitor.client.getSession()).user.image, null);
  });

  test('moves updatedAt, not createdAt', async () => {
    const visitor = await book.reader();
    given(await visitor.client.updateUser({ name: 'New' }));
    const { user } = given(await visitor.client.getSession());
    assert.deepEqual(user.createdAt, visitor.user.createdAt);
    assert.ok(user.updatedAt >= visitor.user.updatedAt);
  });

  test('sends the session cookie once more', async () => {
    const visitor = await book.reader();
    const before = visitor.jar.get('session_token');
    given(await visitor.client.updateUser({ name: 'New' }));
    assert.equal(visitor.last.cookies.length, 1);
    assert.equal(visitor.last.cookies[0].attributes['max-age'], '604800');
    assert.equal(visitor.jar.get('session_token'), before);
  });

  test('shows in every browser of the account', async () => {
    const visitor = await book.reader();
    const other = await book.signIn(visitor.email);
    given(await visitor.client.updateUser({ name: 'Seen' }));
    assert.equal(given(await other.client.getSession()).user.name, 'Seen');
  });

  test('refuses an e-mail address', async () => {
    const visitor = await book.reader();
    refused(
      await visitor.client.updateUser({ email: 'other@example.org' }),
      400,
      'EMAIL_CAN_NOT_BE_UPDATED',
    );
  });

  test('refuses to do nothing', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/update-user', {});
    assert.equal(answer.status, 400);
    assert.equal(answer.json.message, 'No fields to update');
  });

  test('cannot verify the address or change the id', async () => {
    const visitor = await book.reader();
    const fields = { name: 'New', emailVerified: true, id: 'x' };
    given(await visitor.client.updateUser(fields));
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.emailVerified, false);
    assert.equal(user.id, visitor.user.id);
    assert.equal(user.name, 'New');
  });

  test('with core fields alone has nothing to do', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/update-user', { emailVerified: true });
    assert.equal(answer.status, 400);
  });

  test('keeps long names', async () => {
    const visitor = await book.reader();
    const name = 'é'.repeat(100);
    given(await visitor.client.updateUser({ name }));
    assert.equal(given(await visitor.client.getSession()).user.name, name);
  });

  test('is refused without Origin and from elsewhere', async () => {
    const visitor = await book.reader();
    const update = (origin) =>
      visitor.post('/update-user', { name: 'x' }, { origin });
    assert.equal((await update(null)).json.code, 'MISSING_OR_NULL_ORIGIN');
    const answer = await update('https://evil.example');
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_ORIGIN');
    assert.equal(given(await visitor.client.getSession()).user.name, 'A Reader');
  });

  test('keeps a session that is not to be remembered so', async () => {
    const { email } = await book.reader();
    const visitor = await book.signIn(email, undefined, { rememberMe: false });
    given(await visitor.client.updateUser({ name: 'New' }));
    const cookie = visitor.jar.find('session_token');
    assert.equal('max-age' in cookie.attributes, false);
  });
});

describe('update-session', () => {
  const book = serve({
    session: {
      additionalFields: {
        theme: { type: 'string', required: false },
        seal: { type: 'string', required: false, input: false },
      },
    },
  });

  test('changes a field of the session', async () => {
    const visitor = await book.reader();
    const { session } = given(await visitor.client.updateSession({ theme: 'dark' }));
    assert.equal(session.theme, 'dark');
    assert.equal(given(await visitor.client.getSession()).session.theme, 'dark');
  });

  test('a new session has null there', async () => {
    const visitor = await book.reader();
    assert.equal(given(await visitor.client.getSession()).session.theme, null);
  });

  test('cannot change what is no further field', async () => {
    const visitor = await book.reader();
    for (const body of [{}, { userId: 'x' }, { expiresAt: '2099-01-01' }]) {
      const answer = await visitor.post('/update-session', body);
      assert.equal(answer.status, 400);
      assert.equal(answer.json.message, 'No fields to update');
    }
  });

  test('refuses a field that is not for input', async () => {
    const visitor = await book.reader();
    refused(
      await visitor.client.updateSession({ seal: 'x' }),
      400,
      'FIELD_NOT_ALLOWED',
    );
  });

  test('refuses a stranger', async () => {
    const { client } = book.visitor();
    refused(await client.updateSession({ theme: 'x' }), 401, 'UNAUTHORIZED');
  });
});
