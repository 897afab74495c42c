// SPDX-License-Identifier: Apache-2.0
// Reading a session, with every kind of cookie; listing and ending sessions.
import { BASELINE } from '../options.mjs';
import { PASSWORD, cookieNamed } from '../play.mjs';

const NAME = 'better-auth.session_token';
const UNKNOWN =
  'BcKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq.' +
  'O0zeFd6jf0bcapNUIyUXgbZ17M1fclGDXYtKpIlbDj8';

async function read(s) {
  const { cookie } = await s.signUp(
    'Alice',
    {},
    {
      headers: { 'User-Agent': 'Tester/1.0 (x; "y")' },
    },
  );
  const value = cookie.slice(cookie.indexOf('=') + 1);
  const cookies = {
    none: undefined,
    valid: cookie,
    'another cookie only': 'a=b',
    'among others': `a=b; ${cookie}; c=d`,
    'in quotes': `${NAME}="${value}"`,
    'not encoded': `${NAME}=${decodeURIComponent(value)}`,
    'half encoded': `${NAME}=${value.replace('%3D', '=')}`,
    'lower-case escapes': `${NAME}=${value.replaceAll('%2F', '%2f').replace('%3D', '%3d')}`,
    'first of two': `${cookie}; ${NAME}=x`,
    'second of two': `${NAME}=x; ${cookie}`,
    'wrong signature': `${NAME}=${value.slice(0, 40)}AAAA${value.slice(44)}`,
    'no signature': `${NAME}=${value.split('.')[0]}`,
    'empty signature': `${NAME}=${value.split('.')[0]}.`,
    'no padding': `${NAME}=${value.replace('%3D', '')}`,
    'signature only': `${NAME}=.${value.split('.')[1]}`,
    empty: `${NAME}=`,
    'bad escape': `${NAME}=%zz${value}`,
    'unknown token': `${NAME}=${UNKNOWN}%3D`,
    'another name': cookie.replace('better-auth', 'other'),
    'name in upper case': cookie.replace('session_token', 'SESSION_TOKEN'),
    'with session data': `${cookie}; better-auth.session_data=eyJhIjoxfQ`,
    'with chunks': `${cookie}; better-auth.session_data.0=eyJ; better-auth.session_data.1=aa`,
    'forged dont_remember': `${cookie}; better-auth.dont_remember=true`,
  };
  for (const [name, one] of Object.entries(cookies)) {
    await s.get(name, '/get-session', { cookie: one });
  }
  for (const query of [
    'disableCookieCache=true',
    'disableCookieCache=false',
    'disableCookieCache=',
    'disableRefresh=true',
    'disableRefresh=false',
    'disableRefresh=1&disableRefresh=2',
    'a=%zz',
    'a=%ff&&=&b',
  ]) {
    await s.get(`?${query}`, `/get-session?${query}`, { cookie });
  }
  await s.post('POST', '/get-session', {}, { cookie });
  await s.post('POST without a session', '/get-session', {});
  await s.sql('delete from session where token = ?', [value.split('.')[0]]);
  await s.get('the row is gone', '/get-session', { cookie });
  await s.get('a guarded route', '/list-sessions', { cookie });
}

async function notRemembered(s) {
  const { cookie } = await s.signUp('Alice', { rememberMe: false });
  await s.get('both cookies', '/get-session', { cookie });
  const token = cookie.split('; ').find((pair) => pair.startsWith(NAME));
  await s.get('one cookie', '/get-session', { cookie: token });
  await s.post('update', '/update-user', { name: 'B' }, { cookie });
}

async function userAgents(s) {
  const agents = ['', 'x'.repeat(600), 'caf\u00e9', 'a\tb', '<script>'];
  for (const [at, agent] of agents.entries()) {
    const { cookie } = await s.signUp(
      `Agent${at}`,
      {},
      {
        headers: { 'User-Agent': agent },
      },
    );
    await s.get(`agent ${at}`, '/get-session', { cookie });
  }
}

