// SPDX-License-Identifier: Apache-2.0
// Cookies under other options: names, attributes, the copy of the session and
// its chunks, short and deferred sessions.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const DAY_MS = 86_400_000;
const DATA = 'better-auth.session_data';

/** Sets, refreshes, repeats and clears every cookie once. */
async function round(s) {
  const email = s.mailOf('Alice');
  const { cookie } = await s.signUp('Alice');
  await s.get('session', '/get-session', { cookie });
  await s.post('update', '/update-user', { name: 'B' }, { cookie });
  const short = await s.post('not remembered', '/sign-in/email', {
    email,
    password: PASSWORD,
    rememberMe: false,
  });
  await s.get('session, not remembered', '/get-session', {
    cookie: short.cookie,
  });
  await s.post(
    'password',
    '/change-password',
    {
      newPassword: 'another horse 43',
      currentPassword: PASSWORD,
      revokeOtherSessions: true,
    },
    { cookie: short.cookie },
  );
  await s.get('ended', '/get-session', { cookie });
  await s.post('out', '/sign-out', {}, { cookie: short.cookie });
}

async function cache(s) {
  const { cookie, token } = await s.signUp('Alice');
  await s.get('from the copy', '/get-session', { cookie });
  await s.get('not from the copy', '/get-session?disableCookieCache=true', {
    cookie,
  });
  await s.get('accounts', '/list-accounts', { cookie });
  const pairs = cookie.split('; ');
  const bare = pairs.filter((pair) => !pair.startsWith(DATA)).join('; ');
  const copy = pairs.find((pair) => pair.startsWith(DATA)) ?? '';
  await s.get('no copy', '/get-session', { cookie: bare });
  await s.get('copy only', '/get-session', { cookie: copy });
  const damaged = {
    'cut short': copy.slice(0, -8),
    'one letter changed': `${copy.slice(0, 60)}A${copy.slice(61)}`,
    empty: `${DATA}=`,
    'not base64': `${DATA}=%%%`,
    'not JSON': `${DATA}=${Buffer.from('x').toString('base64url')}`,
    'an empty object': `${DATA}=e30`,
    'a list': `${DATA}=W10`,
    'long expired': `${DATA}=${Buffer.from(
      '{"session":{"session":{},"user":{},"updatedAt":1,"version":"1"},' +
        '"expiresAt":2,"signature":"x"}',
    ).toString('base64url')}`,
  };
  for (const [name, value] of Object.entries(damaged)) {
    await s.get(name, '/get-session', { cookie: `${bare}; ${value}` });
  }
  const bob = await s.signUp('Bob');
  const other = bob.cookie.split('; ').find((pair) => pair.startsWith(DATA));
  await s.get("another's copy", '/get-session', {
    cookie: `${bare}; ${other}`,
  });
  const changed = await s.post(
    'update',
    '/update-user',
    { name: 'B' },
    {
      cookie,
    },
  );
  await s.get('the old copy', '/get-session', { cookie });
  await s.get('the new copy', '/get-session', { cookie: changed.cookie });
  const short = await s.post('not remembered', '/sign-in/email', {
    email: s.mailOf('Alice'),
    password: PASSWORD,
    rememberMe: false,
  });
  await s.get('not remembered, copy', '/get-session', {
    cookie: short.cookie,
  });
  await s.get('not remembered, no copy', '/get-session', {
    cookie: short.cookie
      .split('; ')
      .filter((p) => !p.startsWith(DATA))
      .join('; '),
  });
  await s.sql('update session set "expiresAt" = ? where token = ?', [
    new Date(Date.now() + 5 * DAY_MS).toISOString(),
    token,
  ]);
  await s.get('due', '/get-session?disableCookieCache=true', { cookie });
  await s.sql('delete from session where token = ?', [token]);
  await s.post(
    'row gone, authoritative',
    '/change-password',
    {
      newPassword: 'x'.repeat(10),
      currentPassword: PASSWORD,
    },
    { cookie },
  );
  await s.get('row gone, no cache', '/get-session?disableCookieCache=true', {
    cookie,
  });
  await s.post('out', '/sign-out', {}, { cookie: short.cookie });
}

async function staleCopy(s) {
  const { cookie, token } = await s.signUp('Alice');
  await s.sql('delete from session where token = ?', [token]);
  await s.get('copy of a dead session', '/get-session', { cookie });
  await s.get('token of a dead session', '/token', { cookie });
}

async function shortCopy(s) {
  const { cookie } = await s.signUp('Alice');
  await s.get('from the copy', '/get-session', { cookie });
  await s.wait(4200);
  await s.get('the copy expired', '/get-session', { cookie });
}

async function chunks(s) {
  const { cookie } = await s.signUp('Alice', { name: 'n'.repeat(3000) });
  await s.get('joined', '/get-session', { cookie });
  const smaller = await s.post(
    'shorter',
    '/update-user',
    { name: 'x' },
    {
      cookie,
    },
  );
  await s.get('no chunks left', '/get-session', { cookie: smaller.cookie });
  const larger = await s.post(
    'longer',
    '/update-user',
    {
      name: 'ä'.repeat(2000),
    },
    { cookie: smaller.cookie },
  );
  await s.get('joined again', '/get-session', { cookie: larger.cookie });
  const missing = larger.cookie
    .split('; ')
    .filter((pair) => !pair.startsWith(`${DATA}.1=`));
  await s.get('a chunk is missing', '/get-session', {
    cookie: missing.join('; '),
  });
  await s.get('chunks in another order', '/get-session', {
    cookie: larger.cookie.split('; ').reverse().join('; '),
  });
  await s.post('out', '/sign-out', {}, { cookie: larger.cookie });
}

