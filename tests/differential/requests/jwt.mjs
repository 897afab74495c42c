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
  await s.sql('update jwks set "expiresAt" = ?', [
    new Date(Date.now() - 1000).toISOString(),
  ]);
  await s.get('second', '/token', { cookie });
  await s.get('both keys', '/jwks');
  await s.sql('update jwks set "expiresAt" = ? where "expiresAt" < ?', [
    new Date(Date.now() - 7_200_000).toISOString(),
    new Date().toISOString(),
  ]);
  await s.get('past the grace', '/jwks');
}

const rotating = { rotationInterval: 3600, gracePeriod: 3600 };

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
