// SPDX-License-Identifier: Apache-2.0
// Where requests come from and where they lead: CSRF rules and redirect
// targets.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const EVIL = 'https://evil.example';

/** What browsers and others say of where a request comes from. */
function mixes(origin) {
  const navigate = {
    'Sec-Fetch-Site': 'cross-site',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'document',
  };
  const cors = { 'Sec-Fetch-Mode': 'cors' };
  const same = { 'Sec-Fetch-Site': 'same-origin', ...cors };
  return {
    nothing: {},
    'own Origin': { Origin: origin },
    'trusted Origin': { Origin: 'http://localhost:3000' },
    'trusted by a pattern': { Origin: 'https://a.b.trusted.example' },
    'evil Origin': { Origin: EVIL },
    'null Origin': { Origin: 'null' },
    'empty Origin': { Origin: ' ' },
    'own Origin with a slash': { Origin: `${origin}/` },
    'own Origin with a path': { Origin: `${origin}/a` },
    'own Origin in upper case': { Origin: origin.toUpperCase() },
    'another port': { Origin: 'http://localhost:3001' },
    'another scheme': { Origin: 'https://localhost:3000' },
    'the domain of a pattern': { Origin: 'https://trusted.example' },
    'a name behind': { Origin: 'http://localhost:3000.evil.example' },
    'a user name': { Origin: 'http://localhost:3000@evil.example' },
    'not a URL': { Origin: 'localhost:3000' },
    'own Referer': { Referer: `${origin}/page?a=b` },
    'evil Referer': { Referer: `${EVIL}/page` },
    'evil Origin, own Referer': { Origin: EVIL, Referer: `${origin}/` },
    'null Origin, own Referer': { Origin: 'null', Referer: `${origin}/` },
    'no-cors fetch': { 'Sec-Fetch-Mode': 'no-cors' },
    'Node fetch': cors,
    'Node fetch, own Origin': { ...cors, Origin: origin },
    'Node fetch, evil Origin': { ...cors, Origin: EVIL },
    'same-origin fetch': { ...same, Origin: origin },
    'same-origin, null Origin': { ...same, Origin: 'null' },
    'same-origin, no Origin': same,
    'cross-site navigation': navigate,
    'cross-site navigation, own Origin': { ...navigate, Origin: origin },
    'cross-site navigation, evil Origin': { ...navigate, Origin: EVIL },
    'cross-site fetch': {
      'Sec-Fetch-Site': 'cross-site',
      ...cors,
      Origin: EVIL,
    },
    'same-site navigation': { ...navigate, 'Sec-Fetch-Site': 'same-site' },
    'user navigation': { ...navigate, 'Sec-Fetch-Site': 'none' },
  };
}

async function headers(s) {
  const { cookie } = await s.signUp('Alice');
  const body = { email: 'x', password: PASSWORD };
  for (const [name, fields] of Object.entries(mixes(s.origin))) {
    const more = { headers: fields };
    await s.post(`sign-in: ${name}`, '/sign-in/email', body, more);
    await s.post(
      `update: ${name}`,
      '/update-user',
      {},
      {
        ...more,
        cookie,
        origin: null,
      },
    );
  }
  const some = ['nothing', 'evil Origin', 'null Origin', 'Node fetch'];
  for (const name of some) {
    const fields = mixes(s.origin)[name];
    await s.post(
      `reset: ${name}`,
      '/request-password-reset',
      { email: 'x' },
      {
        headers: fields,
      },
    );
    await s.post(
      `any cookie: ${name}`,
      '/sign-out',
      {},
      {
        headers: fields,
        cookie: 'a=b',
        origin: null,
      },
    );
    await s.post(`sign-up: ${name}`, '/sign-up/email', {}, { headers: fields });
    await s.get(`GET: ${name}`, '/list-accounts', { headers: fields, cookie });
  }
  await s.post(
    'two Origins',
    '/update-user',
    {},
    {
      cookie,
      origin: null,
      headers: { Origin: [s.origin, EVIL] },
    },
  );
}

