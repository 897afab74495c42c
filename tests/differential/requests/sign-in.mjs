// SPDX-License-Identifier: Apache-2.0
// Opening an account and closing it again.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const PATH = '/sign-in/email';

const VARIANTS = {
  remembered: { rememberMe: true },
  'not remembered': { rememberMe: false },
  'relative callbackURL': { callbackURL: '/dash?a=1#b' },
  'trusted callbackURL': { callbackURL: 'http://localhost:3000/v' },
  'empty callbackURL': { callbackURL: '' },
  'foreign callbackURL': { callbackURL: 'https://evil.example/' },
  'callbackURL is a number': { callbackURL: 5 },
  'callbackURL is null': { callbackURL: null },
  'unknown field': { more: true },
  'wrong password': { password: 'wrong horse 42' },
  'password in other case': { password: PASSWORD.toUpperCase() },
  'password with a space behind': { password: `${PASSWORD} ` },
  'short password': { password: 'a' },
  'empty password': { password: '' },
  '129 characters': { password: 'a'.repeat(129) },
  'unknown address': { email: 'nobody-at-all@example.com' },
  'bad address': { email: 'nobody' },
  'empty address': { email: '' },
  'space before the address': { email: ' alice.sign-in@example.com' },
  'other errorCallbackURL': { errorCallbackURL: 'https://evil.example/' },
  'other redirectTo': { redirectTo: 'https://evil.example/' },
  'other newUserCallbackURL': { newUserCallbackURL: 'https://evil.example/' },
};

async function signIn(s) {
  const email = s.mailOf('Alice');
  await s.signUp('Alice');
  await s.post('signs in', PATH, { email, password: PASSWORD });
  await s.post('in upper case', PATH, {
    email: email.toUpperCase(),
    password: PASSWORD,
  });
  for (const [name, more] of Object.entries(VARIANTS)) {
    await s.post(name, PATH, { email, password: PASSWORD, ...more });
  }
  for (const body of [{}, [], null, 5, '"x"', { email }, { password: 'x' }]) {
    await s.post(`body ${JSON.stringify(body)}`, PATH, body);
  }
  const form = `email=${encodeURIComponent(email)}&password=correct+horse+42`;
  await s.form('a form', PATH, form);
  await s.form('a form with a boolean', PATH, `${form}&rememberMe=true`);
  await s.form('a form without password', PATH, 'email=a%40b.co');
  await s.get('GET', PATH);
}

async function normalised(s) {
  const composed = 'p\u00e5ssw\u00f6rter 12';
  const email = s.mailOf('Nora');
  await s.signUp('Nora', { password: composed });
  await s.post('decomposed', PATH, {
    email,
    password: composed.normalize('NFD'),
  });
  await s.post('compatible characters', PATH, {
    email,
    password: composed.replace('12', '\uff11\uff12'),
  });
  await s.post('without accents', PATH, { email, password: 'passworter 12' });
}

async function brokenHash(s) {
  const email = s.mailOf('Alice');
  const alice = await s.signUp('Alice');
  const set = (value) =>
    s.sql('update account set password = ? where "userId" = ?', [
      value,
      alice.user.id ?? '',
    ]);
  const body = { email, password: PASSWORD };
  for (const value of ['nonsense', '', ':', 'ab:cd', 'zz:zz']) {
    await set(value);
    await s.post(`stored ${JSON.stringify(value)}`, PATH, body);
  }
  await set(null);
  await s.post('no password is stored', PATH, body);
  await s.sql('delete from account where "userId" = ?', [alice.user.id ?? '']);
  await s.post('no account at all', PATH, body);
}

async function signOut(s) {
  const { cookie } = await s.signUp('Alice');
  const other = await s.post('signs in', PATH, {
    email: s.mailOf('Alice'),
    password: PASSWORD,
    rememberMe: false,
  });
  await s.post('without a session', '/sign-out', {});
  await s.post(
    'a foreign Origin',
    '/sign-out',
    {},
    {
      cookie,
      origin: 'https://evil.example',
    },
  );
  await s.get('GET', '/sign-out', { cookie });
  await s.post(
    'a broken cookie',
    '/sign-out',
    {},
    {
      cookie: `${cookie.slice(0, -6)}AAA%3D`,
    },
  );
  await s.get('still signed in', '/get-session', { cookie });
  await s.post('signs out', '/sign-out', {}, { cookie });
  await s.get('signed out', '/get-session', { cookie });
  await s.post('again', '/sign-out', {}, { cookie });
  await s.get('the other goes on', '/get-session', { cookie: other.cookie });
  await s.post(
    'the other signs out',
    '/sign-out',
    {},
    {
      cookie: other.cookie,
    },
  );
  const third = await s.post('third', PATH, {
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
  await s.post(
    'with callbackURL',
    '/sign-out',
    { callbackURL: '/bye' },
    {
      cookie: third.cookie,
    },
  );
  await s.post('with a foreign callbackURL', '/sign-out', {
    callbackURL: 'https://evil.example',
  });
  await s.post('no content type', '/sign-out', '', { type: null });
}

const closed = options({ emailAndPassword: { enabled: false } });

async function disabled(s) {
  await s.signUp('Alice');
  await s.post('signs in', PATH, { email: 'a@b.co', password: PASSWORD });
  await s.post('bad body', PATH, {});
  await s.post('reset', '/request-password-reset', { email: 'a@b.co' });
}

export default [
  { name: 'sign-in', options: BASELINE, play: signIn },
  { name: 'sign-in-normalised', options: BASELINE, play: normalised },
  { name: 'sign-in-broken-hash', options: BASELINE, play: brokenHash },
  { name: 'sign-out', options: BASELINE, play: signOut },
  { name: 'sign-in-disabled', options: closed, play: disabled },
];
