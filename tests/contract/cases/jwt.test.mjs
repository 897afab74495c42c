// SPDX-License-Identifier: Apache-2.0
// Tokens for other services, verified by jose through the published keys.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { jwtClient } from 'better-auth/client/plugins';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
} from 'jose';

import { given, refused, serve } from '../target.mjs';

const ALGORITHMS = {
  RS256: ['alg', 'e', 'kid', 'kty', 'n'],
  ES256: ['alg', 'crv', 'kid', 'kty', 'x', 'y'],
  EdDSA: ['alg', 'crv', 'kid', 'kty', 'x'],
};

const withJwt = (settings) =>
  serve({ plugins: [['jwt', settings]] }, [jwtClient()]);
const tokenOf = async (visitor) => given(await visitor.client.token()).token;
const keysOf = async (book) => given(await book.visitor().client.jwks());

/** Verified as another service would, who knows nothing but the keys. */
async function verify(book, token, keys) {
  return jwtVerify(token, createLocalJWKSet(keys ?? (await keysOf(book))), {
    issuer: book.origin,
    audience: book.origin,
  });
}

for (const [alg, members] of Object.entries(ALGORITHMS)) {
  describe(`tokens with ${alg}`, () => {
    const book = withJwt({ jwks: { keyPairConfig: { alg } } });

    test('are verified by jose', async () => {
      const visitor = await book.reader();
      const { payload } = await verify(book, await tokenOf(visitor));
      assert.equal(payload.sub, visitor.user.id);
      assert.equal(payload.email, visitor.email);
    });

    test('name algorithm and key in the header', async () => {
      const token = await tokenOf(await book.reader());
      const header = decodeProtectedHeader(token);
      const { keys } = await keysOf(book);
      assert.deepEqual(header, { alg, kid: keys[0].kid });
    });

    test('the published key has its public members only', async () => {
      const { keys } = await keysOf(book);
      assert.equal(keys.length, 1);
      assert.deepEqual(Object.keys(keys[0]).sort(), members);
      assert.equal(keys[0].alg, alg);
    });
  });
}

describe('a token', () => {
  const book = withJwt({});

  test('holds the user, and lives 15 minutes', async () => {
    const visitor = await book.reader({ name: 'Ünïcødé "😀' });
    const { payload } = await verify(book, await tokenOf(visitor));
    assert.equal(payload.exp - payload.iat, 900);
    assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 10);
    assert.equal(payload.id, visitor.user.id);
    assert.equal(payload.name, 'Ünïcødé "😀');
    assert.equal(payload.emailVerified, false);
    assert.equal(payload.image, null);
    assert.equal(payload.createdAt, visitor.user.createdAt.toISOString());
    assert.equal(payload.iss, book.origin);
    assert.equal(payload.aud, book.origin);
  });

  test('is not given to a stranger', async () => {
    refused(await book.visitor().client.token(), 401, 'UNAUTHORIZED');
  });

  test('is not given after the sign-out', async () => {
    const visitor = await book.reader();
    const thief = book.visitor({ like: visitor });
    given(await visitor.client.signOut());
    refused(await thief.client.token(), 401, 'UNAUTHORIZED');
  });

  test('that was changed is not verified', async () => {
    const token = await tokenOf(await book.reader());
    const [header, , signature] = token.split('.');
    const claims = { ...decodeJwt(token), sub: 'somebody' };
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const changed = `${header}.${forged}.${signature}`;
    await assert.rejects(verify(book, changed), { code: /SIGNATURE/ });
  });

  test('comes with get-session', async () => {
    const visitor = await book.reader();
    const headers = { prefer: 'auth-jwt' };
    const answer = await visitor.get('/get-session', headers);
    const { payload } = await verify(book, answer.headers['set-auth-jwt']);
    assert.equal(payload.sub, visitor.user.id);
    const exposed = answer.headers['access-control-expose-headers'];
    assert.match(exposed, /\bset-auth-jwt\b/);
  });

  test('does not come with get-session to a stranger', async () => {
    const visitor = book.visitor();
    given(await visitor.client.getSession());
    assert.equal('set-auth-jwt' in visitor.last.headers, false);
  });

  test('is no session', async () => {
    const token = await tokenOf(await book.reader());
    const headers = { authorization: `Bearer ${token}` };
    const { client } = book.visitor({ headers });
    assert.equal(given(await client.getSession()), null);
  });

  test('the keys are there before anybody asked for a token', async () => {
    const { keys } = await keysOf(book);
    assert.ok(keys.length >= 1);
    assert.ok(keys.every(({ kid }) => typeof kid === 'string'));
    assert.ok(keys.every((key) => !('d' in key)));
  });

  test('all tokens are signed with one key', async () => {
    const readers = [await book.reader(), await book.reader()];
    const tokens = await Promise.all(readers.map(tokenOf));
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    assert.equal(new Set(kids).size, 1);
  });

  test('the private key is kept encrypted', async () => {
    await keysOf(book);
    const [row] = await book.sql('SELECT * FROM jwks');
    assert.match(row.privateKey, /^"[0-9a-f]+"$/);
    assert.equal('d' in JSON.parse(row.publicKey), false);
  });
});

describe('tokens with another life', () => {
  const book = withJwt({
    jwt: { expirationTime: '1h' },
    disableSettingJwtHeader: true,
  });

  test('live so long', async () => {
    const { payload } = await verify(book, await tokenOf(await book.reader()));
    assert.equal(payload.exp - payload.iat, 3600);
  });

  test('do not come with get-session when that is off', async () => {
    const visitor = await book.reader();
    const headers = { prefer: 'auth-jwt' };
    const answer = await visitor.get('/get-session', headers);
    assert.equal('set-auth-jwt' in answer.headers, false);
  });
});

describe('tokens through a rotation of keys', () => {
  const book = withJwt({ jwks: { rotationInterval: 3600, gracePeriod: 60 } });
  const kidOf = (token) => decodeProtectedHeader(token).kid;
  const expire = (kid, at) =>
    book.sql('UPDATE jwks SET "expiresAt" = $1 WHERE id = $2', [
      new Date(Date.now() + at).toISOString(),
      kid,
    ]);

  /** A server may keep its keys in memory for a moment. */
  async function tokenWithAnother(visitor, kid) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const token = await tokenOf(visitor);
      if (kidOf(token) !== kid) {
        return token;
      }
      assert.ok(Date.now() < deadline, `still signed with ${kid}`);
      await delay(50);
    }
  }

  test('a new key signs, both are published, then one', async () => {
    const visitor = await book.reader();
    const before = await tokenOf(visitor);
    await expire(kidOf(before), -1000);
    const after = await tokenWithAnother(visitor, kidOf(before));
    const keys = await keysOf(book);
    assert.equal(keys.keys.length, 2);
    await verify(book, before, keys);
    await verify(book, after, keys);
    await expire(kidOf(before), -61_000);
    const deadline = Date.now() + 10_000;
    while ((await keysOf(book)).keys.length !== 1) {
      assert.ok(Date.now() < deadline, 'the old key is still published');
      await delay(50);
    }
    await verify(book, after);
    await assert.rejects(verify(book, before));
  });
});