async function expired(s) {
  const { cookie, token } = await s.signUp('Alice');
  const at = (ms) => new Date(Date.now() + ms).toISOString();
  const set = (column, ms) =>
    s.sql(`update session set "${column}" = ? where token = ?`, [
      at(ms),
      token,
    ]);
  await set('expiresAt', 6.5 * 86_400_000);
  await s.get('not due', '/get-session', { cookie });
  await set('expiresAt', 5 * 86_400_000);
  await s.get('due, refresh disabled', '/get-session?disableRefresh=true', {
    cookie,
  });
  await s.get('due', '/get-session', { cookie });
  await s.get('done', '/get-session', { cookie });
  await set('expiresAt', 5 * 86_400_000);
  await s.get('due with dont_remember', '/get-session', {
    cookie: `${cookie}; better-auth.dont_remember=true.59KQ%2BFDuFR4M3omIuNVeW9glhYx6vXSxkXMkj2UR2oY%3D`,
  });
  await s.get('due at a guarded route', '/list-accounts', { cookie });
  await set('expiresAt', 5 * 86_400_000);
  await s.get('due at a fresh route', '/list-sessions', { cookie });
  await set('createdAt', -2 * 86_400_000);
  await s.get('not fresh', '/list-sessions', { cookie });
  await s.post(
    'not fresh: unlink',
    '/unlink-account',
    { accountId: 'x' },
    {
      cookie,
    },
  );
  await s.get('not fresh: accounts', '/list-accounts', { cookie });
  await set('expiresAt', -1000);
  await s.get('expired at a guarded route', '/list-accounts', { cookie });
  await s.post(
    'expired at sign-out',
    '/update-user',
    { name: 'x' },
    {
      cookie,
    },
  );
  await s.get('expired', '/get-session', { cookie });
  await s.get('expired again', '/get-session', { cookie });
}

async function lists(s) {
  const email = s.mailOf('Alice');
  const first = await s.signUp('Alice');
  const signIn = (name, more = {}) =>
    s.post(name, '/sign-in/email', { email, password: PASSWORD, ...more });
  const second = await signIn('second');
  const third = await signIn('third', { rememberMe: false });
  const bob = await s.signUp('Bob');
  const { cookie } = second;
  const at = { cookie };
  await s.get('list', '/list-sessions', at);
  await s.get('list without session', '/list-sessions');
  await s.post('POST list', '/list-sessions', {}, at);
  const end = (name, body, more = at) =>
    s.post(name, '/revoke-session', body, more);
  await end('unknown token', { token: 'x'.repeat(32) });
  await end('empty token', { token: '' });
  await end('no token', {});
  await end('an array', []);
  await end("another user's", { token: bob.token });
  await end('no session', { token: third.token }, {});
  await end('no Origin', { token: third.token }, { cookie, origin: null });
  await end('one', { token: third.token });
  await s.get('list after one', '/list-sessions', at);
  await s.get('the revoked', '/get-session', { cookie: third.cookie });
  await s.get("another user's lives", '/get-session', {
    cookie: bob.cookie,
  });
  await end('its own', { token: second.token });
  await s.get('list after its own', '/list-sessions', at);
  const fourth = await signIn('fourth');
  await s.post('others, no session', '/revoke-other-sessions', {});
  await s.post(
    'others',
    '/revoke-other-sessions',
    {},
    {
      cookie: fourth.cookie,
    },
  );
  await s.get('the first is gone', '/get-session', { cookie: first.cookie });
  await signIn('fifth');
  await s.post('all, no session', '/revoke-sessions', {});
  await s.post('all', '/revoke-sessions', {}, { cookie: fourth.cookie });
  await s.get('all are gone', '/get-session', { cookie: fourth.cookie });
  await s.post(
    'all again',
    '/revoke-sessions',
    {},
    {
      cookie: fourth.cookie,
    },
  );
  s.note('the cookie is the token', [
    decodeURIComponent(cookieNamed(fourth, NAME)).split('.')[0] ===
      fourth.token,
  ]);
}

export default [
  { name: 'get-session', options: BASELINE, play: read },
  { name: 'dont-remember', options: BASELINE, play: notRemembered },
  { name: 'user-agent', options: BASELINE, play: userAgents },
  { name: 'session-age', options: BASELINE, play: expired },
  { name: 'sessions', options: BASELINE, play: lists },
];
