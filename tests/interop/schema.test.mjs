// SPDX-License-Identifier: Apache-2.0
// Databases of other shapes, shared or taken over: ids that are UUIDs or
// numbers, names in snake_case, rows from before we came, counted requests.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startOriginal, startOurs } from '../contract/servers.mjs';
import { Visitor } from '../contract/visitor.mjs';
import { run } from '../process/program.mjs';
import {
  ENGINES,
  MAIL,
  ORIGIN,
  PASSWORD,
  WAYS,
  bothWays,
  given,
  jose,
  merge,
  newEmail,
  serve,
  sessionAt,
} from './site.mjs';

const NEW = 'another horse 43';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SHAPES = { uuid: UUID, serial: /^[1-9][0-9]*$/ };
const FULL = merge(MAIL, {
  plugins: ['bearer', 'jwt'],
  user: { deleteUser: { enabled: true } },
});

/** What touches rows of every kind, by both. */
async function live(site, a, b) {
  const reader = await site.signUp(a);
  const { session, user } = await sessionAt(reader[b]);
  assert.deepEqual(user, reader.user);
  given(await reader[b].client.updateUser({ name: 'New' }));
  assert.equal((await sessionAt(reader[a])).user.name, 'New');
  const other = await site.signIn(b, reader.email);
  given(await reader[a].client.revokeSession({ token: other.token }));
  assert.equal(await sessionAt(other[b]), null);
  const { token } = given(await reader[a].client.token());
  const keys = given(await reader[b].client.jwks());
  const { payload } = await jose.jwtVerify(token, jose.createLocalJWKSet(keys));
  assert.equal(payload.sub, user.id);
  const { email } = reader;
  const stranger = site.browser();
  given(await stranger[a].client.requestPasswordReset({ email }));
  const mail = await site.mail(a, email, '/reset-password/');
  const entry = { token: mail.token, newPassword: NEW };
  given(await stranger[b].client.resetPassword(entry));
  assert.equal(await site.trySignIn(a, email, NEW), 200);
  const [account] = (await reader[a].get('/list-accounts')).json;
  assert.deepEqual((await reader[b].get('/list-accounts')).json, [account]);
  assert.equal(account.accountId, user.id);
  given(await reader[b].client.deleteUser({ password: NEW }));
  assert.equal(await site.trySignIn(a, email, NEW), 401);
  return { session, user, account };
}

function ids(engine, type, first) {
  describe(`${type} ids on ${engine}, tables by ${first}`, () => {
    const advanced = { database: { generateId: type } };
    const site = serve({ engine, first, options: { ...FULL, advanced } });

    bothWays('are the same to both', async (a, b) => {
      const { session, user, account } = await live(site, a, b);
      for (const id of [session.id, session.userId, user.id, account.id]) {
        assert.match(id, SHAPES[type]);
      }
    });
  });
}

