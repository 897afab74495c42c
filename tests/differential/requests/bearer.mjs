// SPDX-License-Identifier: Apache-2.0
// Sessions in the Authorization header instead of a cookie.
import { BASELINE } from '../options.mjs';
import { PASSWORD, cookieNamed } from '../play.mjs';

const EVIL = 'https://evil.example';

async function bearer(s) {
  const alice = await s.signUp('Alice');
  const bob = await s.signUp('Bob');
  const { token, cookie } = alice;
  const encoded = cookieNamed(alice, 'better-auth.session_token');
  const signed = encoded === '' ? '' : decodeURIComponent(encoded);
  const jwt = await s.get('a token', '/token', { cookie });
  const schemes = {
    raw: `Bearer ${token}`,
    'lower case': `bearer ${token}`,
    'upper case': `BEARER ${token}`,
    'two spaces': `Bearer  ${token}`,
    'a tab': `Bearer\t${token}`,
    'no space': `Bearer${token}`,
    'space behind': `Bearer ${token} `,
    encoded: `Bearer ${encoded}`,
    decoded: `Bearer ${signed}`,
    unpadded: `Bearer ${signed.replace(/=$/, '')}`,
    'half encoded': `Bearer ${encoded.replace('%3D', '=')}`,
    'bad signature': `Bearer ${signed.replace(/\..{4}/, '.AAAA')}`,
    'signature of another': `Bearer ${bob.token}.${signed.split('.')[1]}`,
    'bad escape': 'Bearer %zz.%zz',
    unknown: `Bearer ${'x'.repeat(32)}`,
    empty: 'Bearer ',
    'no scheme': token,
    basic: `Basic ${Buffer.from('a:b').toString('base64')}`,
    'a JWT': `Bearer ${jwt.json?.token ?? ''}`,
    'two words': `Bearer ${token} x`,
    'a dot': 'Bearer .',
    'long garbage': `Bearer ${'z'.repeat(3000)}`,
    quotes: `Bearer "${token}"`,
  };
  for (const [name, value] of Object.entries(schemes)) {
    await s.get(name, '/get-session', { headers: { Authorization: value } });
  }
  await s.get('at a guarded route', '/list-sessions', { bearer: token });
  await s.post(
    'update, no cookie',
    '/update-user',
    { name: 'A' },
    {
      bearer: token,
      origin: EVIL,
    },
  );
  await s.post(
    'update, a cookie',
    '/update-user',
    { name: 'B' },
    {
      bearer: token,
      cookie: 'a=b',
      origin: EVIL,
    },
  );
  await s.post(
    'update, a cookie and own Origin',
    '/update-user',
    { name: 'B' },
    {
      bearer: token,
      cookie: 'a=b',
    },
  );
  await s.get("against another's cookie", '/get-session', {
    bearer: bob.token,
    cookie,
  });
  await s.get('bad, with a cookie', '/get-session', { bearer: 'a.b', cookie });
  await s.post(
    'sign-in with a bearer',
    '/sign-in/email',
    {
      email: s.mailOf('Alice'),
      password: PASSWORD,
    },
    { bearer: token },
  );
  await s.post('sign-out', '/sign-out', {}, { bearer: token });
  await s.get('signed out', '/get-session', { bearer: token });
  await s.post('sign-out again', '/sign-out', {}, { bearer: token });
  await s.get('a dead token at a guarded route', '/list-accounts', {
    bearer: token,
  });
}

export default [{ name: 'bearer', options: BASELINE, play: bearer }];
