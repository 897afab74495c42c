// SPDX-License-Identifier: Apache-2.0
// What the official client makes of the answers: its session store, its
// errors, its hooks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { PASSWORD, given, newEmail, serve } from '../target.mjs';

const WAIT_MS = 10_000;

/** Subscribes to the store behind useSession, as a component does. */
function watch(t, { client }) {
  const { session } = client.$store.atoms;
  t.after(session.subscribe(() => {}));
  const until = async (holds, what) => {
    const deadline = Date.now() + WAIT_MS;
    while (!holds(session.get())) {
      assert.ok(Date.now() < deadline, `the store never ${what}`);
      await delay(10);
    }
    return session.get();
  };
  // An answer that is overtaken by another request is dropped by the client.
  const fill = async () => {
    session.get().refetch();
    return (await until((state) => state.data, 'filled')).data;
  };
  return { session, fill, until };
}

describe('the store of the session', () => {
  const book = serve();

  test('fills after a sign-in and empties after a sign-out', async (t) => {
    const { email } = await book.reader();
    const visitor = book.visitor();
    const { until } = watch(t, visitor);
    given(await visitor.client.signIn.email({ email, password: PASSWORD }));
    const { data, error } = await until((state) => state.data, 'filled');
    assert.equal(error, null);
    assert.equal(data.user.email, email);
    assert.ok(data.session.expiresAt instanceof Date);
    given(await visitor.client.signOut());
    await until((state) => state.data === null, 'emptied');
  });

  test('follows update-user', async (t) => {
    const visitor = await book.reader();
    const { fill, until } = watch(t, visitor);
    assert.equal((await fill()).user.name, 'A Reader');
    given(await visitor.client.updateUser({ name: 'New' }));
    await until((state) => state.data?.user.name === 'New', 'changed');
  });

  test('is asked twice and gets the same, or every poll would render', async () => {
    const visitor = await book.reader();
    const { text } = await visitor.get('/get-session');
    assert.equal((await visitor.get('/get-session')).text, text);
  });

  test('empties when every session is revoked', async (t) => {
    const visitor = await book.reader();
    const { fill, until } = watch(t, visitor);
    await fill();
    given(await visitor.client.revokeSessions());
    await until((state) => state.data === null, 'emptied');
  });

  test('is there for a stranger, and empty', async (t) => {
    const { session } = watch(t, book.visitor());
    await session.get().refetch();
    assert.equal(session.get().data, null);
    assert.equal(session.get().error, null);
    assert.equal(session.get().isPending, false);
  });
});

describe('the store of a session that is refreshed when asked', () => {
  const book = serve({ session: { deferSessionRefresh: true } });

  test('asks by itself', async (t) => {
    const visitor = await book.reader();
    const { fill } = watch(t, visitor);
    await book.sql('UPDATE session SET "expiresAt" = $1 WHERE token = $2', [
      new Date(Date.now() + 2 * 86_400_000).toISOString(),
      visitor.token,
    ]);
    const { expiresAt } = (await fill()).session;
    assert.ok(expiresAt.getTime() - Date.now() > 6 * 86_400_000);
  });
});

describe('errors and hooks of the client', () => {
  const book = serve();

  test('an error has status, code and message', async () => {
    const { data, error } = await book.visitor().client.signIn.email({
      email: newEmail(),
      password: PASSWORD,
    });
    assert.equal(data, null);
    assert.equal(error.status, 401);
    assert.equal(error.code, 'INVALID_EMAIL_OR_PASSWORD');
    assert.equal(error.message, 'Invalid email or password');
  });

  test('onSuccess and onError are called with the answer', async () => {
    const { client } = book.visitor();
    const seen = [];
    const hooks = {
      onSuccess: ({ data }) => seen.push(data.user.email),
      onError: ({ error }) => seen.push(error.code),
    };
    const email = newEmail();
    const fields = { email, name: 'A', password: PASSWORD };
    await client.signUp.email(fields, hooks);
    await client.signUp.email(fields, hooks);
    assert.deepEqual(seen, [email, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL']);
  });

  test('with throw an error is thrown', async () => {
    const { client } = book.visitor();
    const fields = { email: newEmail(), password: PASSWORD };
    const asked = client.signIn.email(fields, { throw: true });
    await assert.rejects(asked, { status: 401 });
  });

  test('a path the client does not know can be called', async () => {
    assert.deepEqual(given(await book.visitor().client.$fetch('/ok')), {
      ok: true,
    });
    const { error } = await book.visitor().client.profile.get();
    assert.equal(error.status, 404);
  });

  test('a name that looks like a date comes back as one', async () => {
    const name = '2001-02-03T04:05:06.789Z';
    const visitor = await book.reader({ name });
    assert.equal(visitor.last.json.user.name, name);
  });
});
