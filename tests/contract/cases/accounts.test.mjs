// SPDX-License-Identifier: Apache-2.0
// The accounts of a user: listed, and unlinked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { given, refused, serve } from '../target.mjs';

const now = () => new Date().toISOString();

/** A second account, as a provider of identities would have made it. */
async function link(book, visitor) {
  const id = `linked${visitor.user.id}`.slice(0, 32);
  await book.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId",
       "accessToken", "refreshToken", "idToken", scope, "createdAt", "updatedAt")
     VALUES ($1, $2, 'github', $3, 'secret-access', 'secret-refresh',
       'secret-id', 'read,write', $4, $5)`,
    [id, `github-${visitor.user.id}`, visitor.user.id, now(), now()],
  );
  return id;
}

describe('list-accounts', () => {
  const book = serve();

  test('shows the password account', async () => {
    const visitor = await book.reader();
    const accounts = given(await visitor.client.listAccounts());
    assert.equal(accounts.length, 1);
    const [account] = accounts;
    assert.equal(account.providerId, 'credential');
    assert.equal(account.accountId, visitor.user.id);
    assert.equal(account.userId, visitor.user.id);
    assert.deepEqual(account.scopes, []);
    assert.ok(account.createdAt instanceof Date);
    assert.deepEqual(
      Object.keys(account).sort(),
      ['accountId', 'createdAt', 'id', 'providerId', 'scopes', 'updatedAt', 'userId'],
    );
  });

  test('shows scopes, never a secret', async () => {
    const visitor = await book.reader();
    await link(book, visitor);
    const accounts = given(await visitor.client.listAccounts());
    const github = accounts.find(({ providerId }) => providerId === 'github');
    assert.deepEqual(github.scopes, ['read', 'write']);
    assert.equal(visitor.last.text.includes('secret'), false);
    assert.equal(visitor.last.text.includes('password'), false);
  });

  test("does not show other people's", async () => {
    const [visitor, other] = [await book.reader(), await book.reader()];
    await link(book, other);
    assert.equal(given(await visitor.client.listAccounts()).length, 1);
  });
});

describe('unlink-account', () => {
  const book = serve();
  const unlink = (visitor, accountId) =>
    visitor.client.unlinkAccount({ accountId });

  test('takes one of two away', async () => {
    const visitor = await book.reader();
    const accountId = await link(book, visitor);
    assert.deepEqual(given(await unlink(visitor, accountId)), { status: true });
    const accounts = given(await visitor.client.listAccounts());
    assert.deepEqual(
      accounts.map(({ providerId }) => providerId),
      ['credential'],
    );
  });

  test('keeps the last one', async () => {
    const visitor = await book.reader();
    const [{ id }] = given(await visitor.client.listAccounts());
    const answer = await unlink(visitor, id);
    refused(answer, 400, 'FAILED_TO_UNLINK_LAST_ACCOUNT');
    assert.equal(answer.error.message, "You can't unlink your last account");
  });

  test('does not know an account that is not there', async () => {
    const visitor = await book.reader();
    await link(book, visitor);
    refused(await unlink(visitor, 'nonsense'), 400, 'ACCOUNT_NOT_FOUND');
  });

  test("cannot take somebody else's", async () => {
    const [visitor, other] = [await book.reader(), await book.reader()];
    await link(book, visitor);
    const theirs = await link(book, other);
    refused(await unlink(visitor, theirs), 400, 'ACCOUNT_NOT_FOUND');
    assert.equal(given(await other.client.listAccounts()).length, 2);
  });

  test('needs an account', async () => {
    const visitor = await book.reader();
    const answer = await visitor.post('/unlink-account', {});
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
  });

  test('needs a fresh session', async () => {
    const visitor = await book.reader();
    const accountId = await link(book, visitor);
    await book.sql('UPDATE session SET "createdAt" = $1 WHERE token = $2', [
      new Date(Date.now() - 2 * 86_400_000).toISOString(),
      visitor.token,
    ]);
    refused(await unlink(visitor, accountId), 403, 'SESSION_NOT_FRESH');
  });
});
