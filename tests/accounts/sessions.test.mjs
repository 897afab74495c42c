// SPDX-License-Identifier: Apache-2.0
// Sessions and the links in mails: each is one person's, works as often as
// it should, and is dead when it was said to be.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import {
  PASSWORD,
  SKIP,
  Visitor,
  newEmail,
  signToken,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const NEW_PASSWORD = 'a harbour with new lights';

const statusOf = ({ status }) => status;
const count = (list, value) => list.filter((one) => one === value).length;

/** A visitor with a session of that token. */
function withToken(server, token) {
  const visitor = server.visitor();
  visitor.cookies.set('better-auth.session_token', signToken(token));
  return visitor;
}

/** More sessions of a user, made long ago; their tokens are NAME-1, ... */
async function addSessions(server, userId, many, name) {
  await server.sql(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
     INSERT INTO session (id, token, "createdAt", "updatedAt", "expiresAt", "userId")
     SELECT $3 || '-' || i, $3 || '-' || i,
       '2020-01-01T00:' || (10 + i / 60) || ':' || (10 + i % 50) || '.000Z',
       s."updatedAt", s."expiresAt", s."userId"
     FROM n, (SELECT * FROM session WHERE "userId" = $2 LIMIT 1) AS s`,
    [many, userId, name],
  );
}

const sessionsOf = async (server, userId) =>
  server.sql('SELECT token FROM session WHERE "userId" = $1', [userId]);

async function lastMail(server, to, mails) {
  await until(() => server.mails().length >= mails, `mail ${mails}`);
  const { url } = server.mails().findLast((mail) => mail.to === to);
  return url.replace(/^http:\/\/[^/]+\/api\/auth/, '');
}

describe('links in mails', { skip: SKIP }, () => {
  test('S053: of fifty uses of a reset link one wins', async (t) => {
    const server = await startAccounts(t, { HASH_QUEUE: '200' });
    const owner = await signedUp(server);
    await server.visitor().post('/request-password-reset', { email: owner.email });
    const link = await lastMail(server, owner.email, 1);
    const token = /reset-password\/([^?]+)/.exec(link)[1];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        server
          .visitor()
          .post('/reset-password', { token, newPassword: `${NEW_PASSWORD} ${i}` }),
      ),
    );
    assert.equal(count(answers.map(statusOf), 200), 1);
    assert.equal(count(answers.map(statusOf), 400), 49);
    const winner = answers.findIndex(({ status }) => status === 200);
    const signIn = await server
      .visitor()
      .signIn(owner.email, `${NEW_PASSWORD} ${winner}`);
    assert.equal(signIn.status, 200);
  });

  test('S053: a reset makes all older links useless', async (t) => {
    const server = await startAccounts(t);
    const owner = await signedUp(server);
    const tokens = [];
    for (let i = 1; i <= 2; i++) {
      await server
        .visitor()
        .post('/request-password-reset', { email: owner.email });
      const link = await lastMail(server, owner.email, i);
      tokens.push(/reset-password\/([^?]+)/.exec(link)[1]);
    }
    const use = (token) =>
      server
        .visitor()
        .post('/reset-password', { token, newPassword: NEW_PASSWORD });
    assert.equal((await use(tokens[1])).status, 200);
    assert.equal((await use(tokens[0])).status, 400);
    assert.equal((await use(tokens[1])).status, 400);
  });

  test('S053: a link to another address works once, a deletion too', async (t) => {
    const server = await startAccounts(t, {
      CHANGE_EMAIL: 'on',
      DELETE_USER: 'on',
      DELETE_USER_VERIFICATION: 'on',
    });
    const owner = await signedUp(server);
    const moved = newEmail('moved');
    await owner.post('/change-email', { newEmail: moved });
    const change = await lastMail(server, moved, 1);
    const path = change.replace(/&callbackURL=.*/, '');
    const changed = await Promise.all(
      Array.from({ length: 20 }, () => server.visitor().get(path)),
    );
    assert.equal(count(changed.map(statusOf), 200), 1, `${changed.map(statusOf)}`);
    await owner.post('/delete-user', {});
    const link = await lastMail(server, moved, 2);
    const token = new URL(link, server.env.BETTER_AUTH_URL).searchParams.get(
      'token',
    );
    const stranger = await signedUp(server);
    const theirs = await stranger.post('/delete-user', { token });
    assert.equal(theirs.status, 404, "a link is its own user's");
    const gone = await Promise.all(
      Array.from({ length: 20 }, () =>
        owner.copy().post('/delete-user', { token }),
      ),
    );
    assert.equal(count(gone.map(statusOf), 200), 1, `${gone.map(statusOf)}`);
  });

  test('S055: the database keeps of a link what the original keeps', async (t) => {
    const server = await startAccounts(t);
    const owner = await signedUp(server);
    await server.visitor().post('/request-password-reset', { email: owner.email });
    await lastMail(server, owner.email, 1);
    const rows = await server.sql('SELECT identifier, value FROM verification');
    assert.equal(rows.length, 1);
    assert.match(rows[0].identifier, /^reset-password:[0-9A-Za-z]{24}$/);
    assert.equal(rows[0].value, owner.id);
  });

  test('S056: a scanner that looks at a link does not use it up', async (t) => {
    const server = await startAccounts(t, { REQUIRE_EMAIL_VERIFICATION: 'on' });
    const email = newEmail();
    const verified = async () =>
      Number((await server.sql('SELECT "emailVerified" AS v FROM "user"'))[0].v);
    await server.visitor().signUp(email);
    const path = (await lastMail(server, email, 1)).replace(/&callbackURL=.*/, '');
    for (const method of ['HEAD', 'OPTIONS']) {
      await server.call(method, path);
      assert.equal(await verified(), 0, method);
    }
    assert.equal((await server.visitor().get(path)).status, 200);
    assert.equal(await verified(), 1);
    const again = await server.visitor().get(path);
    assert.deepEqual([again.status, again.json.status], [200, true]);
    assert.equal(again.cookies.length, 0, 'and signs nobody in');
  });

  test('S057: a stolen session does not move the account', async (t) => {
    const server = await startAccounts(t, {
      CHANGE_EMAIL: 'on',
      CHANGE_EMAIL_CONFIRMATION: 'on',
    });
    const owner = await signedUp(server);
    await server.sql('UPDATE "user" SET "emailVerified" = 1');
    const thief = owner.copy();
    await thief.post('/change-email', { newEmail: 'thief@evil.example' });
    await until(() => server.mails().length === 1, 'a mail');
    assert.equal(server.mails()[0].to, owner.email, 'the owner is asked');
    assert.equal((await owner.session()).user.email, owner.email);
    const link = (await lastMail(server, owner.email, 1)).replace(
      /&callbackURL=.*/,
      '',
    );
    await owner.get(link);
    await until(() => server.mails().length === 2, 'the second mail');
    assert.equal(server.mails()[1].to, 'thief@evil.example');
    assert.equal((await owner.session()).user.email, owner.email);
  });
});

describe('sessions', { skip: SKIP }, () => {
  const scope = suite();
  let server;

  before(async () => {
    server = await startAccounts(scope, { DELETE_USER: 'on' });
  });

  test('S058: signing in never takes over the session one came with', async () => {
    const attacker = await signedUp(server);
    const victim = await signedUp(server);
    const trapped = attacker.copy();
    const planted = trapped.token;
    const answer = await trapped.signIn(victim.email);
    assert.equal(answer.status, 200);
    assert.notEqual(trapped.token, planted);
    assert.equal((await attacker.session()).user.email, attacker.email);
    const unsigned = server.visitor();
    unsigned.cookies.set('better-auth.session_token', 'chosen-by-an-attacker');
    await unsigned.signIn(victim.email);
    assert.notEqual(unsigned.token, 'chosen-by-an-attacker');
  });

  test('S059: with the account all that belonged to it ends', async () => {
    const owner = await signedUp(server);
    const devices = [owner];
    for (let i = 0; i < 3; i++) {
      const device = server.visitor();
      await device.signIn(owner.email);
      devices.push(device);
    }
    assert.equal((await owner.get('/token')).status, 200);
    await server.visitor().post('/request-password-reset', { email: owner.email });
    const done = await owner.copy().post('/delete-user', { password: PASSWORD });
    assert.equal(done.status, 200);
    for (const device of devices) {
      const twin = device.copy();
      assert.equal((await twin.get('/token')).status, 401);
      assert.equal(await device.session(), null);
    }
    for (const [table, column] of [
      ['user', 'id'],
      ['session', 'userId'],
      ['account', 'userId'],
      ['verification', 'value'],
    ]) {
      const rows = await server.sql(
        `SELECT 1 FROM "${table}" WHERE "${column}" = $1`,
        [owner.id],
      );
      assert.equal(rows.length, 0, table);
    }
    assert.equal((await server.visitor().signIn(owner.email)).status, 401);
  });

  test('S063: of two cookies of one name a tampered one never wins', async () => {
    const owner = await signedUp(server);
    const attacker = await signedUp(server);
    const name = 'better-auth.session_token';
    const good = `${name}=${owner.sessionCookie}`;
    const tampered = [
      `${name}=${attacker.token}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D`,
      `${name}=${signToken(attacker.token, 'another-secret-0123456789-abcdefghij')}`,
      `${name}=${attacker.sessionCookie.slice(0, -8)}`,
      `${name}=`,
      `${name}=%ZZ%`,
      `${name}=${'x'.repeat(4000)}`,
    ];
    for (const bad of tampered) {
      for (const Cookie of [`${bad}; ${good}`, `${good}; ${bad}`, bad]) {
        const { status, json } = await server.call(
          'GET',
          '/get-session',
          undefined,
          { headers: { Cookie } },
        );
        assert.equal(status, 200, Cookie);
        assert.ok([undefined, owner.email].includes(json?.user.email), Cookie);
      }
    }
    const { json } = await server.call('GET', '/get-session', undefined, {
      headers: { Cookie: good },
    });
    assert.equal(json.user.email, owner.email);
  });

  test('S065: who one is comes from the session alone', async () => {
    const victim = await signedUp(server);
    const attacker = await signedUp(server);
    const claims = {
      userId: victim.id,
      user_id: victim.id,
      id: victim.id,
      sub: victim.id,
    };
    const bodies = {
      '/update-user': { name: 'Mallory' },
      '/change-password': { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      '/verify-password': { password: NEW_PASSWORD },
      '/revoke-sessions': {},
    };
    for (const [path, body] of Object.entries(bodies)) {
      const { status } = await attacker.post(path, { ...body, ...claims });
      assert.ok(
        status === 200 || (status >= 400 && status < 500),
        `${path} ${status}`,
      );
      const alone = await server.visitor().post(path, { ...body, ...claims });
      assert.equal(alone.status, 401, path);
    }
    const { user } = await victim.session();
    assert.equal(user.name, 'Ada');
    assert.equal((await server.visitor().signIn(victim.email)).status, 200);
  });

  test('S065: nobody makes himself more than a reader', async () => {
    const email = newEmail();
    const visitor = server.visitor();
    const extra = {
      id: 'mine',
      role: 'admin',
      emailVerified: true,
      banned: false,
      createdAt: '2001-01-01',
    };
    await visitor.signUp(email, PASSWORD, extra);
    const reader = await signedUp(server);
    for (const [field, value] of Object.entries(extra)) {
      await reader.post('/update-user', { name: 'Ada', [field]: value });
    }
    const rows = await server.sql(
      'SELECT id, role, "emailVerified" AS verified FROM "user"',
    );
    for (const row of rows) {
      assert.notEqual(row.id, 'mine');
      assert.equal(row.role, 'user');
      assert.equal(Number(row.verified), 0);
    }
  });

  test('S067: one too many ends the oldest', async () => {
    const owner = await signedUp(server);
    await addSessions(server, owner.id, 150, 'token');
    const next = server.visitor();
    await next.signIn(owner.email);
    const left = (await sessionsOf(server, owner.id)).map(({ token }) => token);
    assert.equal(left.length, 100);
    assert.ok(left.includes(next.token) && left.includes(owner.token));
    assert.ok(!left.includes('token-1') && left.includes('token-150'));
    assert.equal(await withToken(server, 'token-1').session(), null);
  });

  test('S070: after signing out everywhere no session answers', async () => {
    const owner = await signedUp(server);
    await addSessions(server, owner.id, 99, 'other');
    const tokens = (await sessionsOf(server, owner.id)).map(({ token }) => token);
    assert.equal(tokens.length, 100);
    let done = false;
    const late = [];
    const traffic = tokens.slice(0, 20).map(async (token) => {
      while (!done) {
        const visitor = withToken(server, token);
        const asked = performance.now();
        late.push({ asked, session: await visitor.session() });
      }
    });
    await until(() => late.length > 40, 'traffic');
    assert.notEqual(late[0].session, null);
    assert.equal((await owner.copy().post('/revoke-sessions')).status, 200);
    const revoked = performance.now();
    for (const token of tokens) {
      assert.equal(await withToken(server, token).session(), null);
    }
    done = true;
    await Promise.all(traffic);
    const after = late.filter(
      ({ asked, session }) => asked > revoked && session !== null,
    );
    assert.equal(after.length, 0);
    assert.equal((await sessionsOf(server, owner.id)).length, 0);
  });

  test('S070: signing out ends the session on the server', async () => {
    const owner = await signedUp(server);
    const stolen = owner.copy();
    assert.equal((await owner.post('/sign-out')).status, 200);
    assert.equal(await stolen.session(), null);
    const bearer = await server.call('GET', '/get-session', undefined, {
      headers: { Authorization: `Bearer ${stolen.token}` },
    });
    assert.equal(bearer.json, null);
  });
});

describe('the copy in a cookie', { skip: SKIP }, () => {
  for (const form of ['compact', 'jwt', 'jwe']) {
    test(`S064: outlives a revocation no longer than said (${form})`, async (t) => {
      const server = await startAccounts(t, {
        SESSION_CACHE: form,
        SESSION_CACHE_AGE: '2s',
      });
      const owner = await signedUp(server);
      const stolen = owner.copy();
      assert.ok(stolen.cookies.has('better-auth.session_data'));
      assert.equal((await owner.copy().post('/revoke-sessions')).status, 200);
      const began = performance.now();
      for (const [method, path, body] of [
        ['GET', '/list-sessions'],
        ['GET', '/token'],
        [
          'POST',
          '/change-password',
          { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
        ],
        ['POST', '/update-user', { name: 'Mallory' }],
      ]) {
        const { status } = await stolen.copy().send(method, path, body);
        assert.equal(status, 401, path);
      }
      assert.equal(await stolen.copy().session(), null);
      const held = new Visitor(server.call);
      const dead = async () => {
        held.cookies = new Map(stolen.cookies);
        return (await held.get('/get-session')).json === null;
      };
      await until(dead, 'the copy is old');
      assert.ok(performance.now() - began < 4000);
    });
  }

  test('S064: a copy that was changed is none', async (t) => {
    const server = await startAccounts(t, { SESSION_CACHE: 'compact' });
    const owner = await signedUp(server);
    const victim = await signedUp(server);
    const data = 'better-auth.session_data';
    const copy = owner.cookies.get(data);
    const decoded = Buffer.from(decodeURIComponent(copy), 'base64url').toString();
    const forged = decoded.replaceAll(owner.email, victim.email);
    assert.notEqual(forged, decoded);
    for (const value of [
      Buffer.from(forged).toString('base64url'),
      Buffer.from(forged).toString('base64'),
      victim.cookies.get(data),
      copy.slice(0, -4),
      'x',
    ]) {
      const visitor = owner.copy();
      visitor.cookies.set(data, value);
      const { status, json } = await visitor.get('/get-session');
      assert.equal(status, 200);
      assert.equal(json.user.email, owner.email);
    }
  });
});