async function deferred(s) {
  const { cookie, token } = await s.signUp('Alice');
  const due = () =>
    s.sql('update session set "expiresAt" = ? where token = ?', [
      new Date(Date.now() + 5 * DAY_MS).toISOString(),
      token,
    ]);
  await s.get('not due', '/get-session', { cookie });
  await s.post('POST, not due', '/get-session', {}, { cookie });
  await due();
  await s.get('due', '/get-session', { cookie });
  await s.get('due, refresh disabled', '/get-session?disableRefresh=true', {
    cookie,
  });
  await s.post('POST, no Origin', '/get-session', {}, { cookie, origin: null });
  await s.post('POST, due', '/get-session', {}, { cookie });
  await s.get('refreshed', '/get-session', { cookie });
  await due();
  await s.get('due at a guarded route', '/list-accounts', { cookie });
  await s.post('POST, none', '/get-session', {});
  await s.get('GET, none', '/get-session');
  await s.post('POST, no content type', '/get-session', '', {
    cookie,
    type: null,
  });
  await s.sql('delete from session where token = ?', [token]);
  await s.post('POST, gone', '/get-session', {}, { cookie });
}

async function noRefresh(s) {
  const { cookie, token } = await s.signUp('Alice');
  await s.sql('update session set "expiresAt" = ? where token = ?', [
    new Date(Date.now() + 1 * DAY_MS).toISOString(),
    token,
  ]);
  await s.get('due, not refreshed', '/get-session', { cookie });
}

async function brief(s) {
  const { cookie } = await s.signUp('Alice');
  const short = await s.signUp('Bob', { rememberMe: false });
  await s.get('refreshed at every use', '/get-session', { cookie });
  await s.wait(5200);
  await s.get('expired', '/get-session', { cookie });
  await s.get('gone', '/get-session', { cookie });
  await s.get('a day for the not remembered', '/get-session', {
    cookie: short.cookie,
  });
}

async function neverStale(s) {
  const { cookie, token } = await s.signUp('Alice');
  await s.sql('update session set "createdAt" = ? where token = ?', [
    new Date(Date.now() - 300 * DAY_MS).toISOString(),
    token,
  ]);
  await s.get('fresh for ever', '/list-sessions', { cookie });
}

const COPY = { enabled: true };
const copying = (more = {}, rest = {}) =>
  options({ ...rest, session: { cookieCache: { ...COPY, ...more } } });
const HTTPS = 'https://book.example.com';

const SETS = {
  secure: options({ advanced: { useSecureCookies: true } }),
  https: options({ baseURL: HTTPS }),
  'https-cache': copying({}, { baseURL: HTTPS }),
  'https-not-secure': options({
    baseURL: HTTPS,
    advanced: { useSecureCookies: false },
  }),
  'cross-subdomain': copying(
    {},
    {
      baseURL: HTTPS,
      advanced: {
        crossSubDomainCookies: { enabled: true, domain: 'example.com' },
      },
    },
  ),
  'cross-subdomain-host': options({
    baseURL: HTTPS,
    advanced: { crossSubDomainCookies: { enabled: true } },
  }),
  'cookie-prefix': copying({}, { advanced: { cookiePrefix: 'book' } }),
  'same-site-strict': options({
    advanced: { defaultCookieAttributes: { sameSite: 'strict' } },
  }),
  'same-site-none': options({
    baseURL: HTTPS,
    advanced: {
      defaultCookieAttributes: { sameSite: 'none', partitioned: true },
    },
  }),
  'session-month': options({
    session: { expiresIn: 2_592_000, updateAge: 3600 },
  }),
  'cache-jwt': copying({ strategy: 'jwt' }),
  'cache-jwe': copying({ strategy: 'jwe' }),
  'cache-version': copying({ version: 'v2', maxAge: 60 }),
};

export default [
  ...Object.entries(SETS).map(([name, set]) => ({
    name: `cookies-${name}`,
    options: set,
    play: round,
  })),
  { name: 'cache', options: copying(), play: cache },
  { name: 'cache-stale', options: copying(), play: staleCopy },
  { name: 'cache-chunks', options: copying(), play: chunks },
  { name: 'cache-short', options: copying({ maxAge: 4 }), play: shortCopy },
  {
    name: 'deferred',
    options: options({ session: { deferSessionRefresh: true } }),
    play: deferred,
  },
  {
    name: 'deferred-cache',
    options: options({
      session: { deferSessionRefresh: true, cookieCache: COPY },
    }),
    play: deferred,
  },
  {
    name: 'no-refresh',
    options: options({ session: { disableSessionRefresh: true } }),
    play: noRefresh,
  },
  {
    name: 'brief-sessions',
    options: options({ session: { expiresIn: 4, updateAge: 0 } }),
    play: brief,
  },
  {
    name: 'never-stale',
    options: options({ session: { freshAge: 0 } }),
    play: neverStale,
  },
  { name: 'cookies-baseline', options: BASELINE, play: round },
];
