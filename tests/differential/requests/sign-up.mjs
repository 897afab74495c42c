// SPDX-License-Identifier: Apache-2.0
// Making an account: what is taken, refused, ignored, and in which words.
import { BASELINE } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const PATH = '/sign-up/email';

const BODIES = {
  'missing name': { email: 'm1@example.com', password: PASSWORD },
  'missing e-mail': { name: 'x', password: PASSWORD },
  'missing password': { name: 'x', email: 'm2@example.com' },
  'empty object': {},
  array: [],
  'array of objects': [{}],
  'empty password': { name: 'x', email: 'm3@example.com', password: '' },
  'seven characters': {
    name: 'x',
    email: 'm4@example.com',
    password: '1234567',
  },
  '129 characters': {
    name: 'x',
    email: 'm5@example.com',
    password: 'a'.repeat(129),
  },
  'four astral characters': {
    name: 'x',
    email: 'astral@example.com',
    password: '\u{1f600}'.repeat(4),
  },
  'three astral characters': {
    name: 'x',
    email: 'm6@example.com',
    password: '\u{1f600}'.repeat(3),
  },
};

async function accounts(s) {
  await s.signUp('Alice');
  await s.post('upper case is folded', PATH, {
    name: 'Bob',
    email: 'BOB.Sign-Up@Example.COM',
    password: PASSWORD,
  });
  await s.post('taken', PATH, {
    name: 'Alice',
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
  await s.post('taken in upper case', PATH, {
    name: 'Alice',
    email: s.mailOf('Alice').toUpperCase(),
    password: PASSWORD,
  });
  await s.signUp('core fields', {
    email: 'core@example.com',
    emailVerified: true,
    id: 'mine',
    createdAt: '2001-01-01T00:00:00.000Z',
    updatedAt: '2001-01-01T00:00:00.000Z',
  });
  await s.signUp('unknown field', { email: 'unknown@example.com', extra: 1 });
  await s.signUp('role', { email: 'role@example.com', role: 'admin' });
  await s.signUp('banned', { email: 'banned@example.com', banned: true });
  await s.signUp('banned falsy', { email: 'b2@example.com', banned: false });
  for (const [name, body] of Object.entries(BODIES)) {
    await s.post(name, PATH, body);
  }
}

export default [{ name: 'sign-up', options: BASELINE, play: accounts }];
