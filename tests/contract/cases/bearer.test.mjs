// SPDX-License-Identifier: Apache-2.0
// Sessions carried in Authorization: Bearer instead of a cookie.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { PASSWORD, given, serve } from '../target.mjs';

describe('bearer', () => {
  const book = serve({ plugins: ['bearer'] });
  const withToken = (token, headers = {}) =>
    book.visitor({ headers: { authorization: `Bearer ${token}`, ...headers } });
  const userOf = async (visitor) =>
    given(await visitor.client.getSession())?.user.id;
  const signedToken = (visitor) =>
    decodeURIComponent(visitor.jar.get('session_token'));

  test('the answer to a sign-in has the token in a header', async () => {
    const visitor = await book.reader();
    const { headers } = visitor.last;
    assert.equal(headers['set-auth-token'], signedToken(visitor));
    const exposed = headers['access-control-expose-headers'];
    assert.match(exposed, /\bset-auth-token\b/);
  });

  test('the signed token opens', async () => {
    const visitor = await book.reader();
    assert.equal(await userOf(withToken(signedToken(visitor))), visitor.user.id);
  });

  test('the token as the cookie has it opens', async () => {
    const visitor = await book.reader();
    const token = visitor.jar.get('session_token');
    assert.equal(await userOf(withToken(token)), visitor.user.id);
  });

  test('the token alone opens', async () => {
    const visitor = await book.reader();
    assert.equal(await userOf(withToken(visitor.token)), visitor.user.id);
  });

  test('the scheme may be written in any case', async () => {
    const visitor = await book.reader();
    for (const scheme of ['bearer', 'BEARER']) {
      const headers = { authorization: `${scheme} ${visitor.token}` };
      assert.equal(await userOf(book.visitor({ headers })), visitor.user.id);
    }
  });

  test('a wrong signature does not open', async () => {
    const visitor = await book.reader();
    const [, signature] = signedToken(await book.reader()).split('.');
    const token = `${visitor.token}.${signature}`;
    assert.equal(await userOf(withToken(token)), undefined);
  });

  test('nonsense does not open', async () => {
    for (const token of ['', 'x', '.', '..', 'a.b.c', '%', 'x'.repeat(4000)]) {
      assert.equal(await userOf(withToken(token)), undefined, token);
    }
  });

  test('another scheme is not looked at', async () => {
    const visitor = await book.reader();
    const headers = { authorization: `Basic ${visitor.token}` };
    assert.equal(await userOf(book.visitor({ headers })), undefined);
  });

  test('the token goes before the cookie', async () => {
    const [one, two] = [await book.reader(), await book.reader()];
    const headers = { authorization: `Bearer ${two.token}` };
    const visitor = book.visitor({ headers, like: one });
    assert.equal(await userOf(visitor), two.user.id);
  });

  test('a token that is not ours leaves the cookie', async () => {
    const one = await book.reader();
    const headers = { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.x' };
    const visitor = book.visitor({ headers, like: one });
    assert.equal(await userOf(visitor), one.user.id);
  });

  test('changes things without Origin', async () => {
    const reader = await book.reader();
    const visitor = withToken(reader.token, { origin: null });
    const answer = await visitor.post('/update-user', { name: 'New' });
    assert.equal(answer.status, 200);
    assert.equal(given(await reader.client.getSession()).user.name, 'New');
  });

  test('with any cookie needs a good Origin', async () => {
    const reader = await book.reader();
    const headers = { origin: 'https://evil.example', cookie: 'a=b' };
    const visitor = withToken(reader.token, headers);
    const answer = await visitor.post('/update-user', { name: 'New' });
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'INVALID_ORIGIN');
  });

  test('signs out', async () => {
    const reader = await book.reader();
    const visitor = withToken(reader.token);
    given(await visitor.client.signOut());
    assert.equal(given(await reader.client.getSession()), null);
    assert.equal('set-auth-token' in visitor.last.headers, false);
  });

  test('lists the sessions', async () => {
    const reader = await book.reader();
    const sessions = given(await withToken(reader.token).client.listSessions());
    assert.deepEqual(
      sessions.map(({ token }) => token),
      [reader.token],
    );
  });

  test('a refused sign-in has no header', async () => {
    const { email } = await book.reader();
    const visitor = book.visitor();
    await visitor.client.signIn.email({ email, password: `${PASSWORD}!` });
    assert.equal('set-auth-token' in visitor.last.headers, false);
  });

  test('a session that is gone does not open', async () => {
    const reader = await book.reader();
    const token = signedToken(reader);
    given(await reader.client.signOut());
    assert.equal(await userOf(withToken(token)), undefined);
  });
});

describe('without the bearer plugin', () => {
  const book = serve();

  test('no token opens, and none is given', async () => {
    const reader = await book.reader();
    assert.equal('set-auth-token' in reader.last.headers, false);
    const headers = { authorization: `Bearer ${reader.token}` };
    const { client } = book.visitor({ headers });
    assert.equal(given(await client.getSession()), null);
  });
});
