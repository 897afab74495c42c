// SPDX-License-Identifier: Apache-2.0
// Links in mails: sent by one server, followed to the other. The token in a
// link is either a row of both or signed with the secret of both.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  ENGINES,
  MAIL,
  ORIGIN,
  PASSWORD,
  bothWays,
  given,
  merge,
  newEmail,
  serve,
  sessionAt,
} from './site.mjs';

const NEW = 'another horse 43';
const VERIFY = '/verify-email';
const RESET = '/reset-password/';
const DELETE = '/delete-user/callback';
const FIRST = { sqlite: 'original', postgres: 'ours' };
const OPTIONS = merge(MAIL, {
  user: {
    changeEmail: { enabled: true },
    deleteUser: { enabled: true, sendDeleteAccountVerification: true },
  },
});

const PAST = new Date(Date.now() - 60_000).toISOString();

/** Asks one server for the mail that verifies one's address. */
async function verification(site, at, { email, ...browser }) {
  given(await browser[at].client.sendVerificationEmail({ email }));
  return site.mail(at, email, VERIFY);
}

/** Asks one server for a link to a new password. */
async function reset(site, at, email) {
  const { client } = site.browser()[at];
  given(await client.requestPasswordReset({ email, redirectTo: '/new' }));
  return site.mail(at, email, RESET);
}

const rowsWith = (site, token) =>
  site.sql('SELECT * FROM verification WHERE identifier LIKE $1', [`%${token}`]);

function verifying(site) {
  bothWays('an address is verified by the other', async (a, b) => {
    const reader = await site.signUp(a);
    const { url } = await verification(site, a, reader);
    const answer = await site.browser()[b].follow(url);
    assert.equal(answer.status, 302);
    assert.equal((await sessionAt(reader[a])).user.emailVerified, true);
    const again = await site.browser()[a].follow(url);
    assert.equal(again.headers.location, answer.headers.location);
  });

  bothWays('an address is changed by the other', async (a, b) => {
    const reader = await site.signUp(a);
    const to = newEmail('new');
    given(await reader[a].client.changeEmail({ newEmail: to }));
    const { url } = await site.mail(a, to, VERIFY);
    assert.equal((await reader[b].follow(url)).status, 302);
    assert.equal((await sessionAt(reader[a])).user.email, to);
    assert.equal(await site.trySignIn(a, to, PASSWORD), 200);
    assert.equal(await site.trySignIn(b, reader.email, PASSWORD), 401);
  });

  bothWays('a token for one thing is none for another', async (a, b) => {
    const reader = await site.signUp(a);
    const { token } = await verification(site, a, reader);
    const entry = { token, newPassword: NEW };
    const answer = await site.browser()[b].post('/reset-password', entry);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
  });
}

function resetting(site) {
  bothWays('a new password is set with the other', async (a, b) => {
    const { email } = await site.signUp(a);
    const { url, token } = await reset(site, a, email);
    const { headers } = await site.browser()[b].follow(url);
    assert.equal(headers.location, `${ORIGIN}/new?token=${token}`);
    const entry = { token, newPassword: NEW };
    given(await site.browser()[b].client.resetPassword(entry));
    assert.equal(await site.trySignIn(a, email, NEW), 200);
    assert.equal(await site.trySignIn(a, email, PASSWORD), 401);
    assert.deepEqual(await rowsWith(site, token), []);
    const again = await site.browser()[a].post('/reset-password', entry);
    assert.equal(again.json.code, 'INVALID_TOKEN');
  });

  bothWays('a link that is over is so for the other', async (a, b) => {
    const { email } = await site.signUp(a);
    const { url, token } = await reset(site, a, email);
    await site.sql(
      'UPDATE verification SET "expiresAt" = $1 WHERE identifier LIKE $2',
      [PAST, `%${token}`],
    );
    const { headers } = await site.browser()[b].follow(url);
    assert.equal(headers.location, `${ORIGIN}/new?error=INVALID_TOKEN`);
    const entry = { token, newPassword: NEW };
    const answer = await site.browser()[b].post('/reset-password', entry);
    assert.equal(answer.json.code, 'INVALID_TOKEN');
    assert.equal(await site.trySignIn(b, email, PASSWORD), 200);
  });

  bothWays('an account without a password is given one', async (a, b) => {
    const { email, user } = await site.signUp(a);
    await site.sql('DELETE FROM account WHERE "userId" = $1', [user.id]);
    const { token } = await reset(site, a, email);
    const entry = { token, newPassword: NEW };
    given(await site.browser()[b].client.resetPassword(entry));
    assert.equal(await site.trySignIn(a, email, NEW), 200);
  });
}

