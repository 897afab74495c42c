// SPDX-License-Identifier: Apache-2.0
// Further fields of users and sessions, with input as their types want it and
// with input that they do not.
import { options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const USER = {
  experience: { type: 'string', required: true },
  softwareLevel: {
    type: 'string',
    required: false,
    defaultValue: 'beginner',
  },
  hardware: { type: 'json', required: false },
  age: { type: 'number', required: false },
  newsletter: { type: 'boolean', required: false, defaultValue: false },
  tags: { type: 'string[]', required: false },
  sizes: { type: 'number[]', required: false },
  birthday: { type: 'date', required: false },
  internalNote: { type: 'string', required: false, returned: false },
  tier: {
    type: 'string',
    required: false,
    defaultValue: 'free',
    input: false,
  },
  score: { type: 'number', required: false, input: false },
  level: { type: ['low', 'high'], required: false },
};

const ALL = {
  experience: 'python',
  softwareLevel: 'expert',
  hardware: { gpu: 'rtx', list: [1, 2.5, null, true], 'ü"\\': { a: {} } },
  age: 30,
  newsletter: true,
  tags: ['a', 'b', 'ü,"'],
  sizes: [1, 2, 3],
  birthday: '2000-01-02T03:04:05.000Z',
  internalNote: 'not shown',
  level: 'high',
};

const CLEAN = {
  all: ALL,
  'required only': { experience: 'e' },
  'empty string': { experience: '' },
  nulls: {
    experience: 'e',
    hardware: null,
    age: null,
    tags: null,
    level: null,
  },
  'null with a default': {
    experience: 'e',
    softwareLevel: null,
    newsletter: null,
  },
  'empty lists': { experience: 'e', tags: [], sizes: [], hardware: {} },
  'a list in JSON': { experience: 'e', hardware: [1, 'a', { b: null }] },
  'a negative number': { experience: 'e', age: -7 },
  zero: { experience: 'e', age: 0, newsletter: false },
  'a date with an offset': {
    experience: 'e',
    birthday: '2000-01-02T03:04:05+02:00',
  },
  'a date without time': { experience: 'e', birthday: '2000-01-02' },
  'a date with micros': {
    experience: 'e',
    birthday: '2000-01-02T03:04:05.123456Z',
  },
  'text in other scripts': { experience: 'Ünï \u{1f600}\u0001\n' },
  'input false with a default': { experience: 'e', tier: 'gold' },
  'input false, falsy': { experience: 'e', score: 0 },
};

const REFUSED = {
  'required missing': {},
  'required missing, others there': { age: 3 },
  'input false': { experience: 'e', score: 5 },
  'input false and missing': { score: 5 },
};

/** The original checks no types: what it makes of these is an accident. */
const UNTYPED = {
  'a number for text': { experience: 5 },
  'an object for text': { experience: { a: 1 } },
  'a list for text': { experience: ['a'] },
  'true for text': { experience: true },
  'null for required text': { experience: null },
  'text for a number': { experience: 'e', age: '42' },
  'words for a number': { experience: 'e', age: 'abc' },
  'a fraction': { experience: 'e', age: 4.5 },
  'a huge number': { experience: 'e', age: 1e21 },
  'true for a number': { experience: 'e', age: true },
  'text for a boolean': { experience: 'e', newsletter: 'yes' },
  'a number for a boolean': { experience: 'e', newsletter: 1 },
  'text for a list': { experience: 'e', tags: 'x' },
  'numbers in a list of text': { experience: 'e', tags: [1, 2] },
  'text in a list of numbers': { experience: 'e', sizes: ['a'] },
  'text for JSON': { experience: 'e', hardware: 'str' },
  'a number for JSON': { experience: 'e', hardware: 5 },
  'no date': { experience: 'e', birthday: 'nope' },
  'a number for a date': { experience: 'e', birthday: 1000000000000 },
  'not of the words': { experience: 'e', level: 'medium' },
  'a number for words': { experience: 'e', level: 5 },
};

/** Signs up with fields and looks at them once more. */
async function signUps(s, table) {
  for (const [name, fields] of Object.entries(table)) {
    const email = `${name.replace(/\W/g, '-')}.${s.scenario.name}@example.com`;
    const body = { name: 'F', email, password: PASSWORD, ...fields };
    const { cookie } = await s.post(name, '/sign-up/email', body);
    if (cookie) {
      await s.get(`${name}: seen again`, '/get-session', { cookie });
    }
  }
}

async function clean(s) {
  await signUps(s, CLEAN);
  await signUps(s, REFUSED);
  await s.form(
    'a form',
    '/sign-up/email',
    'name=F&email=form%40example.com&password=correct+horse+42&experience=a+b&extra=1',
  );
}

async function updates(s) {
  const { cookie } = await s.signUp('Alice', ALL);
  const bodies = {
    one: { experience: 'rust' },
    several: { age: 31, newsletter: false, tags: ['c'], level: 'low' },
    'the hidden one': { internalNote: 'other' },
    JSON: { hardware: { cpu: 8 } },
    nulls: { hardware: null, age: null, tags: null, birthday: null },
    'null for required': { experience: null },
    'input false': { tier: 'gold' },
    'input false, null': { tier: null },
    'input false, no default': { score: 5 },
    'unknown only': { nothing: 1 },
    date: { birthday: '2001-02-03T04:05:06.789Z' },
  };
  for (const [name, body] of Object.entries(bodies)) {
    await s.post(name, '/update-user', body, { cookie });
  }
  await s.get('after all', '/get-session', { cookie });
  await s.get('in a token', '/token', { cookie });
  await s.post('sign-in', '/sign-in/email', {
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
}

async function untyped(s) {
  await signUps(s, UNTYPED);
}

async function untypedUpdates(s) {
  const { cookie } = await s.signUp('Alice', { experience: 'e' });
  for (const [name, { experience, ...rest }] of Object.entries(UNTYPED)) {
    const body = experience === 'e' ? rest : { experience };
    await s.post(name, '/update-user', body, { cookie });
  }
}

async function sessionFields(s) {
  const { cookie } = await s.signUp('Alice');
  const list = {
    text: { theme: 'dark' },
    number: { page: 7 },
    both: { theme: 'light', page: 8 },
    null: { theme: null },
    'input false': { origin: 'x' },
    unknown: { other: 1 },
    'a core field': { token: 'x', theme: 'x' },
    nothing: {},
  };
  for (const [name, body] of Object.entries(list)) {
    await s.post(name, '/update-session', body, { cookie });
  }
  await s.get('session', '/get-session', { cookie });
  await s.get('list', '/list-sessions', { cookie });
}

async function synthetic(s) {
  await s.signUp('Alice', ALL);
  await s.signUp('taken', { ...ALL, email: s.mailOf('Alice') });
  await s.signUp('taken, required only', {
    experience: 'e',
    email: s.mailOf('Alice'),
  });
  await s.signUp('taken, missing', { email: s.mailOf('Alice') });
}

const withUser = (more = {}) =>
  options({ ...more, user: { additionalFields: USER } });
const withSession = options({
  session: {
    additionalFields: {
      theme: { type: 'string', required: false },
      page: { type: 'number', required: false, defaultValue: 1 },
      origin: { type: 'string', required: false, input: false },
    },
  },
});
const renamed = options({
  user: {
    modelName: 'people',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at' },
    additionalFields: { experience: { type: 'string', required: false } },
  },
  session: { modelName: 'visits', fields: { userId: 'user_id' } },
});

async function renamedTables(s) {
  const { cookie } = await s.signUp('Alice', { experience: 'e' });
  await s.get('session', '/get-session', { cookie });
  await s.get('sessions', '/list-sessions', { cookie });
  await s.post('update', '/update-user', { experience: 'f' }, { cookie });
  await s.post('sign-in', '/sign-in/email', {
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
  await s.post('sign-out', '/sign-out', {}, { cookie });
}

export default [
  { name: 'fields', options: withUser(), play: clean },
  { name: 'fields-update', options: withUser(), play: updates },
  { name: 'fields-untyped', options: withUser(), play: untyped },
  { name: 'fields-untyped-update', options: withUser(), play: untypedUpdates },
  {
    name: 'fields-synthetic',
    options: withUser({ emailAndPassword: { autoSignIn: false } }),
    play: synthetic,
  },
  { name: 'fields-session', options: withSession, play: sessionFields },
  { name: 'renamed-tables', options: renamed, play: renamedTables },
  ...['uuid', 'serial'].map((generateId) => ({
    name: `ids-${generateId}`,
    options: options({ advanced: { database: { generateId } } }),
    play: async (s) => {
      const { cookie } = await s.signUp('Alice');
      await s.get('session', '/get-session', { cookie });
      await s.get('sessions', '/list-sessions', { cookie });
      await s.get('accounts', '/list-accounts', { cookie });
      await s.get('keys', '/jwks');
      await s.get('token', '/token', { cookie });
    },
  })),
];
