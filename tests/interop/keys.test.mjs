// SPDX-License-Identifier: Apache-2.0
// One set of keys for tokens: made by either server, used by the other, and
// rotated by whoever comes first.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  ENGINES,
  ORIGIN,
  WAYS,
  bothWays,
  given,
  jose,
  serve,
  until,
} from './site.mjs';

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'];
/** In tables made by either. */
const FIRST = { EdDSA: 'ours', ES256: 'original', RS256: 'ours' };

const withJwt = (settings) => ({ plugins: ['bearer', ['jwt', settings]] });

const tokenAt = async (visitor) => given(await visitor.client.token()).token;
const keysAt = async (visitor) => given(await visitor.client.jwks());
const kidOf = (token) => jose.decodeProtectedHeader(token).kid;
const byId = (keys) => [...keys].sort((a, b) => (a.kid < b.kid ? -1 : 1));

/** What another service reads in a token, knowing only one server's keys. */
async function verifyAt(visitor, token) {
  const keys = jose.createLocalJWKSet(await keysAt(visitor));
  const names = { issuer: ORIGIN, audience: ORIGIN };
  return (await jose.jwtVerify(token, keys, names)).payload;
}

async function kidsIn(site) {
  const rows = await site.sql('SELECT id FROM jwks ORDER BY "createdAt"');
  return rows.map(({ id }) => String(id));
}

/**
 * A token of one server once it signs with another key than that. Renamed each
 * time, since ours gives the same token for a minute to who has not changed.
 */
const tokenAfter = (visitor, kid) =>
  until(async () => {
    given(await visitor.client.updateUser({ name: `At ${Date.now()}` }));
    const token = await tokenAt(visitor);
    return kidOf(token) === kid ? null : token;
  }, `a token not signed with ${kid}`);

function signing(site) {
  bothWays('a token of one is verified by keys of the other', async (a, b) => {
    const reader = await site.signUp(a, { name: 'Ünïcødé "😀' });
    const token = await tokenAt(reader[a]);
    const payload = await verifyAt(reader[b], token);
    assert.equal(payload.sub, reader.user.id);
    const { iat, exp, ...claims } = payload;
    assert.equal(exp - iat, 900);
    const here = jose.decodeJwt(await tokenAt(reader[b]));
    assert.deepEqual({ ...here, iat, exp }, { ...claims, iat, exp });
  });

  bothWays('both publish the same keys', async (a, b) => {
    const reader = await site.signUp(a);
    const { keys } = await keysAt(reader[a]);
    assert.deepEqual(byId((await keysAt(reader[b])).keys), byId(keys));
    assert.deepEqual(keys.map(({ kid }) => kid).sort(), (await kidsIn(site)).sort());
  });

  bothWays('the token that comes with the session', async (a, b) => {
    const reader = await site.signUp(a);
    const { headers } = await reader[a].get('/get-session');
    const payload = await verifyAt(reader[b], headers['set-auth-jwt']);
    assert.equal(payload.sub, reader.user.id);
  });
}

/** Each way on tables of their own: which key signs depends on what was. */
function making(engine, alg) {
  for (const [a, b] of WAYS) {
    describe(`a key of ${a} on ${engine}`, () => {
      const settings = { jwks: { keyPairConfig: { alg } } };
      const site = serve({ engine, options: withJwt(settings), first: FIRST[alg] });

      test('is used by the other, and none is made', async () => {
        const reader = await site.signUp(a);
        const token = await tokenAt(reader[a]);
        assert.equal(kidOf(await tokenAt(reader[b])), kidOf(token));
        assert.deepEqual(await kidsIn(site), [kidOf(token)]);
        const { keys } = await keysAt(reader[b]);
        assert.equal(keys.length, 1);
        assert.equal(keys[0].alg, alg);
      });

      signing(site);
    });
  }
}

/** By the clock: neither looks for what was changed behind its back. */
const ROTATION = { rotationInterval: 4, gracePeriod: 4 };

function rotation(engine, a, b) {
  describe(`keys that ${a} rotates on ${engine}`, () => {
    const site = serve({ engine, options: withJwt({ jwks: ROTATION }), first: b });

    test('are taken over, published, and then forgotten', async () => {
      const reader = await site.signUp(b);
      const before = await tokenAt(reader[b]);
      const [row] = await site.sql('SELECT * FROM jwks');
      const life = new Date(row.expiresAt) - new Date(row.createdAt);
      assert.equal(Math.round(life / 1000), ROTATION.rotationInterval);
      const after = await tokenAfter(reader[a], kidOf(before));
      const also = await tokenAfter(reader[b], kidOf(before));
      assert.equal(kidOf(also), kidOf(after));
      for (const visitor of [reader[a], reader[b]]) {
        await verifyAt(visitor, before);
        await verifyAt(visitor, after);
      }
      for (const visitor of [reader[a], reader[b]]) {
        const isGone = async () => {
          const { keys } = await keysAt(visitor);
          return keys.every(({ kid }) => kid !== kidOf(before));
        };
        await until(isGone, 'the old key is not published any more');
        await assert.rejects(verifyAt(visitor, before), /no applicable key/);
      }
    });
  });
}

const SECRETS = [
  { version: 2, value: 'the-new-secret-0123456789-abcdefghijklmnop' },
  { version: 1, value: 'the-old-secret-0123456789-abcdefghijklmnop' },
];

