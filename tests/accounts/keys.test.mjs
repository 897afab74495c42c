// SPDX-License-Identifier: Apache-2.0
// Keys that sign tokens, and secrets that sign cookies: one at first, however
// many ask; changed without a token or a session that fails; and a server
// that does not start when a setting is wrong. Forged tokens (S084) are met
// in tests/unit/auth/token_test.c and tests/unit/crypto/jws_vectors_test.c.
// Runs alone: signing is timed.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { run, until } from '../process/program.mjs';
import {
  SECRET,
  SITE,
  SKIP,
  databaseFor,
  folderFor,
  median,
  signedUp,
  startAccounts,
  stopPostgres,
} from './house.mjs';

const NEXT_SECRET = 'the-next-secret-of-the-tests-0123456789';

after(stopPostgres);

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));

/** The claims of a token by one of these keys, or an error. */
function open(token, { keys }) {
  const [head, payload, signature] = token.split('.');
  const { kid } = decode(head);
  const jwk = keys.find((key) => key.kid === kid);
  assert.ok(jwk, `no key ${kid}`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  assert.ok(verify('sha256', Buffer.from(`${head}.${payload}`), key, bytes));
  return { kid, ...decode(payload) };
}

const published = async (server) => (await server.call('GET', '/jwks')).json;

describe('keys', { skip: SKIP }, () => {
  for (const engine of ['sqlite', 'postgres']) {
    test(`S083: fifty first requests to two servers make one key (${engine})`, async (t) => {
      const database = await databaseFor(t, engine);
      if (engine === 'postgres') {
        await run(['migrate'], { env: { DATABASE_URL: database.url } });
      }
      const servers = await Promise.all([
        startAccounts(t, {}, { database }),
        startAccounts(t, {}, { database }),
      ]);
      const visitor = await signedUp(servers[0]);
      const before = await database.sql('SELECT count(*) AS n FROM jwks');
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          const { call } = servers[i % 2];
          return i % 4 < 2
            ? call('GET', '/jwks')
            : call('GET', '/token', undefined, {
                headers: { Cookie: visitor.cookie },
              });
        }),
      );
      assert.ok(
        answers.every(({ status }) => status === 200),
        `${answers.map((a) => a.status)}`,
      );
      assert.equal(Number(before[0].n), 0, 'nobody asked before');
      const rows = await database.sql('SELECT id FROM jwks');
      assert.equal(rows.length, 1);
      const sets = answers.filter(({ text }) => text.includes('"keys"'));
      assert.equal(sets.length, 26);
      for (const { json } of sets) {
        assert.deepEqual(
          json.keys.map(({ kid }) => kid),
          [rows[0].id],
        );
      }
      for (const { json } of answers.filter(
        ({ text }) => !text.includes('"keys"'),
      )) {
        assert.equal(open(json.token, sets[0].json).kid, rows[0].id);
      }
    });
  }

  test('S085: keys change under load, and every token stays good', async (t) => {
    const server = await startAccounts(t, {
      JWT_ROTATION: '1s',
      JWT_EXPIRES_IN: '10s',
    });
    const visitor = await signedUp(server);
    const tokens = [];
    const kids = () =>
      new Set(tokens.map((token) => decode(token.split('.')[0]).kid));
    let refused = 0;
    await until(async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => visitor.copy().get('/token')),
      );
      for (const { status, json } of answers) {
        refused += status === 200 ? 0 : 1;
        tokens.push(json.token);
      }
      return kids().size >= 3;
    }, 'three keys have signed');
    assert.equal(refused, 0);
    const set = await published(server);
    for (const token of new Set(tokens)) {
      assert.equal(open(token, set).sub, visitor.id);
    }
  });

  test('S086: a new secret signs, the old one still opens', async (t) => {
    const first = await startAccounts(t);
    const visitor = await signedUp(first);
    const { token } = (await visitor.get('/token')).json;
    first.signal('SIGTERM');
    await first.exit;
    const settings = {
      BETTER_AUTH_SECRET: '',
      BETTER_AUTH_SECRETS: `2:${NEXT_SECRET},1:${SECRET}`,
    };
    const second = await startAccounts(t, settings, { database: first.database });
    visitor.call = second.call;
    assert.equal((await visitor.session()).user.email, visitor.email);
    const next = (await visitor.get('/token')).json.token;
    const set = await published(second);
    assert.equal(open(next, set).kid, open(token, set).kid, 'the same key signs');
    const fresh = second.visitor();
    await fresh.signIn(visitor.email);
    second.signal('SIGTERM');
    await second.exit;
    const third = await startAccounts(
      t,
      { BETTER_AUTH_SECRET: NEXT_SECRET },
      { database: first.database },
    );
    for (const [who, lives] of [
      [fresh, true],
      [visitor, false],
    ]) {
      who.call = third.call;
      assert.equal((await who.session()) !== null, lives);
    }
  });

  test('S088: the set comes from memory, and may be kept', async (t) => {
    const server = await startAccounts(t);
    const first = await server.call('GET', '/jwks');
    assert.match(first.headers['cache-control'], /max-age=\d+/);
    const { etag } = first.headers;
    const same = await server.call('GET', '/jwks', undefined, {
      headers: { 'If-None-Match': etag },
    });
    assert.equal(same.status, 304);
    const mirror = await server.call('GET', '/.well-known/jwks.json', undefined, {
      base: '',
    });
    assert.deepEqual([mirror.text, mirror.headers.etag], [first.text, etag]);
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const ask = () =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        send(
          {
            port: server.port,
            path: '/api/auth/jwks',
            headers: { Host: new URL(SITE).host },
            agent,
          },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve(performance.now() - began));
          },
        )
          .on('error', reject)
          .end();
      });

    const times = [];
    for (let i = 0; i < 125; i++) {
      times.push(...(await Promise.all(Array.from({ length: 16 }, ask))));
    }
    agent.destroy();
    assert.ok(median(times) < 20, `median ${median(times)} ms`);
  });
});

