// SPDX-License-Identifier: Apache-2.0
// Administrators at one server, readers at the other.
import assert from 'node:assert/strict';
import { before, describe } from 'node:test';

import {
  ENGINES,
  PASSWORD,
  bothWays,
  newEmail,
  serve,
  sessionAt,
} from './site.mjs';

const NEW = 'another horse 43';
const FIRST = { sqlite: 'original', postgres: 'ours' };

/** A site with an administrator made the way the first one is. */
function withAdmin(engine) {
  const options = { plugins: ['bearer', 'admin'] };
  const site = serve({ engine, options, first: FIRST[engine] });
  before(async () => {
    site.admin = await site.signUp('original', { name: 'Admin' });
    await site.sql('UPDATE "user" SET role = $1 WHERE id = $2', [
      'admin',
      site.admin.user.id,
    ]);
  });
  return site;
}

/** An act of the administrator that succeeds. */
async function act(site, at, name, body) {
  const answer = await site.admin[at].post(`/admin/${name}`, body);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

async function trySignIn(site, at, email, password = PASSWORD) {
  const visitor = site.browser()[at];
  const answer = await visitor.post('/sign-in/email', { email, password });
  return answer.status === 200 ? 'signed in' : answer.json.code;
}

function banning(site) {
  bothWays('who is banned by one is so for the other', async (a, b) => {
    const reader = await site.signUp(b);
    const userId = reader.user.id;
    await act(site, a, 'ban-user', { userId, banReason: 'a "spammer"' });
    assert.equal(await sessionAt(reader[b]), null);
    assert.equal(await trySignIn(site, b, reader.email), 'BANNED_USER');
    assert.equal(await trySignIn(site, a, reader.email), 'BANNED_USER');
    await act(site, b, 'unban-user', { userId });
    assert.equal(await trySignIn(site, a, reader.email), 'signed in');
  });

  bothWays('a ban that is over is lifted by the other', async (a, b) => {
    const { email, user } = await site.signUp(b);
    const ban = { userId: user.id, banExpiresIn: 3600 };
    await act(site, a, 'ban-user', ban);
    assert.equal(await trySignIn(site, b, email), 'BANNED_USER');
    await site.sql('UPDATE "user" SET "banExpires" = $1 WHERE id = $2', [
      new Date(Date.now() - 1000).toISOString(),
      user.id,
    ]);
    assert.equal(await trySignIn(site, b, email), 'signed in');
    const path = `/admin/get-user?id=${user.id}`;
    const seen = (await site.admin[a].get(path)).json;
    assert.equal(Boolean(seen.banned), false);
    assert.equal(seen.banExpires, null);
  });
}

function impersonating(site) {
  bothWays('who acts as a reader does so at the other', async (a, b) => {
    const reader = await site.signUp(b);
    const admin = site.browser({ like: site.admin });
    const body = { userId: reader.user.id };
    const answer = await admin[a].post('/admin/impersonate-user', body);
    assert.equal(answer.status, 200, answer.text);
    const { session, user } = await sessionAt(admin[b]);
    assert.equal(user.id, reader.user.id);
    assert.equal(session.impersonatedBy, site.admin.user.id);
    const { json } = await reader[b].get('/list-sessions');
    assert.equal(json.some(({ token }) => token === session.token), false);
    const stopped = await admin[b].post('/admin/stop-impersonating');
    assert.equal(stopped.status, 200, stopped.text);
    assert.equal((await sessionAt(admin[a])).user.id, site.admin.user.id);
    const left = await site.sql('SELECT 1 FROM session WHERE token = $1', [
      session.token,
    ]);
    assert.deepEqual(left, []);
  });
}

function users(site) {
  bothWays('a reader is made, changed and removed', async (a, b) => {
    const email = newEmail('made');
    const entry = { email, name: 'Made', password: PASSWORD, role: 'user' };
    const { user } = await act(site, a, 'create-user', entry);
    assert.equal(await trySignIn(site, b, email), 'signed in');
    const userId = user.id;
    const data = { name: 'Changed' };
    await act(site, b, 'update-user', { userId, data });
    await act(site, a, 'set-user-password', { userId, newPassword: NEW });
    assert.notEqual(await trySignIn(site, b, email), 'signed in');
    assert.equal(await trySignIn(site, b, email, NEW), 'signed in');
    const [one, other] = await Promise.all(
      [a, b].map((at) => site.admin[at].get(`/admin/get-user?id=${userId}`)),
    );
    assert.deepEqual(other.json, one.json);
    assert.equal(one.json.name, 'Changed');
    await act(site, b, 'remove-user', { userId });
    assert.notEqual(await trySignIn(site, a, email, NEW), 'signed in');
  });

  bothWays('a role given by one holds with the other', async (a, b) => {
    const reader = await site.signUp(b);
    const list = () => reader[b].get('/admin/list-users?limit=1');
    assert.equal((await list()).status, 403);
    const userId = reader.user.id;
    await act(site, a, 'set-role', { userId, role: 'admin' });
    assert.equal((await list()).status, 200);
    await act(site, a, 'set-role', { userId, role: 'user' });
    assert.equal((await list()).status, 403);
  });

  bothWays('both list the same readers', async (a, b) => {
    const { email } = await site.signUp(a);
    const query = `searchField=email&searchValue=${encodeURIComponent(email)}`;
    const path = `/admin/list-users?limit=5&${query}`;
    const [one, other] = [
      (await site.admin[a].get(path)).json,
      (await site.admin[b].get(path)).json,
    ];
    assert.equal(one.total, 1);
    assert.deepEqual(other, one);
  });

  bothWays('sessions revoked by one are over for the other', async (a, b) => {
    const reader = await site.signUp(b);
    const second = await site.signIn(a, reader.email);
    const { token } = second;
    await act(site, a, 'revoke-user-session', { sessionToken: token });
    assert.equal(await sessionAt(second[b]), null);
    assert.notEqual(await sessionAt(reader[b]), null);
    const userId = reader.user.id;
    await act(site, a, 'revoke-user-sessions', { userId });
    assert.equal(await sessionAt(reader[b]), null);
  });
}

for (const engine of ENGINES) {
  describe(`administrators of one ${engine}`, () => {
    const site = withAdmin(engine);

    banning(site);
    impersonating(site);
    users(site);
  });
}
