// SPDX-License-Identifier: Apache-2.0
// Making an account: what is taken, refused, ignored, and in which words.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const PATH = '/sign-up/email';
const NAMED = { name: 'x', email: 'nobody@example.com' };
const EMOJI = '\u{1f600}'; // two UTF-16 units

const REFUSED = {
  'missing name': { email: 'm1@example.com', password: PASSWORD },
  'missing e-mail': { name: 'x', password: PASSWORD },
  'missing password': NAMED,
  'empty object': {},
  array: [],
  'array of objects': [{}],
  null: null,
  'a number': 5,
  'a string': '"text"',
  'empty password': { ...NAMED, password: '' },
  'seven characters': { ...NAMED, password: '1234567' },
  '129 characters': { ...NAMED, password: 'a'.repeat(129) },
  'three astral characters': { ...NAMED, password: EMOJI.repeat(3) },
  '65 astral characters': { ...NAMED, password: EMOJI.repeat(65) },
  'foreign callbackURL': {
    ...NAMED,
    password: PASSWORD,
    callbackURL: 'https://evil.example/x',
  },
  'bad mail and short password': { name: 'x', email: 'a', password: '1' },
};

const TAKEN = {
  'name of spaces': { name: '   ' },
  'empty name': { name: '' },
  'name in other scripts': { name: 'Ünï \u{1f600} 名前 \u202e' },
  'name with markup': { name: '<b>"\'&</b>' },
  'name with escapes': { name: 'a\u0000b\u0001\t\n\\"/\u2028\u007f' },
  'lone surrogate': { name: 'a\ud800b' },
  image: { image: 'https://img.example/a.png?x=1&y=2' },
  'image not a URL': { image: 'x' },
  'empty image': { image: '' },
  'relative callbackURL': { callbackURL: '/welcome?a=1' },
  'trusted callbackURL': { callbackURL: 'http://localhost:3000/v' },
  'not remembered': { rememberMe: false },
  remembered: { rememberMe: true },
  'four astral characters': { password: EMOJI.repeat(4) },
  '128 characters': { password: 'a'.repeat(128) },
  'password to be normalised': { password: 'p\u212bssw\u00e4rter 1' },
  'core fields': {
    emailVerified: true,
    id: 'mine',
    createdAt: '2001-01-01T00:00:00.000Z',
    updatedAt: '2001-01-01T00:00:00.000Z',
  },
  'unknown field': { extra: 1, __proto__x: {}, constructor: 1 },
  'falsy banned': { banned: false },
  'true banned': { banned: true },
  'ban reason': { banReason: 'none' },
  'ban expiry': { banExpires: '2030-01-01T00:00:00.000Z' },
  role: { role: 'admin' },
  'empty role': { role: '' },
  'null role': { role: null },
};

const ADDRESSES = [
  'a@b',
  'a..b@c.de',
  '.a@b.co',
  'a.@b.co',
  'ü@b.co',
  ' a@b.co',
  'a@b.co ',
  'a@b.co\n',
  'a b@c.de',
  'a@b.c',
  'a@b.c0',
  'a@-b.co',
  'a@b_c.co',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  '"a"@b.co',
  "a'@b.co",
  'a@b..co',
  'a@b.co.',
  '@b.co',
  'a@',
  'a@b@c.de',
  'a%b@c.de',
  'a!b@c.de',
  '',
];

const GOOD_ADDRESSES = [
  "O'Neil+tag_1-x@Sub-Domain.Example.ORG",
  'a@xn--bcher-kva.example',
  '1@2.co',
  `${'l'.repeat(64)}@${'d'.repeat(63)}.example`,
];

async function accounts(s) {
  await s.signUp('Alice');
  const address = s.mailOf('Alice');
  const again = { name: 'Alice', password: PASSWORD };
  await s.post('taken', PATH, { ...again, email: address });
  await s.post('taken, folded', PATH, {
    ...again,
    email: address.toUpperCase(),
  });
  for (const [name, body] of Object.entries(REFUSED)) {
    await s.post(name, PATH, body);
  }
  for (const [name, more] of Object.entries(TAKEN)) {
    const email = `t-${name.replace(/\W/g, '-')}@example.com`;
    const body = { name: 'x', email, password: PASSWORD, ...more };
    await s.post(name, PATH, body);
  }
}

async function addresses(s) {
  for (const email of [...ADDRESSES, ...GOOD_ADDRESSES]) {
    await s.post(`address ${JSON.stringify(email)}`, PATH, {
      name: 'x',
      email,
      password: PASSWORD,
    });
  }
}

async function forms(s) {
  const fields = { name: 'Form+A', email: 'form%40example.com' };
  const text = (more) =>
    Object.entries({ ...fields, password: 'correct+horse+42', ...more })
      .map((pair) => pair.join('='))
      .join('&');
  await s.form('a form', PATH, text({}));
  await s.form(
    'rememberMe in a form',
    PATH,
    text({ email: 'f2%40a.co', rememberMe: 'false' }),
  );
  await s.form('a field twice', PATH, `${text({ email: 'f3%40a.co' })}&name=B`);
  await s.form(
    'a bad escape',
    PATH,
    text({ email: 'f4%40a.co', name: '%zz%' }),
  );
  await s.form(
    'bad UTF-8 in a form',
    PATH,
    text({ email: 'f5%40a.co', name: '%ff%fe' }),
  );
  await s.form('an empty form', PATH, '');
  await s.form('a form with a charset', PATH, text({ email: 'f6%40a.co' }), {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
    },
  });
  await s.form('JSON called a form', PATH, '{"name":"x"}');
  await s.form('a form to another route', '/sign-out', 'a=b');
}

async function withoutSignUp(s) {
  await s.signUp('Alice');
  await s.post('bad schema first', PATH, {});
}

async function lengths(s) {
  const sized = (size) => ({ ...NAMED, password: 'b'.repeat(size) });
  await s.post('one below', PATH, sized(11));
  await s.post('at the lower limit', PATH, sized(12));
  await s.post('one above', PATH, { ...sized(65), email: 'n2@example.com' });
  await s.post('at the upper limit', PATH, {
    ...sized(64),
    email: 'n3@example.com',
  });
}

const closed = options({ emailAndPassword: { disableSignUp: true } });
const sized = options({
  emailAndPassword: { minPasswordLength: 12, maxPasswordLength: 64 },
});

export default [
  { name: 'sign-up', options: BASELINE, play: accounts },
  { name: 'sign-up-addresses', options: BASELINE, play: addresses },
  { name: 'sign-up-forms', options: BASELINE, play: forms },
  { name: 'sign-up-disabled', options: closed, play: withoutSignUp },
  { name: 'sign-up-lengths', options: sized, play: lengths },
];
