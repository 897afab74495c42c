// SPDX-License-Identifier: Apache-2.0
// Changing one's own name and picture, and what cannot be changed that way.
import { BASELINE } from '../options.mjs';

const PATH = '/update-user';

const BODIES = {
  name: { name: 'New' },
  image: { image: 'https://img.example/b.png' },
  'null image': { image: null },
  both: { name: 'Newer', image: 'x' },
  nothing: {},
  'unknown field': { extra: 1 },
  'unknown and known': { extra: 1, name: 'Newest' },
  'e-mail': { email: 'new@example.com' },
  'null e-mail': { email: null },
  'empty e-mail': { email: '' },
  'e-mail and name': { email: 'new@example.com', name: 'x' },
  emailVerified: { emailVerified: true },
  id: { id: 'mine' },
  createdAt: { createdAt: '2001-01-01T00:00:00.000Z' },
  password: { password: 'something else' },
  role: { role: 'admin' },
  'empty role': { role: '' },
  'null role': { role: null },
  'true banned': { banned: true },
  'false banned': { banned: false },
  'ban reason': { banReason: 'x' },
  'ban expiry': { banExpires: '2030-01-01T00:00:00.000Z' },
  'role and name': { role: 'admin', name: 'x' },
  'empty name': { name: '' },
  'long name': { name: 'n'.repeat(4000) },
  'name in other scripts': { name: 'Ünï \u{1f600}' },
  'an array': [],
  'an array of pairs': [['name', 'x']],
  null: null,
  'a string': '"name"',
  'a callbackURL': { name: 'x', callbackURL: 'https://evil.example' },
  'a member __proto__': '{"__proto__":{"role":"admin"},"name":"p"}',
};

async function update(s) {
  const { cookie } = await s.signUp('Alice');
  for (const [name, body] of Object.entries(BODIES)) {
    await s.post(name, PATH, body, { cookie });
  }
  await s.get('after all', '/get-session', { cookie });
  await s.post('no session', PATH, { name: 'x' });
  await s.post('no session, no body', PATH, {});
  await s.post(
    'a bad signature',
    PATH,
    { name: 'x' },
    {
      cookie: cookie.replace(/\.[^%]{4}/, '.AAAA'),
    },
  );
  await s.get('GET', PATH, { cookie });
}

async function updateSession(s) {
  const { cookie } = await s.signUp('Alice');
  for (const body of [
    {},
    { token: 'x' },
    { userId: 'x', expiresAt: '2030-01-01T00:00:00.000Z' },
    { ipAddress: '1.2.3.4', userAgent: 'x' },
    { impersonatedBy: 'me' },
    { activeOrganizationId: 'x' },
    [],
    null,
  ]) {
    await s.post(JSON.stringify(body), '/update-session', body, { cookie });
  }
  await s.post('no session', '/update-session', { a: 1 });
}

export default [
  { name: 'update-user', options: BASELINE, play: update },
  { name: 'update-session', options: BASELINE, play: updateSession },
];
