// SPDX-License-Identifier: Apache-2.0
// Our tokens in other programs: what FastAPI with PyJWT and what jose make of
// them by the published keys alone, through a change of keys, and forged.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startOurs } from '../contract/servers.mjs';
import { Visitor } from '../contract/visitor.mjs';
import { NO_PYTHON, startFastApi, startJose } from './services.mjs';
import { PASSWORD, given, jose, newEmail, until } from './site.mjs';

const SERVICES = { FastAPI: startFastApi, jose: startJose };
const STRANGER = 'a stranger, with "quotes" — é 😀';

const part = (value) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Ours, a reader and one service that takes the tokens of one algorithm. */
function serve(service, algorithm, settings = {}) {
  const book = {
    async start() {
      const jwks = { keyPairConfig: { alg: algorithm } };
      const options = {
        emailAndPassword: { enabled: true },
        plugins: [['jwt', { jwks }]],
      };
      book.server = await startOurs({ options, settings });
      book.service = await SERVICES[service](book.server, algorithm);
      book.reader = await book.signUp(book.server);
    },
    async signUp(server) {
      const visitor = new Visitor(server);
      const entry = { email: newEmail(), name: STRANGER, password: PASSWORD };
      const { user } = given(await visitor.client.signUp.email(entry));
      const { id: sub, email, name } = user;
      return Object.assign(visitor, { shown: { sub, email, name } });
    },
    /** A new one: ours repeats a token to who has not changed. */
    async token(visitor = book.reader) {
      given(await visitor.client.updateUser({ image: `${Date.now()}.png` }));
      return given(await visitor.client.token()).token;
    },
    async accepts(token) {
      assert.deepEqual(await book.service.read(token), book.reader.shown);
    },
    async refuses(token, why = /./) {
      const { refused } = await book.service.read(token);
      assert.match(String(refused), why);
      assert.notEqual(refused, undefined, token);
    },
  };
  before(() => book.start());
  after(async () => {
    await book.service?.stop();
    await book.server?.stop();
  });
  return book;
}

/** What somebody without the private key can do to a token. */
async function forgeries(book, token) {
  const [head, body, signature] = token.split('.');
  const header = jose.decodeProtectedHeader(token);
  const claims = jose.decodeJwt(token);
  const admin = part({ ...claims, sub: 'somebody', email: 'a@b.de' });
  const later = part({ ...claims, exp: claims.exp + 3600 });
  const { keys } = given(await book.reader.client.jwks());
  const pem = createPublicKey({ key: keys[0], format: 'jwk' });
  const text = pem.export({ type: 'spki', format: 'pem' });
  const own = await jose.generateKeyPair(header.alg, { extractable: true });
  const jwk = await jose.exportJWK(own.publicKey);
  const sign = (head, key) =>
    new jose.SignJWT({ ...claims, sub: 'x' }).setProtectedHeader(head).sign(key);
  return {
    'another reader': `${head}.${admin}.${signature}`,
    'a longer life': `${head}.${later}.${signature}`,
    'no signature': `${head}.${body}.`,
    'a signature cut short': token.slice(0, -8),
    'a signature changed': `${head}.${body}.${'A'.repeat(signature.length)}`,
    'no algorithm': `${part({ ...header, alg: 'none' })}.${body}.`,
    'the public key as a password': await sign(
      { ...header, alg: 'HS256' },
      new TextEncoder().encode(text),
    ),
    'a key of their own': await sign(header, own.privateKey),
    'a key of their own, sent along': await sign(
      { ...header, jwk },
      own.privateKey,
    ),
    'a key nobody has': await sign({ ...header, kid: 'none' }, own.privateKey),
    'a key without a name': await sign({ alg: header.alg }, own.privateKey),
    nonsense: 'a.b.c',
  };
}

function verifying(book) {
  test('who has a token is known', async () => {
    await book.accepts(await book.token());
  });

  test('what was forged is refused', async () => {
    const token = await book.token();
    for (const [what, forged] of Object.entries(await forgeries(book, token))) {
      const { refused } = await book.service.read(forged);
      assert.notEqual(refused, undefined, what);
    }
    await book.accepts(token);
  });
}

const SHORT = { JWT_ROTATION: '3s', JWT_GRACE: '1m', JWT_EXPIRES_IN: '10s' };

/** By the clock, all of it: nothing here can be told what time it is. */
function rotating(service) {
  describe(`${service} through a change of keys`, () => {
    const book = serve(service, 'RS256', SHORT);
    const kidOf = (token) => jose.decodeProtectedHeader(token).kid;

    test('takes tokens of both keys, and of either until its end', async () => {
      const first = await book.token();
      await book.accepts(first);
      const { exp } = jose.decodeJwt(first);
      const second = await until(async () => {
        const token = await book.token();
        return kidOf(token) === kidOf(first) ? null : token;
      }, 'a token signed with another key');
      await book.accepts(second);
      await book.accepts(first);
      await until(() => Date.now() / 1000 > exp + 0.1, 'its end');
      await book.refuses(first, /EXPIRED|Expired/);
      await book.accepts(await book.token());
    });
  });
}

/** With the same keys, and another name. */
function otherIssuer(service) {
  describe(`${service} and tokens of another site with our keys`, () => {
    const book = serve(service, 'RS256');
    let other;

    before(async () => {
      const { options, database } = book.server;
      const baseURL = 'http://elsewhere.example.org';
      other = await startOurs({ options: { ...options, baseURL }, database });
    });
    after(() => other?.stop());

    test('are refused', async () => {
      const visitor = await book.signUp(other);
      const token = await book.token(visitor);
      const known = jose.createLocalJWKSet(given(await book.reader.client.jwks()));
      await jose.jwtVerify(token, known);
      await book.refuses(token, /CLAIM|Issuer|Audience/);
    });
  });
}

for (const service of Object.keys(SERVICES)) {
  const skip = service === 'FastAPI' && NO_PYTHON;
  describe(service, { skip, concurrency: true }, () => {
    for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
      describe(`${service} with ${algorithm}`, () => {
        verifying(serve(service, algorithm));
      });
    }
    rotating(service);
    otherIssuer(service);
  });
}
