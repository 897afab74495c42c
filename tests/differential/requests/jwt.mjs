// SPDX-License-Identifier: Apache-2.0
// Tokens for other services, and the keys to verify them.
import { options } from '../options.mjs';

const PLUGIN = (settings) => ['bearer', ['jwt', settings], 'admin'];

async function tokens(s) {
  await s.get('keys first', '/jwks');
  await s.get('keys again', '/jwks?x=y');
  await s.get('no session', '/token');
  const { cookie, token } = await s.signUp('Alice', {
    name: 'Ünï "\u{1f600}"',
  });
  await s.get('a token', '/token', { cookie });
  await s.get('by bearer', '/token', { bearer: token });
  await s.get('a dead session', '/token', {
    cookie: cookie.replace(/\.[^%]{4}/, '.AAAA'),
  });
  await s.post('POST', '/token', {}, { cookie });
  await s.get('with the session', '/get-session', { cookie });
  await s.get('keys', '/jwks');
  await s.ask('HEAD', 'HEAD', '/jwks');
  await s.post('POST keys', '/jwks', {});
  await s.post('sign', '/sign-jwt', { payload: { a: 1 } }, { cookie });
  await s.post('verify', '/verify-jwt', { token: 'x' }, { cookie });
}

async function withoutHeader(s) {
  const { cookie } = await s.signUp('Alice');
  await s.get('no header', '/get-session', { cookie });
  await s.get('a token', '/token', { cookie });
}

async function rotated(s) {
  const { cookie } = await s.signUp('Alice');
  await s.get('first', '/token', { cookie });
  await s.get('first key', '/jwks');
  await s.wait(ROTATION_S * 1000 + 200);
  // Ours may give one session the same token for a minute.
  const bob = await s.signUp('Bob');
  await s.get('second', '/token', { cookie: bob.cookie });
  await s.get('both keys', '/jwks');
  await s.wait(GRACE_S * 1000);
  await s.get('past the grace', '/jwks');
}

const ROTATION_S = 3;
const GRACE_S = 3;
const rotating = { rotationInterval: ROTATION_S, gracePeriod: GRACE_S };

export default [
  ...['RS256', 'ES256', 'EdDSA'].map((alg) => ({
    name: `jwt-${alg}`,
    options: options({ plugins: PLUGIN({ jwks: { keyPairConfig: { alg } } }) }),
    alone: true,
    play: tokens,
  })),
  {
    name: 'jwt-quiet',
    options: options({ plugins: PLUGIN({ disableSettingJwtHeader: true }) }),
    play: withoutHeader,
  },
  {
    name: 'jwt-rotation',
    options: options({ plugins: PLUGIN({ jwks: rotating }) }),
    play: rotated,
  },
];