function secretLists(engine, a, b) {
  describe(`a private key of ${a} under a list of secrets, ${engine}`, () => {
    const options = { ...withJwt({}), secrets: SECRETS };
    const site = serve({ engine, options, first: b });

    test('is read by the other', async () => {
      const reader = await site.signUp(a);
      const token = await tokenAt(reader[a]);
      const [{ privateKey }] = await site.sql('SELECT * FROM jwks');
      assert.match(privateKey, /^"\$ba\$2\$[0-9a-f]+"$/);
      await verifyAt(reader[b], await tokenAt(reader[b]));
      await verifyAt(reader[b], token);
      assert.deepEqual(await kidsIn(site), [kidOf(token)]);
    });
  });
}

/** The original has not heard of the new secret yet. */
function olderSecret(engine) {
  describe(`a private key of the original under an older secret, ${engine}`, () => {
    const [, { value }] = SECRETS;
    const only = { original: { secret: value }, ours: { secrets: SECRETS } };
    const site = serve({ engine, options: withJwt({}), only });

    test('is used by ours', async () => {
      const reader = await site.signUp('original');
      const token = await tokenAt(reader.original);
      const other = await tokenAt(reader.ours);
      assert.equal(kidOf(other), kidOf(token));
      await verifyAt(reader.original, other);
      assert.deepEqual(await kidsIn(site), [kidOf(token)]);
    });
  });
}

const algOf = (token) => jose.decodeProtectedHeader(token).alg;

/** Both keys are published by both, though one is not the server's own. */
async function assertBothVerify(reader, tokens) {
  for (const visitor of [reader.original, reader.ours]) {
    const both = async () => (await keysAt(visitor)).keys.length === 2;
    await until(both, 'both keys');
    await Promise.all(tokens.map((token) => verifyAt(visitor, token)));
  }
}

/** As both are when nobody says anything: EdDSA there, RS256 here. */
function defaults(engine) {
  const settings = { JWT_ALGORITHM: 'RS256' };

  describe(`both with their default algorithm on one ${engine}`, () => {
    const site = serve({ engine, options: withJwt({}), settings });

    test('ours signs with its own, and the original goes on', async () => {
      const reader = await site.signUp('original');
      const tokens = [
        await tokenAt(reader.original),
        await tokenAt(reader.ours),
        await tokenAt(reader.original),
      ];
      assert.deepEqual(tokens.map(algOf), ['EdDSA', 'RS256', 'EdDSA']);
      await assertBothVerify(reader, tokens);
    });
  });

  describe(`the same, and the first key is ours on ${engine}`, () => {
    const site = serve({ engine, options: withJwt({}), settings });

    test('the original signs with it', async () => {
      const reader = await site.signUp('original');
      const tokens = [await tokenAt(reader.ours), await tokenAt(reader.original)];
      assert.deepEqual(tokens.map(algOf), ['RS256', 'RS256']);
      await verifyAt(reader.ours, tokens[1]);
      assert.equal((await kidsIn(site)).length, 1);
    });
  });
}

/** Rows of older originals do not say what their key is for. */
function nameless(alg) {
  describe(`a key without its algorithm, ${alg}`, () => {
    const jwks = { keyPairConfig: { alg } };
    const site = serve({ engine: 'sqlite', options: withJwt({ jwks }) });

    test('is used and published by both', async () => {
      const reader = await site.signUp('original');
      await tokenAt(reader.original);
      await site.sql('UPDATE jwks SET alg = NULL, crv = NULL');
      const tokens = [await tokenAt(reader.original), await tokenAt(reader.ours)];
      assert.deepEqual(tokens.map(algOf), [alg, alg]);
      assert.equal((await kidsIn(site)).length, 1);
      const keys = await keysAt(reader.original);
      assert.deepEqual(await keysAt(reader.ours), keys);
      await Promise.all(tokens.map((token) => verifyAt(reader.ours, token)));
    });
  });
}

/** An original that was told not to encrypt them; ours always does. */
function plainKeys(engine) {
  describe(`a private key that lies open on ${engine}`, () => {
    const jwks = { disablePrivateKeyEncryption: true };
    const only = { original: withJwt({ jwks }) };
    const site = serve({ engine, options: withJwt({}), only });

    test('is used by ours, and shown by neither', async () => {
      const reader = await site.signUp('original');
      const token = await tokenAt(reader.original);
      const [{ privateKey }] = await site.sql('SELECT * FROM jwks');
      const secret = JSON.parse(privateKey).d;
      const other = await tokenAt(reader.ours);
      assert.equal(kidOf(other), kidOf(token));
      await verifyAt(reader.original, other);
      for (const visitor of [reader.original, reader.ours]) {
        assert.equal((await visitor.get('/jwks')).text.includes(secret), false);
      }
    });
  });
}

describe('keys for tokens', () => {
  for (const alg of ALGORITHMS) {
    describe(alg, () => {
      making(alg === 'ES256' ? 'postgres' : 'sqlite', alg);
    });
  }
  for (const [a, b] of WAYS) {
    ENGINES.forEach((engine) => secretLists(engine, a, b));
  }
  ENGINES.forEach(olderSecret);
  ENGINES.forEach(plainKeys);
  ALGORITHMS.forEach(nameless);
});

// At once, since they wait for the clock.
describe('keys that change', { concurrency: true }, () => {
  ENGINES.forEach(defaults);
  for (const [a, b] of WAYS) {
    ENGINES.forEach((engine) => rotation(engine, a, b));
  }
});