function crowding(site) {
  test('both write at once, and nothing is lost', async () => {
    const { email } = await site.signUp('original');
    const body = { email };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const visitor = site.browser()[i % 2 ? 'original' : 'ours'];
        return visitor.post('/request-password-reset', body);
      }),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const sql = 'SELECT value FROM verification WHERE identifier LIKE $1';
    const rows = await site.sql(sql, ['reset-password:%']);
    const [{ id }] = await site.sql('SELECT id FROM "user" WHERE email = $1', [
      email,
    ]);
    assert.equal(rows.filter(({ value }) => value === id).length, 40);
  });
}

function deleting(site) {
  bothWays('an account is deleted with the other', async (a, b) => {
    const reader = await site.signUp(a);
    const copy = site.browser({ like: reader });
    given(await reader[a].client.deleteUser());
    const { url } = await site.mail(a, reader.email, DELETE);
    const answer = await reader[b].follow(url);
    assert.ok([200, 302].includes(answer.status), answer.text);
    assert.equal(await sessionAt(copy[a]), null);
    assert.equal(await site.trySignIn(a, reader.email, PASSWORD), 401);
    const { id } = reader.user;
    for (const [table, column] of [
      ['"user"', 'id'],
      ['session', '"userId"'],
      ['account', '"userId"'],
    ]) {
      const sql = `SELECT 1 FROM ${table} WHERE ${column} = $1`;
      assert.deepEqual(await site.sql(sql, [id]), [], table);
    }
  });

  bothWays('but not by somebody else', async (a, b) => {
    const [reader, other] = [await site.signUp(a), await site.signUp(b)];
    given(await reader[a].client.deleteUser());
    const { url } = await site.mail(a, reader.email, DELETE);
    assert.equal((await other[b].follow(url)).status, 404);
    assert.notEqual(await sessionAt(reader[a]), null);
    assert.notEqual(await sessionAt(other[a]), null);
  });
}

function guarded(site) {
  bothWays('an account opens when the other verified it', async (a, b) => {
    const email = newEmail('strict');
    const entry = { email, name: 'A Reader', password: PASSWORD };
    const { token } = given(await site.browser()[a].client.signUp.email(entry));
    assert.equal(token, null);
    assert.equal(await site.trySignIn(b, email, PASSWORD), 403);
    const { url } = await site.mail(a, email, VERIFY);
    const reader = site.browser();
    await reader[b].follow(url);
    assert.equal((await sessionAt(reader[a])).user.email, email);
    assert.equal(await site.trySignIn(a, email, PASSWORD), 200);
  });
}

for (const engine of ENGINES) {
  describe(`mails on one ${engine}`, () => {
    const first = FIRST[engine];
    const site = serve({ engine, options: OPTIONS, first });

    describe('verifying', () => verifying(site));
    describe('resetting', () => resetting(site));
    describe('deleting', () => deleting(site));
    describe('a crowd', () => crowding(site));
  });

  describe(`addresses that must be verified, on one ${engine}`, () => {
    const emailAndPassword = { requireEmailVerification: true };
    const emailVerification = { autoSignInAfterVerification: true };
    const options = merge(MAIL, { emailAndPassword, emailVerification });
    guarded(serve({ engine, options, first: FIRST[engine] }));
  });
}
