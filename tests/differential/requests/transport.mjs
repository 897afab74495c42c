// SPDX-License-Identifier: Apache-2.0
// What comes before any endpoint: methods, paths, content types, broken JSON.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const OPEN = ['/ok', '/error', '/get-session', '/jwks', '/token'];
const JSON_TYPE = 'application/json';

async function routes(s) {
  for (const path of OPEN.slice(0, 2)) {
    for (const method of [
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
    ]) {
      await s.ask(`${method} ${path}`, method, path, {
        type: method === 'HEAD' || method === 'OPTIONS' ? null : JSON_TYPE,
        body: method === 'HEAD' || method === 'OPTIONS' ? undefined : '{}',
      });
    }
  }
  const paths = [
    '/ok',
    '/ok/',
    '/ok?a=b',
    '/ok//',
    '//ok',
    '/OK',
    '/o%6b',
    '/ok%2f',
    '/ok%00',
    '/ok;a=b',
    '/./ok',
    '/x/../ok',
    '/nope',
    '',
    '/',
    '/sign-up',
    '/sign-up/email/',
    '/forget-password',
    '/set-password',
    '/sign-in/username',
    '/sign-in/oauth2',
    '/organization/list',
    '/two-factor/enable',
    '/.well-known/jwks.json',
    '/error?error=state_not_found',
  ];
  for (const path of paths) {
    await s.get(`GET ${path}`, path);
  }
  for (const path of [
    '!/',
    '!/api',
    '!/api/auth',
    '!/api/authx/ok',
    '!/api//auth/ok',
    '!/api/auth/../auth/ok',
  ]) {
    await s.get(path.slice(1), path);
  }
}

async function types(s) {
  const body = { email: 'nobody@example.com', password: PASSWORD };
  const text = JSON.stringify(body);
  const list = {
    none: null,
    empty: '',
    'application/json; charset=utf-8': undefined,
    'APPLICATION/JSON': undefined,
    'application/json;charset=latin1': undefined,
    'application/problem+json': undefined,
    'text/json': undefined,
    'text/plain': undefined,
    'multipart/form-data; boundary=x': undefined,
    'application/octet-stream': undefined,
    'text/html, application/json': undefined,
    'application/jsonp': undefined,
    'application/x-www-form-urlencoded': undefined,
  };
  for (const path of [
    '/sign-in/email',
    '/request-password-reset',
    '/sign-out',
  ]) {
    for (const [type, value] of Object.entries(list)) {
      await s.post(`${path} ${type}`, path, text, {
        type: value === undefined ? type : value,
      });
    }
    await s.post(`${path} no body, no type`, path, undefined, { type: null });
    await s.post(`${path} no body, JSON`, path, undefined);
    await s.post(`${path} empty body`, path, '');
    await s.post(`${path} empty body, no type`, path, '', { type: null });
  }
}

const BROKEN = {
  'not JSON': '{',
  'a comma too many': '{"email":"a@b.co",}',
  'a comment': '{"email":"a@b.co"/**/}',
  'single quotes': "{'email':'a@b.co'}",
  'no quotes': '{email:1}',
  'trailing text': '{"email":"a@b.co"} x',
  'two values': '{}{}',
  NaN: '{"email":NaN}',
  'a plus sign': '{"email":+1}',
  'a leading zero': '{"email":01}',
  'a raw control character': '{"email":"a\u0001@b.co"}',
  'a raw newline': '{"email":"a\n@b.co"}',
  'a bad escape': '{"email":"\\x41"}',
  'half an escape': '{"email":"\\u00"}',
  'a byte order mark': '\ufeff{"email":"a@b.co"}',
  spaces: ' \t\r\n {"email":"nobody@example.com"} \n',
  'other spaces': '\u00a0{"email":"nobody@example.com"}',
  'a duplicate member': '{"email":"x","email":"nobody@example.com"}',
  'a duplicate, last bad': '{"email":"nobody@example.com","email":5}',
  'an escaped duplicate': '{"email":"x","\\u0065mail":"nobody@example.com"}',
  'an empty name': '{"":1,"email":"nobody@example.com"}',
  'NUL behind': Buffer.from('{"email":"nobody@example.com"}\0'),
  'NUL in a string': Buffer.from('{"email":"a\0@b.co"}'),
  'escaped NUL': '{"email":"a\\u0000@b.co"}',
  'bad UTF-8': Buffer.from('7b22656d61696c223a22c3282240622e636f227d', 'hex'),
  'overlong UTF-8': Buffer.from('7b22656d61696c223a22c0af22', 'hex'),
  'latin1 in a string': Buffer.from('{"email":"\xfc@b.co"}', 'latin1'),
  'UTF-16': Buffer.from('{"email":"nobody@example.com"}', 'utf16le'),
  'a huge number': '{"email":1e999}',
  'a long number': `{"email":${'9'.repeat(400)}}`,
  'deep, 100': `{"email":${'['.repeat(100)}${']'.repeat(100)}}`,
  'a long address': { email: `${'a'.repeat(20_000)}@b.co` },
  'many members': Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`m${at}`, at]),
  ),
  __proto__: '{"__proto__":{"email":"nobody@example.com"}}',
  constructor: '{"constructor":{"prototype":{"a":1}}}',
  true: 'true',
  'a number': '12',
  'a string': '"x"',
};

