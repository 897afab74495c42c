// SPDX-License-Identifier: Apache-2.0
// What administrators may do, and for how long: privileges end at once, and
// acting as somebody is marked, limited and never a way up.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { PASSWORD, SKIP, signedUp, startAccounts, suite } from './house.mjs';

const HOUR_MS = 3_600_000;

describe('administrators', { skip: SKIP }, () => {
  const scope = suite();
  let server;

  before(async () => {
    server = await startAccounts(scope, { SESSION_FRESH_AGE: '0s' });
  });

  async function newAdmin() {
    const admin = await signedUp(server);
    await server.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.id]);
    return admin;
  }
  const act = (admin, what, body) => admin.post(`/admin/${what}`, body);

  test('S040: who is banned is out with the next request', async () => {
    const admin = await newAdmin();
    const reader = await signedUp(server);
    const { token } = (await reader.get('/token')).json;
    assert.ok(token);
    assert.equal((await act(admin, 'ban-user', { userId: reader.id })).status, 200);
    for (const [method, path] of [
      ['GET', '/token'],
      ['GET', '/list-accounts'],
      ['POST', '/update-user'],
    ]) {
      const { status } = await reader
        .copy()
        .send(method, path, method === 'POST' ? { name: 'x' } : undefined);
      assert.equal(status, 401, path);
    }
    assert.equal(await reader.copy().session(), null);
    const again = await server.visitor().signIn(reader.email);
    assert.deepEqual([again.status, again.json.code], [403, 'BANNED_USER']);
  });

  test('S040: a role taken away is gone with the next request', async () => {
    const admin = await newAdmin();
    const other = await newAdmin();
    assert.equal((await other.get('/admin/list-users')).status, 200);
    const done = await act(admin, 'set-role', { userId: other.id, role: 'user' });
    assert.equal(done.status, 200);
    assert.equal((await other.get('/admin/list-users')).status, 403);
    assert.equal(
      (await act(other, 'set-role', { userId: other.id, role: 'admin' })).status,
      403,
    );
  });

  test('S069: acting as a reader is marked and ends within the hour', async () => {
    const admin = await newAdmin();
    const reader = await signedUp(server);
    const acting = admin.copy();
    const answer = await act(acting, 'impersonate-user', { userId: reader.id });
    assert.equal(answer.status, 200);
    const { session, user } = await acting.session();
    assert.equal(user.id, reader.id);
    assert.equal(session.impersonatedBy, admin.id);
    const left = Date.parse(session.expiresAt) - Date.now();
    assert.ok(left > 0 && left <= HOUR_MS, `${left} ms`);
    const listed = (await reader.get('/list-sessions')).json;
    assert.ok(listed.every(({ id }) => id !== session.id));
    assert.equal(
      (await act(acting, 'impersonate-user', { userId: reader.id })).status,
      403,
      'nested',
    );
    assert.equal((await act(acting, 'stop-impersonating')).status, 200);
    assert.equal((await acting.session()).user.id, admin.id);
    const rows = await server.sql('SELECT 1 FROM session WHERE id = $1', [
      session.id,
    ]);
    assert.equal(rows.length, 0);
  });

  test('S069: nobody acts as another administrator', async () => {
    const admin = await newAdmin();
    const other = await newAdmin();
    const answer = await act(admin, 'impersonate-user', { userId: other.id });
    assert.equal(answer.status, 403);
    assert.equal((await admin.session()).user.id, admin.id);
  });

  test('S069: a forged way back leads nowhere', async () => {
    const admin = await newAdmin();
    const reader = await signedUp(server);
    reader.cookies.set('better-auth.admin_session', `${admin.token}%3A.AAAA`);
    const answer = await act(reader, 'stop-impersonating');
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
    assert.equal((await reader.copy().session())?.user.id, reader.id);
  });

  test("S065: no reader reaches an administrator's call", async () => {
    const reader = await signedUp(server);
    const victim = await signedUp(server);
    const userId = victim.id;
    const calls = {
      'create-user': {
        email: 'x@book.example',
        password: PASSWORD,
        name: 'x',
        role: 'admin',
      },
      'update-user': { userId, data: { role: 'admin' } },
      'set-role': { userId, role: 'admin' },
      'ban-user': { userId },
      'unban-user': { userId },
      'remove-user': { userId },
      'set-user-password': { userId, newPassword: PASSWORD },
      'list-user-sessions': { userId },
      'revoke-user-sessions': { userId },
      'revoke-user-session': { sessionToken: victim.token },
      'impersonate-user': { userId },
    };
    for (const [what, body] of Object.entries(calls)) {
      assert.equal((await act(reader, what, body)).status, 403, what);
      assert.equal((await act(server.visitor(), what, body)).status, 401, what);
    }
    assert.equal((await victim.session()).user.id, victim.id);
  });
});
