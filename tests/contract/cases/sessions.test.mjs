// SPDX-License-Identifier: Apache-2.0
// Listing and revoking sessions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { given, refused, serve } from '../target.mjs';

const tokensOf = (sessions) => sessions.map(({ token }) => token).sort();
const isSignedIn = async (visitor) =>
  given(await visitor.client.getSession()) !== null;

/** A reader, and two more browsers of the same account. */
async function threeBrowsers(book) {
  const first = await book.reader();
  const others = await Promise.all([
    book.signIn(first.email),
    book.signIn(first.email),
  ]);
  return [first, ...others];
}

describe('list-sessions', () => {
  const book = serve();

  test('shows all of mine', async () => {
    const all = await threeBrowsers(book);
    const sessions = given(await all[0].client.listSessions());
    assert.deepEqual(tokensOf(sessions), tokensOf(all));
    for (const session of sessions) {
      assert.equal(session.userId, all[0].user.id);
      assert.ok(session.expiresAt instanceof Date);
    }
  });

  test('shows nobody else their sessions', async () => {
    const [mine, other] = [await book.reader(), await book.reader()];
    const sessions = given(await mine.client.listSessions());
    assert.equal(sessions.some(({ token }) => token === other.token), false);
  });

  test('leaves out what has expired', async () => {
    const [first, second, third] = await threeBrowsers(book);
    await book.sql('UPDATE session SET "expiresAt" = $1 WHERE token = $2', [
      new Date(Date.now() - 1000).toISOString(),
      second.token,
    ]);
    const sessions = given(await first.client.listSessions());
    assert.deepEqual(tokensOf(sessions), tokensOf([first, third]));
  });

  test('needs a fresh session', async () => {
    const visitor = await book.reader();
    await book.sql('UPDATE session SET "createdAt" = $1 WHERE token = $2', [
      new Date(Date.now() - 86_400_000 - 1000).toISOString(),
      visitor.token,
    ]);
    const answer = await visitor.client.listSessions();
    refused(answer, 403, 'SESSION_NOT_FRESH');
    assert.equal(answer.error.message, 'Session is not fresh');
  });
});

describe('list-sessions without freshness', () => {
  const book = serve({ session: { freshAge: 0 } });

  test('answers an old session', async () => {
    const visitor = await book.reader();
    await book.sql('UPDATE session SET "createdAt" = $1 WHERE token = $2', [
      new Date(Date.now() - 3 * 86_400_000).toISOString(),
      visitor.token,
    ]);
    assert.equal(given(await visitor.client.listSessions()).length, 1);
  });
});

describe('revoking', () => {
  const book = serve();

  test('revoke-session ends one', async () => {
    const [first, second, third] = await threeBrowsers(book);
    const { token } = second;
    assert.deepEqual(given(await first.client.revokeSession({ token })), {
      status: true,
    });
    assert.equal(await isSignedIn(second), false);
    assert.equal(await isSignedIn(first), true);
    assert.equal(await isSignedIn(third), true);
  });

  test('revoke-session ends my own', async () => {
    const visitor = await book.reader();
    const { token } = visitor;
    given(await visitor.client.revokeSession({ token }));
    assert.equal(await isSignedIn(visitor), false);
    assert.deepEqual(visitor.jar.names(), []);
  });

  test("revoke-session cannot end somebody else's", async () => {
    const [mine, other] = [await book.reader(), await book.reader()];
    const { token } = other;
    assert.deepEqual(given(await mine.client.revokeSession({ token })), {
      status: true,
    });
    assert.equal(await isSignedIn(other), true);
  });

  test('revoke-session does not tell whether a token is known', async () => {
    const visitor = await book.reader();
    const token = 'A'.repeat(32);
    assert.deepEqual(given(await visitor.client.revokeSession({ token })), {
      status: true,
    });
  });

  test('revoke-session needs a token', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/revoke-session', {});
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      message:
        '[body.token] Invalid input: expected string, received undefined',
      code: 'VALIDATION_ERROR',
    });
  });

  test('revoke-other-sessions keeps mine', async () => {
    const [first, second, third] = await threeBrowsers(book);
    assert.deepEqual(given(await first.client.revokeOtherSessions()), {
      status: true,
    });
    assert.equal(await isSignedIn(first), true);
    assert.equal(await isSignedIn(second), false);
    assert.equal(await isSignedIn(third), false);
  });

  test('revoke-sessions ends all, mine too', async () => {
    const all = await threeBrowsers(book);
    assert.deepEqual(given(await all[0].client.revokeSessions()), {
      status: true,
    });
    for (const visitor of all) {
      assert.equal(await isSignedIn(visitor), false);
      assert.deepEqual(visitor.jar.names(), []);
    }
  });

  test('revoke-sessions leaves other people alone', async () => {
    const [mine, other] = [await book.reader(), await book.reader()];
    given(await mine.client.revokeSessions());
    assert.equal(await isSignedIn(other), true);
  });
});
