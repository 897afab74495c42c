// SPDX-License-Identifier: Apache-2.0
// Where ours may do better, so that it stays known by how much: addresses of
// clients, changed secrets, sizes and depths that nobody honest sends.
import { createHmac } from 'node:crypto';

import { BASELINE, options } from '../options.mjs';
import { cookieNamed } from '../play.mjs';

const NAME = 'better-auth.session_token';
const NEW = 'a-newer-lab-secret-0123456789abcdefABCDEF';
const OLD = BASELINE.secret;

async function addresses(s) {
  const from = {
    'no header': '',
    'one address': '198.51.100.7',
    'two addresses': '198.51.100.7, 192.0.2.1',
    'an IPv6 address': '2001:db8:1:2:3::4',
    'a mapped address': '::ffff:198.51.100.7',
    'no address': 'unknown',
    'a port': '198.51.100.7:1234',
  };
  for (const [name, value] of Object.entries(from)) {
    const more = { headers: { 'X-Forwarded-For': value } };
    const email = `${name.replaceAll(' ', '-')}.${s.scenario.name}@example.com`;
    const { cookie } = await s.signUp(name, { email }, more);
    await s.get(name, '/get-session', { cookie, ...more });
  }
}

/** A cookie as another secret would have signed it. */
function resigned(token, secret) {
  const hash = createHmac('sha256', secret).update(token).digest('base64');
  return `${NAME}=${encodeURIComponent(`${token}.${hash}`)}`;
}

async function secrets(s) {
  const alice = await s.signUp('Alice');
  const { cookie, token } = alice;
  await s.get('the newest', '/get-session', { cookie });
  s.note('signed by the newest', [
    cookieNamed(alice, NAME) === resigned(token, NEW).slice(NAME.length + 1),
  ]);
  await s.get('an older', '/get-session', { cookie: resigned(token, OLD) });
  await s.get('an older, unknown token', '/get-session', {
    cookie: resigned('x'.repeat(32), OLD),
  });
  await s.get('none of them', '/get-session', {
    cookie: resigned(token, 'z'.repeat(40)),
  });
  await s.get('a token', '/token', { cookie });
}

function nested(depth) {
  return `{"email":"a@b.co","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

async function sizes(s) {
  const reset = (name, body) => s.post(name, '/request-password-reset', body);
  for (const depth of [10, 30, 60, 200, 5000]) {
    await reset(`${depth} deep`, nested(depth));
  }
  for (const size of [1_000, 30_000, 300_000, 3_000_000]) {
    await reset(`${size} bytes`, { email: 'a@b.co', x: 'y'.repeat(size) });
  }
  for (const count of [100, 1_000, 10_000]) {
    const list = Array.from({ length: count }, (_, at) => [`m${at}`, at]);
    await reset(`${count} members`, {
      ...Object.fromEntries(list),
      email: 'a@b.co',
    });
  }
  for (const size of [1_000, 6_000, 12_000]) {
    await s.get(
      `a target of ${size}`,
      `/verify-email?token=${'a'.repeat(size)}`,
    );
    await s.get(`a cookie of ${size}`, '/get-session', {
      cookie: `a=${'b'.repeat(size)}`,
    });
  }
  const many = Array.from({ length: 300 }, (_, at) => `c${at}=v`).join('; ');
  await s.get('many cookies', '/get-session', { cookie: many });
  const queries = Array.from({ length: 500 }, (_, at) => `q${at}=v`).join('&');
  await s.get('a long query', `/verify-email?${queries}&token=bad`);
}

const COOKIES = [
  '',
  ';',
  '=',
  'a',
  'a;b;c',
  '=value',
  `${NAME}`,
  `${NAME}=.`,
  `${NAME}=${'%'.repeat(50)}`,
  `${NAME}=a.b; ${NAME}=c.d`,
  `${NAME}="`,
  `${NAME}=""`,
  `$Version=1; ${NAME}=x`,
  `${NAME} =x`,
  `a=\xff\xfe`,
  `${NAME}=${'\xe4'.repeat(32)}.${'A'.repeat(43)}%3D`,
  'a=b, c=d',
  `__Secure-${NAME}=x.y`,
  `__Host-${NAME}=x.y`,
];

async function cookies(s) {
  for (const [at, cookie] of COOKIES.entries()) {
    await s.get(`cookie ${at}`, '/get-session', {
      headers: { Cookie: cookie },
    });
    await s.post(
      `POST with cookie ${at}`,
      '/sign-out',
      {},
      {
        headers: { Cookie: cookie },
        origin: s.origin,
      },
    );
  }
  const { cookie } = await s.signUp('Alice');
  await s.get('two Cookie fields', '/get-session', {
    headers: { Cookie: ['a=b', cookie] },
  });
  await s.get('the session first', '/get-session', {
    headers: { Cookie: [cookie, 'a=b'] },
  });
}

async function openApi(s) {
  await s.get('schema', '/open-api/generate-schema');
  await s.get('page', '/reference');
  await s.post('schema by POST', '/open-api/generate-schema', {});
}

const { advanced, ...untrusting } = BASELINE;
const { secret, ...unsigned } = BASELINE;
const rotated = {
  ...unsigned,
  secrets: [
    { version: 2, value: NEW },
    { version: 1, value: OLD },
  ],
};

export default [
  { name: 'addresses', options: BASELINE, play: addresses },
  { name: 'addresses-no-proxy', options: untrusting, play: addresses },
  { name: 'secrets', options: rotated, play: secrets },
  { name: 'sizes', options: BASELINE, play: sizes },
  { name: 'cookie-headers', options: BASELINE, play: cookies },
  {
    name: 'open-api',
    options: options({ plugins: ['bearer', 'open-api'] }),
    play: openApi,
  },
];
