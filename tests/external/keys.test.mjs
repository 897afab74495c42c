// SPDX-License-Identifier: Apache-2.0
// The keys of the service: fetched when they are needed, no more often than a
// stranger should be able to make us, and kept while the service is away.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import {
  PASSWORD,
  call,
  claimsOf,
  given,
  headerOf,
  live,
  newEmail,
  refused,
} from './house.mjs';

const FORGED = 1000;
const AT_ONCE = 50;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token like the given one, by a key of the stranger's own. */
function forge(like, kid, { privateKey } = generateKeyPairSync('ed25519')) {
  const text = `${encode({ ...headerOf(like), kid })}.${encode(claimsOf(like))}`;
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}.${signature.toString('base64url')}`;
}

/** Answers in the service's place while `act` runs. */
async function stand(house, answer, act) {
  house.relay.answer = answer;
  try {
    await act();
  } finally {
    house.relay.answer = () => null;
  }
}

/** The next token of the service is by a new key. */
const rotate = (house) =>
  house.sql('UPDATE jwks SET "expiresAt" = $1', [new Date(Date.now() - 1000).toISOString()]);

async function readerWithToken(house) {
  const reader = await house.reader();
  const browser = await house.browser(reader);
  return { ...reader, browser, jwt: await house.jwt(browser) };
}

describe('keys of the service', () => {
  const house = live();

  test('one fetch for all, and none for a key that is known', async () => {
    const reader = await readerWithToken(house);
    const from = house.relay.asked.length;
    const all = Array.from({ length: AT_ONCE }, () => house.me({ token: reader.jwt }));
    (await Promise.all(all)).forEach((answer) => given(answer));
    assert.ok(house.asked('/jwks', from) === 0 && house.asked('/jwks') === 1);
  });

  test('a new key is fetched, a thousand forged ones once a minute', async () => {
    const reader = await readerWithToken(house);
    given(await house.me({ token: reader.jwt }));
    await rotate(house);
    const next = await house.jwt(reader.browser);
    assert.notEqual(headerOf(next).kid, headerOf(reader.jwt).kid);
    const from = house.relay.asked.length;
    given(await house.me({ token: next }));
    assert.equal(house.asked('/jwks', from), 1);
    const pair = generateKeyPairSync('ed25519');
    for (let i = 0; i < FORGED; i += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, () =>
        house.me({ token: forge(next, randomBytes(16).toString('hex'), pair) }),
      );
      (await Promise.all(some)).forEach((answer) => refused(answer, 401, 'UNAUTHORIZED'));
    }
    assert.equal(house.asked('/jwks', from), 1);
    given(await house.me({ token: reader.jwt }));
    given(await house.me({ token: next }));
  });

  test("a stranger's key under a known id signs nobody in", async () => {
    const reader = await readerWithToken(house);
    const { kid } = headerOf(reader.jwt);
    refused(await house.me({ token: forge(reader.jwt, kid) }), 401, 'UNAUTHORIZED');
    const none = `${encode({ alg: 'none', kid })}.${reader.jwt.split('.')[1]}.`;
    refused(await house.me({ token: none }), 401, 'UNAUTHORIZED');
  });
});

describe('a service that is down', () => {
  const house = live();

  test('known keys go on verifying; what needs it says 502 in time', async () => {
    const reader = await readerWithToken(house);
    given(await house.me({ token: reader.jwt }));
    const answers = { software_experience: 'expert' };
    const rows = () => house.sql('SELECT * FROM bookplate_profile');
    const before = (await rows()).length;
    await stand(house, () => ({ status: 503 }), async () => {
      given(await house.me({ token: reader.jwt }));
      given(await house.me({ cookie: reader.browser.cookie }));
      const same = { token: reader.jwt, body: {} };
      const calls = {
        '/auth/signin': { body: { email: reader.email, password: PASSWORD } },
        '/auth/signup': {
          body: { email: newEmail(), password: PASSWORD, background: answers },
        },
        '/auth/refresh': same,
      };
      for (const [path, call] of Object.entries(calls)) {
        refused(await house.ours('POST', path, call), 502, 'UPSTREAM_FAILED');
      }
      assert.equal((await rows()).length, before);
      given(await house.ours('POST', '/auth/signout', same));
      refused(await house.me({ token: reader.jwt }), 401, 'UNAUTHORIZED');
    });
  });

  test('one that hangs delays only who needs it', async () => {
    const reader = await readerWithToken(house);
    given(await house.me({ token: reader.jwt }));
    const body = { email: reader.email, password: PASSWORD };
    await stand(house, () => house.relay.hangs, async () => {
      const late = house.ours('POST', '/auth/signin', { body });
      const unknown = house.me({ token: forge(reader.jwt, 'unknown') });
      const known = await house.me({ token: reader.jwt });
      given(known);
      assert.ok(known.ms < 1000, `${known.ms} ms`);
      const refusedLate = await unknown;
      refused(refusedLate, 401, 'UNAUTHORIZED');
      assert.ok(refusedLate.ms < 4000, `${refusedLate.ms} ms`);
      const answer = await late;
      refused(answer, 504, 'UPSTREAM_TIMEOUT');
      assert.ok(answer.ms < 8000, `${answer.ms} ms`);
    });
  });

  test('before any key was fetched it says so, and works when it is back', async () => {
    const reader = await readerWithToken(house);
    const second = await house.startOurs();
    try {
      const me = () => call(second.url, 'GET', '/auth/me', { token: reader.jwt });
      const broken = (path) => (path === '/jwks' ? { status: 500 } : null);
      await stand(house, broken, async () => {
        refused(await me(), 502, 'UPSTREAM_FAILED');
      });
      await until(async () => (await me()).status === 200, 'the keys are there');
    } finally {
      await second.stop();
    }
  });
});

const json = (value) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** What a broken or hostile service may say; `like` is a public key of it. */
const HOSTILE = {
  'no answer of JSON': () => ({ body: '<html>hello</html>' }),
  'no list': () => json({ keys: {} }),
  'nothing in it': () => json({ keys: [] }),
  'a list of nonsense': () => json({ keys: [null, 1, 'x', [], {}, { kid: 'a' }] }),
  'a huge one': () => ({ body: `{"keys":[${' '.repeat(4 << 20)}]}` }),
  'thousands of keys': (like) => json({ keys: Array.from({ length: 5000 }, () => like) }),
  'deep nesting': () => ({ body: '['.repeat(60_000) }),
  'a redirect': () => ({ status: 302, headers: { location: '/api/auth/ok' } }),
  'a refusal': () => ({ status: 404 }),
};

/** Keys that stand in the set and must not verify. */
const USELESS = {
  'symmetric': (jwk) => ({ kty: 'oct', kid: jwk.kid, k: 'AAAA', alg: 'HS256' }),
  'private': (jwk) => jwk,
  'for encryption': ({ d, ...jwk }) => ({ ...jwk, use: 'enc' }),
  'of another algorithm': ({ d, ...jwk }) => ({ ...jwk, alg: 'RS256' }),
  'without an id': ({ d, kid, ...jwk }) => jwk,
};

describe('hostile key sets', () => {
  const house = live();
  let reader;

  /** Ours, started anew while the service answers so. */
  async function meet(answer, token) {
    const server = await house.startOurs();
    let met;
    await stand(house, (path) => (path === '/jwks' ? answer : null), async () => {
      met = await call(server.url, 'GET', '/auth/me', { token });
    });
    await server.stop();
    return met;
  }

  for (const [name, answer] of Object.entries(HOSTILE)) {
    test(name, async () => {
      reader ??= await readerWithToken(house);
      const { keys } = given(await house.original('GET', '/jwks'));
      refused(await meet(answer(keys[0]), reader.jwt), 502, 'UPSTREAM_FAILED');
    });
  }

  for (const [name, change] of Object.entries(USELESS)) {
    test(`a key that is ${name}`, async () => {
      reader ??= await readerWithToken(house);
      const pair = generateKeyPairSync('ed25519');
      const jwk = { ...pair.privateKey.export({ format: 'jwk' }), kid: 'theirs', alg: 'EdDSA' };
      const { keys } = given(await house.original('GET', '/jwks'));
      const set = json({ keys: [change(jwk), ...keys] });
      refused(await meet(set, forge(reader.jwt, 'theirs', pair)), 401, 'UNAUTHORIZED');
      given(await meet(set, reader.jwt));
    });
  }

  test('a good key among strange ones is found', async () => {
    reader ??= await readerWithToken(house);
    const { keys } = given(await house.original('GET', '/jwks'));
    const strange = [null, { kty: 'EC', crv: 'P-521', kid: 'p' }, { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'r' }];
    given(await meet(json({ keys: [...strange, ...keys] }), reader.jwt));
  });
});