const TARGETS = [
  '/ok',
  '/',
  '',
  '/a/../b',
  '/x?u=https://evil.example',
  '/x#frag',
  '/a b',
  '/a%20b',
  '/ü',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\evil.example',
  '/a\\b',
  '/a%2f%2fevil.example',
  '/a%5cb',
  '/%2e%2e/b',
  '/..//evil.example',
  '/a?b=%2f',
  '/a\tb',
  '/a\nb',
  '/@evil.example',
  '/a@b:c',
  '/.',
  'dash',
  './dash',
  '?a=b',
  '#a',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,x',
  'mailto:a@b.co',
  ' /ok',
  '/ok ',
  'http:',
  'http://',
  'http:/localhost:3000',
  'http:localhost:3000',
  'http://localhost:3000',
  'http://localhost:3000/',
  'http://localhost:3000/a?b#c',
  'HTTP://LOCALHOST:3000/a',
  'http://localhost:3000\\@evil.example',
  'http://localhost:3000@evil.example',
  'http://user:pass@localhost:3000/',
  'http://localhost:3000.evil.example',
  'http://localhost:30000/',
  'http://localhost/',
  'https://localhost:3000/',
  'https://evil.example',
  'https://a.trusted.example/x',
  'https://a.b.trusted.example/x',
  'https://trusted.example/x',
  'http://a.trusted.example/x',
  'https://a.trusted.example:8443/x',
  'https://a.trusted.example:443/x',
  'https://evil.example/a.trusted.example',
  'https://evil.example?a.trusted.example',
  'https://evil.example#a.trusted.example',
  'https://eviltrusted.example/',
  'https://a.trusted.example.evil.example/',
  'https://a.trusted.example%2eevil.example/',
  'https://localhost',
  'null',
];

async function targets(s) {
  const { cookie } = await s.signUp('Alice');
  for (const callbackURL of TARGETS) {
    const name = JSON.stringify(callbackURL);
    const query = encodeURIComponent(callbackURL);
    await s.get(`link: ${name}`, `/verify-email?token=x&callbackURL=${query}`);
    await s.post(`body: ${name}`, '/sign-in/email', {
      email: 'x',
      password: 'y',
      callbackURL,
    });
  }
  for (const [field, path] of [
    ['redirectTo', '/request-password-reset'],
    ['errorCallbackURL', '/sign-in/email'],
    ['newUserCallbackURL', '/sign-in/email'],
    ['callbackURL', '/delete-user'],
    ['callbackURL', '/update-user'],
    ['redirectTo', '/sign-out'],
  ]) {
    for (const value of ['/ok', EVIL, 5, null, '', [], true]) {
      const name = `${path} ${field} ${JSON.stringify(value)}`;
      await s.post(name, path, { [field]: value }, { cookie });
    }
  }
  await s.post('two targets, one bad', '/sign-in/email', {
    callbackURL: '/ok',
    errorCallbackURL: EVIL,
  });
  await s.post('query and body', `/sign-in/email?callbackURL=${EVIL}`, {});
  await s.post('query only', `/sign-out?callbackURL=${EVIL}`, {});
  await s.get('currentURL', `/get-session?callbackURL=${EVIL}`, { cookie });
}

const PATTERNS = [
  'http://exact.example',
  'https://port.example:8443',
  'https://*.wild.example',
  'https://any.example:*',
  '*.both.example',
  'https://a?c.example',
  'http://192.168.*.*',
  'myapp://',
  'other-app://host/path',
  'exp://**',
];

const AGAINST = [
  'http://exact.example',
  'http://exact.example:80',
  'https://exact.example',
  'http://EXACT.example',
  'http://a.exact.example',
  'https://port.example:8443',
  'https://port.example',
  'https://a.wild.example',
  'https://a.b.wild.example',
  'https://wild.example',
  'https://a.wild.example:8443',
  'http://a.wild.example',
  'https://any.example:1',
  'https://any.example',
  'https://a.both.example',
  'http://a.both.example',
  'http://a.both.example:81',
  'http://both.example',
  'https://abc.example',
  'https://abbc.example',
  'http://192.168.1.2',
  'http://192.168.1.2:8080',
  'http://192.168.evil.example',
  'http://192.168.1.2.evil.example',
  'myapp://',
  'myapp://anything',
  'myapp2://',
  'other-app://host/path',
  'other-app://host/path/more',
  'other-app://host/other',
  'exp://192.168.0.1:8081/--/x',
];

async function patterns(s) {
  for (const url of AGAINST) {
    await s.post(`Origin ${url}`, '/sign-in/email', {}, { origin: url });
    await s.post(`to ${url}`, '/sign-in/email', { callbackURL: `${url}/x` });
  }
}

const trusting = { ...BASELINE, trustedOrigins: PATTERNS };

export default [
  { name: 'origin', options: BASELINE, play: headers },
  { name: 'targets', options: BASELINE, play: targets },
  { name: 'trusted-patterns', options: trusting, play: patterns },
  {
    name: 'base-url',
    options: options({ baseURL: 'https://book.example.com' }),
    async play(s) {
      for (const url of [
        'https://book.example.com',
        'https://book.example.com:443',
        'http://book.example.com',
        'http://127.0.0.1',
      ]) {
        await s.post(`Origin ${url}`, '/sign-in/email', {}, { origin: url });
      }
      await s.post(
        'another Host',
        '/sign-out',
        {},
        {
          headers: { Host: 'evil.example' },
        },
      );
      await s.get('another Host, GET', '/ok', {
        headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' },
      });
    },
  },
];