const SNAKE = {
  user: {
    modelName: 'users',
    fields: {
      emailVerified: 'email_verified',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'sessions',
    fields: {
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      userId: 'user_id',
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: {
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
};
const TABLES = Object.fromEntries(
  Object.entries(SNAKE).map(([model, { modelName }]) => [model, { modelName }]),
);

function snake(engine, first) {
  describe(`names in snake_case on ${engine}, tables by ${first}`, () => {
    const options = { ...FULL, plugins: ['bearer'] };
    // Ours once by each column's name, and once by the style of all.
    const isNamed = engine === 'sqlite';
    const site = serve({
      engine,
      first,
      options: merge(options, SNAKE),
      settings: isNamed
        ? {}
        : { AUTH_SCHEMA: JSON.stringify(TABLES), COLUMN_NAMES: 'snake' },
    });

    bothWays('are the same to both', async (a, b) => {
      const reader = await site.signUp(a);
      assert.deepEqual((await sessionAt(reader[b])).user, reader.user);
      given(await reader[b].client.updateUser({ name: 'New' }));
      assert.equal((await sessionAt(reader[a])).user.name, 'New');
      const sql = 'SELECT created_at FROM users WHERE id = $1';
      assert.equal((await site.sql(sql, [reader.user.id])).length, 1);
      const signedIn = await site.signIn(b, reader.email);
      assert.equal((await sessionAt(signedIn[a])).user.id, reader.user.id);
      const { client } = signedIn[a];
      given(await client.deleteUser({ password: PASSWORD }));
      assert.equal(await site.trySignIn(b, reader.email, PASSWORD), 401);
    });
  });
}

/** The original alone, then ours on its rows, then the original again. */
function adoption(engine) {
  describe(`a database that the original leaves behind on ${engine}`, () => {
    const options = {
      baseURL: ORIGIN,
      emailAndPassword: { enabled: true },
      plugins: ['bearer', 'jwt'],
    };
    const env = { AUTH_PLUGINS: 'bearer,jwt', JWT_ALGORITHM: 'EdDSA' };
    const readers = [];
    let keeper; // holds the database, and serves nothing after the first test
    let ours;
    const bookplate = (...args) =>
      run(args, {
        env: {
          ...env,
          DATABASE_URL: keeper.database,
          BETTER_AUTH_SECRET: keeper.secret,
        },
      });
    const start = (startOne) =>
      startOne({ engine, options, database: keeper.database });
    const everybodyIsSignedIn = async (server) => {
      for (const { jar, user } of readers) {
        const answer = await sessionAt(new Visitor(server, { jar: jar.copy() }));
        assert.equal(answer?.user.id, user.id);
      }
    };

    before(async () => {
      keeper = await startOriginal({ engine, options });
      for (let i = 0; i < 3; i++) {
        const visitor = new Visitor(keeper);
        const entry = { email: newEmail('old'), name: 'R', password: PASSWORD };
        const { user } = given(await visitor.client.signUp.email(entry));
        const { token } = given(await visitor.client.token());
        readers.push({ jar: visitor.jar, user, token, email: entry.email });
      }
    });
    after(async () => {
      await ours?.stop();
      await keeper.stop();
    });

    test('is understood by check, which changes nothing', async () => {
      const { code, stdout, stderr } = await bookplate('check');
      assert.equal(code, 0, stdout + stderr);
      assert.doesNotMatch(stdout, /^(problem|warning):/m);
      assert.match(stdout, /^to do: .*bookplate_/m);
      assert.equal((await bookplate('check')).stdout, stdout);
    });

    test('is given our tables by migrate, and only those', async () => {
      const { code, stdout } = await bookplate('migrate');
      assert.equal(code, 0);
      for (const line of stdout.trim().split('\n')) {
        assert.match(line, /bookplate_|^apply migration/);
      }
      const { stdout: left } = await bookplate('check');
      assert.doesNotMatch(left, /^(problem|warning|to do):/m);
    });

    test('signs nobody out', async () => {
      ours = await start(startOurs);
      await everybodyIsSignedIn(ours);
      const { email, token } = readers[0];
      const visitor = new Visitor(ours);
      given(await visitor.client.signIn.email({ email, password: PASSWORD }));
      const keys = jose.createLocalJWKSet(given(await visitor.client.jwks()));
      await jose.jwtVerify(token, keys, { issuer: ORIGIN });
    });

    test('still serves the original, for new readers as well', async () => {
      const visitor = new Visitor(ours);
      const entry = { email: newEmail('new'), name: 'R', password: PASSWORD };
      const { user } = given(await visitor.client.signUp.email(entry));
      const { token } = given(await visitor.client.token());
      readers.push({ jar: visitor.jar, user, token, email: entry.email });
      const again = await start(startOriginal);
      try {
        await everybodyIsSignedIn(again);
        const { client } = new Visitor(again);
        const { email } = entry;
        given(await client.signIn.email({ email, password: PASSWORD }));
      } finally {
        await again.stop();
      }
    });
  });
}

function limits(engine) {
  describe(`requests counted in one ${engine}`, () => {
    const rateLimit = { enabled: true, storage: 'database' };
    const ipAddress = { trustedProxies: ['127.0.0.1/32'] };
    const options = { rateLimit, advanced: { ipAddress } };
    const site = serve({ engine, options });
    let clients = 0;

    /** A browser somewhere else; both servers hear of it from a proxy. */
    const stranger = () => {
      clients += 1;
      return site.browser({
        headers: { 'x-forwarded-for': `203.0.113.${clients}` },
      });
    };
    const tryAt = async (visitor) => {
      const entry = { email: 'nobody', password: 'x' };
      return (await visitor.post('/sign-in/email', entry)).status;
    };

    bothWays('are counted together', async (a, b) => {
      const browser = stranger();
      const order = [a, b, a, b, a];
      const statuses = [];
      for (const at of order) {
        statuses.push(await tryAt(browser[at]));
      }
      assert.deepEqual(statuses, [400, 400, 400, 429, 429]);
      assert.equal(await tryAt(stranger()[b]), 400);
      const key = `203.0.113.${clients - 1}|/sign-in/email`;
      const sql = 'SELECT * FROM "rateLimit" WHERE key = $1';
      const rows = await site.sql(sql, [key]);
      assert.equal(rows.length, 1);
      assert.equal(rows[0].count, 3);
      assert.ok(Math.abs(Number(rows[0].lastRequest) - Date.now()) < 60_000);
    });
  });
}

ENGINES.forEach((engine, i) => {
  ids(engine, 'uuid', WAYS[i][0]);
  ids(engine, 'serial', WAYS[i][1]);
  snake(engine, WAYS[i][0]);
  adoption(engine);
  limits(engine);
});