describe('settings', { skip: SKIP }, () => {
  /** What the start says, which must be one line and no start. */
  async function refusal(t, env) {
    const folder = folderFor(t);
    const { code, stdout, stderr } = await run(['serve'], {
      cwd: folder,
      env: {
        PORT: '0',
        DATABASE_URL: `sqlite:${join(folder, 'x.db')}`,
        BETTER_AUTH_URL: SITE,
        BETTER_AUTH_SECRET: SECRET,
        LOG_LEVEL: 'warn',
        ...env,
      },
    });
    assert.notEqual(code, 0, JSON.stringify(env));
    assert.equal(stdout, '');
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    return stderr;
  }

  test('S087: a wrong one keeps the server from starting', async (t) => {
    for (const [env, names] of [
      [{ BETTER_AUTH_SECRET: 'short' }, /BETTER_AUTH_SECRET/],
      [{ BETTER_AUTH_SECRET: '' }, /BETTER_AUTH_SECRET/],
      [{ BETTER_AUTH_SECRETS: '1:short' }, /BETTER_AUTH_SECRETS/],
      [{ BETTER_AUTH_SECRETS: `x:${SECRET}` }, /BETTER_AUTH_SECRETS/],
      [{ BETTER_AUTH_URL: 'book.example' }, /BETTER_AUTH_URL/],
      [{ SESSION_EXPIRES_IN: '-1s' }, /SESSION_EXPIRES_IN/],
      [{ TRUSTED_PROXIES: '10.0.0.0/33' }, /TRUSTED_PROXIES/],
      [{ AUTH_PLUGINS: 'bearer,everything' }, /AUTH_PLUGINS/],
      [{ RATE_LIMIT_RULES: '/x=often' }, /RATE_LIMIT_RULES/],
      [{ DATABASE_URL: 'mysql://x/y' }, /DATABASE_URL/],
      [
        { AUTH_SCHEMA: '{"user":{"modelName":"a b; DROP TABLE user"}}' },
        /AUTH_SCHEMA/,
      ],
    ]) {
      const line = await refusal(t, env);
      assert.match(line, names);
      assert.ok(!line.includes(SECRET), 'and no secret is shown');
    }
  });

  test('S087: so does a secret that others can read', async (t) => {
    const folder = folderFor(t);
    const env = {
      BETTER_AUTH_SECRET: '',
      BETTER_AUTH_URL: '',
      DATABASE_URL: `sqlite:${join(folder, 'data', 'x.db')}`,
    };
    const server = await startAccounts(t, env, {
      database: { url: env.DATABASE_URL },
    });
    server.signal('SIGTERM');
    await server.exit;
    const data = join(folder, 'data');
    const secret = readdirSync(data)
      .map((name) => join(data, name))
      .find((file) => /secret/.test(file));
    assert.ok(secret, `${readdirSync(data)}`);
    assert.equal(statSync(secret).mode & 0o777, 0o600);
    chmodSync(secret, 0o644);
    assert.match(await refusal(t, env), /secret/i);
  });

  test('S087: an unknown name in the file of settings is no typing error', async (t) => {
    const folder = folderFor(t);
    writeFileSync(join(folder, 'bookplate.env'), 'BETER_AUTH_SECRET=x\n');
    const { code, stderr } = await run(['serve'], {
      cwd: folder,
      env: { PORT: '0' },
    });
    assert.notEqual(code, 0);
    assert.match(stderr, /BETER_AUTH_SECRET/);
  });
});
