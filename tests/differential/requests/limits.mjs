// SPDX-License-Identifier: Apache-2.0
// Rate limits: which requests count together, and how they are refused.
import { options } from '../options.mjs';

const BODY = { email: 'x', password: 'y' };

/** `count` times the same, from one client. */
async function repeat(s, name, count, ask) {
  for (let at = 1; at <= count; at++) {
    await ask(`${name} ${at}`);
  }
}

const from = (address) => ({ headers: { 'X-Forwarded-For': address } });

async function special(s) {
  const paths = {
    '/sign-in/email': 4,
    '/sign-up/email': 4,
    '/change-password': 4,
    '/change-email': 4,
    '/request-password-reset': 4,
    '/send-verification-email': 4,
    '/sign-in/social': 4,
    '/sign-in/nowhere': 4,
    '/forget-password': 4,
  };
  for (const [path, count] of Object.entries(paths)) {
    await repeat(s, path, count, (name) => s.post(name, path, BODY));
  }
  await s.post('another client', '/sign-in/email', BODY, from('198.51.100.1'));
  await s.post('blocked by bad JSON', '/sign-in/email', '{');
  await s.get('blocked GET', '/sign-in/email');
  await s.post('a slash behind', '/sign-in/email/', BODY);
  await s.post('a query', '/sign-in/email?a=b', BODY);
  await s.get('a path without special limit', '/ok');
}

async function clients(s) {
  const hit = (address, count) =>
    repeat(s, `from ${address}`, count, (name) =>
      s.post(name, '/sign-in/email', BODY, from(address)),
    );
  await hit('198.51.100.7', 4);
  await hit('::ffff:198.51.100.7', 1);
  await hit('::ffff:c633:6407', 1);
  await hit('2001:db8:1:2::1', 3);
  await hit('2001:db8:1:2:ffff::9', 1);
  await hit('2001:0DB8:0001:0002:0:0:0:a', 1);
  await hit('2001:db8:1:3::1', 1);
  await hit('192.0.2.1, 198.51.100.7', 1);
  await hit('198.51.100.7, 127.0.0.1', 1);
  await hit('198.51.100.7,192.0.2.200', 1);
  await hit(' 198.51.100.7 ', 1);
  await hit('203.0.113.1', 1);
  await hit('fe80::1', 1);
}

async function general(s) {
  await repeat(s, 'GET', 5, (name) => s.get(name, '/ok'));
  await repeat(s, 'unknown path', 5, (name) => s.get(name, '/nope'));
  await s.get('another path', '/get-session');
  await s.get('another client', '/ok', from('198.51.100.1'));
  await s.wait(5100);
  await s.get('after the window', '/ok');
}

async function custom(s) {
  await repeat(s, 'stricter', 3, (name) => s.get(name, '/ok'));
  await repeat(s, 'looser', 6, (name) => s.post(name, '/sign-in/email', BODY));
  await repeat(s, 'wild', 3, (name) => s.get(name, '/admin/list-users'));
  await repeat(s, 'off', 8, (name) => s.get(name, '/get-session'));
}

const limited = (more = {}) =>
  options({ rateLimit: { enabled: true, ...more } });

export default [
  { name: 'limits-special', options: limited(), alone: true, play: special },
  { name: 'limits-clients', options: limited(), alone: true, play: clients },
  {
    name: 'limits-database',
    options: limited({ storage: 'database' }),
    alone: true,
    play: special,
  },
  {
    name: 'limits-general',
    options: limited({ window: 5, max: 3 }),
    alone: true,
    play: general,
  },
  {
    name: 'limits-custom',
    options: limited({
      window: 60,
      max: 4,
      customRules: {
        '/ok': { window: 60, max: 2 },
        '/sign-in/email': { window: 60, max: 5 },
        '/admin/*': { window: 60, max: 2 },
        '/get-session': false,
      },
    }),
    alone: true,
    play: custom,
  },
];