async function json(s) {
  for (const [name, body] of Object.entries(BROKEN)) {
    await s.post(name, '/request-password-reset', body);
  }
}

async function queries(s) {
  const list = [
    'token=%',
    'token=%zz',
    'token=%ff',
    'token=%00',
    'token=a+b',
    'token=a&token=b',
    'token[]=a',
    'token[0]=a&token[1]=b',
    'token',
    '=a',
    '&&&',
    'TOKEN=a',
    '%74oken=bad',
    'token=bad#frag',
    `token=${'a'.repeat(4000)}`,
    'token=bad&callbackURL=%2Fa&callbackURL=%2Fb',
    'token=bad&callbackURL=%2Fa%0d%0aSet-Cookie:x=y',
    'token=bad&callbackURL=%2Fa%3Fx%3D%C3%BC',
    'token=bad&callbackURL=/ü',
    'token=bad&callbackURL=/a b'.replace(' ', '%20'),
    '__proto__=a&token=bad',
  ];
  for (const query of list) {
    const name = query.length > 60 ? `${query.slice(0, 60)}...` : query;
    await s.get(name, `/verify-email?${query}`);
  }
}

const PAGES = [
  '',
  '?error=please_restart_the_process',
  '?error=INVALID_TOKEN',
  '?error=%3Cscript%3E',
  "?error=it's",
  '?error=a+b',
  '?error=',
  '?error=a&error=b',
  '?error=x&error_description=%3Cb%3Ebold%3C/b%3E%26%22',
  `?error=${'a'.repeat(2000)}`,
];

async function errorPage(s) {
  for (const query of PAGES) {
    await s.get(`page ${query.slice(0, 40)}`, `/error${query}`);
  }
}

async function disabled(s) {
  const { cookie } = await s.signUp('Alice');
  await s.post('disabled', '/update-user', { name: 'x' }, { cookie });
  await s.get('disabled GET', '/update-user');
  await s.get('disabled with a query', '/list-sessions?a=b', { cookie });
  await s.get('with a slash behind', '/list-sessions/', { cookie });
  await s.get('double slash', '//list-sessions', { cookie });
  await s.get('escaped', '/list%2dsessions', { cookie });
  await s.get('another case', '/List-Sessions', { cookie });
  await s.get('another', '/get-session', { cookie });
  await s.post('a bad body', '/update-user', '{', { type: null });
}

async function unknownPlugins(s) {
  for (const path of ['/token', '/jwks', '/admin/list-users']) {
    await s.get(path, path);
  }
  const { cookie, token } = await s.signUp('Alice');
  await s.get('no JWT header', '/get-session', { cookie });
  await s.get('no bearer', '/get-session', { bearer: token });
  await s.get('bearer and cookie', '/get-session', { bearer: token, cookie });
}

export default [
  { name: 'routes', options: BASELINE, play: routes },
  { name: 'content-types', options: BASELINE, play: types },
  { name: 'broken-json', options: BASELINE, play: json },
  { name: 'queries', options: BASELINE, play: queries },
  { name: 'error-page', options: BASELINE, play: errorPage },
  {
    name: 'error-url',
    options: options({
      onAPIError: { errorURL: 'http://localhost:3000/oops?a=1' },
    }),
    play: errorPage,
  },
  {
    name: 'disabled-paths',
    options: options({ disabledPaths: ['/update-user', '/list-sessions'] }),
    play: disabled,
  },
  {
    name: 'no-plugins',
    options: options({ plugins: [] }),
    play: unknownPlugins,
  },
];
