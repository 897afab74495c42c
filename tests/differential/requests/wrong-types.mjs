// SPDX-License-Identifier: Apache-2.0
// Every field of every endpoint with a value of every other type, and bodies
// that are no object.
import { options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const WRONG = [undefined, null, 5, true, 'x', [], ['x'], {}];
const LONG = 'x'.repeat(100_000);

// With these bodies nothing is changed; each field is spoilt in its turn.
const ENDPOINTS = {
  '/sign-up/email': {
    name: 'x',
    email: 'not an address',
    password: PASSWORD,
    image: 'x',
    callbackURL: '/x',
    rememberMe: true,
  },
  '/sign-in/email': {
    email: 'not an address',
    password: PASSWORD,
    callbackURL: '/x',
    rememberMe: true,
  },
  '/request-password-reset': { email: 'not an address', redirectTo: '/x' },
  '/reset-password': { newPassword: 'short', token: 'x' },
  '/send-verification-email': { email: 'not an address', callbackURL: '/x' },
  '/change-email': { newEmail: 'not an address', callbackURL: '/x' },
  '/change-password': {
    newPassword: 'short',
    currentPassword: 'wrong horse',
    revokeOtherSessions: false,
  },
  '/verify-password': { password: 'a'.repeat(200) },
  '/delete-user': { callbackURL: '/x', password: 'a'.repeat(200), token: 'x' },
  '/revoke-session': { token: 'x' },
  '/unlink-account': { accountId: 'x', providerId: 'x' },
  '/sign-out': { callbackURL: '/x', disableRedirect: false },
  '/sign-in/social': { provider: 'x', callbackURL: '/x', scopes: ['x'] },
  '/admin/set-role': { userId: 'x', role: 'user' },
  '/admin/update-user': { userId: 'x', data: { name: 'x' } },
  '/admin/ban-user': { userId: 'x', banReason: 'x', banExpiresIn: 1 },
  '/admin/set-user-password': { userId: 'x', newPassword: 'a' },
  '/admin/revoke-user-session': { sessionToken: 'x' },
  '/admin/has-permission': {
    userId: 'x',
    role: 'user',
    permissions: { user: ['list'] },
  },
};

function nameOf(value) {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

async function spoil(s, path, good, more) {
  for (const field of Object.keys(good)) {
    for (const value of WRONG) {
      if (typeof value === typeof good[field] && typeof value === 'string') {
        continue;
      }
      const body = { ...good, [field]: value };
      await s.post(`${path} ${field} ${nameOf(value)}`, path, body, more);
    }
    await s.post(
      `${path} ${field} is long`,
      path,
      { ...good, [field]: LONG },
      more,
    );
  }
  for (const body of [5, 'null', '"x"', true, [good]]) {
    await s.post(
      `${path} = ${JSON.stringify(body).slice(0, 20)}`,
      path,
      body,
      more,
    );
  }
}

function scenario(path, good) {
  return {
    name: `types${path.replaceAll('/', '-')}`,
    options: options({
      user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } },
    }),
    async play(s) {
      const { cookie } = await s.signUp('Alice');
      await s.sql('update "user" set role = ? where email = ?', [
        'admin',
        s.mailOf('Alice').toLowerCase(),
      ]);
      await spoil(s, path, good, { cookie });
    },
  };
}

export default Object.entries(ENDPOINTS).map((pair) => scenario(...pair));
