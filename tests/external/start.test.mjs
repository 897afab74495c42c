// SPDX-License-Identifier: Apache-2.0
// What AUTH_MODE=external needs, what it refuses, and what it leaves alone.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { SECRET, startOriginal, stopCluster } from '../contract/servers.mjs';
import { run } from '../process/program.mjs';
import { ANSWERS, PASSWORD, claimsOf, given, live, newEmail, refused } from './house.mjs';

after(stopCluster);

for (const engine of ['sqlite', 'postgres']) {
  describe(`the start, ${engine}`, () => {
    let theirs;
    const folder = mkdtempSync(join(tmpdir(), 'bookplate-external-'));

    before(async () => {
      const options = { emailAndPassword: { enabled: true }, plugins: ['bearer'] };
      theirs = await startOriginal({ engine, options });
    });

    after(async () => {
      await theirs.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const start = (settings, command = 'migrate') =>
      run([command], {
        cwd: folder,
        env: {
          AUTH_MODE: 'external',
          PORT: '0',
          DATABASE_URL: theirs.database,
          BETTER_AUTH_URL: theirs.url,
          BETTER_AUTH_SECRET: SECRET,
          ...settings,
        },
      });

    async function refuses(settings, pattern) {
      const { code, stderr } = await start(settings);
      assert.notEqual(code, 0);
      assert.match(stderr, pattern);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }

    const tables = async () =>
      engine === 'sqlite'
        ? theirs.sql("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%bookplate_%'")
        : theirs.sql(
            `SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE 'bookplate_%'
             ORDER BY 1, 2`,
          );

    test('what is missing or cannot be is refused with a line', async () => {
      await refuses({ BETTER_AUTH_URL: '' }, /AUTH_MODE: external needs BETTER_AUTH_URL/);
      await refuses({ RATE_LIMIT: 'database' }, /RATE_LIMIT: database/);
      await refuses({ JWT_ANSWERS: 'x' }, /JWT_ANSWERS: with AUTH_MODE=external/);
      await refuses({ AUTH_PLUGINS: 'bearer,admin' }, /no column role in the table user/);
      await refuses({ COLUMN_NAMES: 'snake' }, /COLUMN_NAMES or AUTH_SCHEMA/);
      await refuses(
        { AUTH_SCHEMA: '{"user":{"modelName":"people"}}' },
        /no table people/,
      );
      await refuses(
        { AUTH_MODE: 'builtin', JWT_ISSUER: 'https://a.example' },
        /JWT_ISSUER and JWT_AUDIENCE are for AUTH_MODE=external/,
      );
      if (engine === 'sqlite') {
        const absent = `sqlite:${join(folder, 'absent.db')}`;
        await refuses({ DATABASE_URL: absent }, /there is no such file/);
      }
      const { code, stderr } = await start({ BETTER_AUTH_SECRET: '' }, 'serve');
      assert.notEqual(code, 0);
      assert.match(stderr, /BETTER_AUTH_SECRET is not set/);
    });

    test('a migration adds our tables and leaves theirs as they are', async () => {
      const before = await tables();
      const { code, stdout, stderr } = await start({});
      assert.equal(code, 0, stderr);
      assert.match(stdout, /apply migration/);
      assert.doesNotMatch(stdout, /add column|create table (?!bookplate_)/);
      assert.deepEqual(await tables(), before);
    });
  });
}

describe('a service that makes no tokens', () => {
  const house = live({ plugins: ['bearer'] });

  test("gives the session's own as bearer", async () => {
    const reader = await house.reader({ background: ANSWERS });
    assert.doesNotMatch(reader.session_token, /\./);
    assert.ok(reader.expires_in > 6 * 86400, `${reader.expires_in}`);
    given(await house.me({ token: reader.session_token }));
    const fresh = await house.ours('POST', '/auth/refresh', { token: reader.token, body: {} });
    assert.equal(given(fresh).session_token, reader.session_token);
    refused(await house.me({ token: 'a.b.c' }), 401, 'UNAUTHORIZED');
    assert.equal((await house.ours('GET', '/.well-known/jwks.json')).status, 404);
    given(await house.ours('POST', '/auth/signout', { token: reader.token, body: {} }));
    refused(await house.me({ token: reader.token }), 401, 'UNAUTHORIZED');
  });
});

describe('a service whose tokens name their session', () => {
  const house = live({ plugins: ['bearer', ['jwt', { jwt: { definePayload: true } }]] });

  test('a token ends with it, also where nobody saw it before', async () => {
    const reader = await house.reader();
    const browser = await house.browser(reader);
    const jwt = await house.jwt(browser);
    assert.ok(claimsOf(jwt).sid);
    given(await house.original('POST', '/sign-out', { cookie: browser.cookie, body: {} }));
    refused(await house.me({ token: jwt }), 401, 'UNAUTHORIZED');
    given(await house.me({ token: reader.token }));
  });
});

describe('a service that hides who has an account', () => {
  const house = live({
    options: {
      emailAndPassword: { enabled: true, autoSignIn: false },
      advanced: { cookiePrefix: 'book', useSecureCookies: true },
    },
  });

  test('answers alike for an address that is taken', async () => {
    const sign = (body) => house.ours('POST', '/auth/signup', { body });
    const email = newEmail();
    const body = { email, password: PASSWORD, name: 'Ada', background: ANSWERS };
    const first = given(await sign(body), 201);
    const second = given(await sign(body), 201);
    assert.deepEqual({ ...second, user_id: '' }, { ...first, user_id: '' });
    assert.equal(first.session_token, null);
    assert.equal(first.expires_in, 0);
    const found = given(await house.ours('POST', '/auth/signin', { body: { email, password: PASSWORD } }));
    assert.equal(found.user_id, first.user_id);
    assert.deepEqual(found.background, ANSWERS);
    const { cookie } = await house.browser({ email });
    assert.match(cookie, /__Secure-book\.session_token=/);
    given(await house.me({ cookie }));
  });
});

describe('when the answers cannot be saved', () => {
  const house = live();

  test('the account is there, and nothing is claimed', async () => {
    await house.sql('ALTER TABLE bookplate_profile RENAME TO bookplate_away');
    const body = { email: newEmail(), password: PASSWORD, background: ANSWERS };
    const made = given(await house.ours('POST', '/auth/signup', { body }), 201);
    await house.sql('ALTER TABLE bookplate_away RENAME TO bookplate_profile');
    assert.equal(made.profile_complete, false);
    assert.deepEqual(made.background, {});
    const me = given(await house.me({ token: made.session_token }));
    assert.deepEqual(me.background, {});
  });
});

describe('a service on another origin', () => {
  const house = live({ settings: { FRONTEND_URL: 'https://book.example.org' } });

  test("ours answers for its own name, and trusts the service's pages", async () => {
    const ask = (host, headers) =>
      house.ours('GET', '/api/questionnaire', { headers: { host, ...headers } });
    assert.equal((await ask('elsewhere.example')).status, 421);
    const origin = house.relay.url;
    const answer = await ask('book.example.org', { origin });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
  });
});
