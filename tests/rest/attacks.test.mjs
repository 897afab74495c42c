// SPDX-License-Identifier: Apache-2.0
// Attacks on what is known of readers, by the numbers of docs/security.md:
// answers nobody asked for, rights that have gone, who one says one is, and
// what belongs to another.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bookplate } from '../store/databases.mjs';
import { oneMark, settingsFor, telling } from './goal.mjs';
import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  given,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

const TRUE = { sqlite: '1', postgres: 'true' };
const COOKIE = 'better-auth.session_token';

/** All rows of a reader, in an order that is always the same. */
async function rowsOf(book, id) {
  const rows = {};
  for (const [table, column] of [
    ['user', 'id'],
    ['account', 'userId'],
    ['session', 'userId'],
    ['bookplate_profile', 'user_id'],
    ['bookplate_profile_history', 'user_id'],
    ['bookplate_progress', 'user_id'],
  ]) {
    const all = await book.sql(
      `SELECT * FROM "${table}" WHERE CAST("${column}" AS text) = $1`,
      [id],
    );
    rows[table] = all.map((row) => JSON.stringify(row)).sort();
  }
  return rows;
}

const CROWD = Object.fromEntries(
  Array.from({ length: 1000 }, (_, i) => [`question_${i}`, 'beginner']),
);

/** Beside a good answer, which is not to be kept either. */
const UNASKED = {
  'an unknown question': { shoe_size: 42 },
  'an unknown choice': { software_experience: 'demigod' },
  'a choice of another question': { hardware_knowledge: 'expert' },
  'a choice in capitals': { software_experience: 'Expert' },
  null: { software_experience: null },
  'a number': { software_experience: 3 },
  'a list': { software_experience: ['expert'] },
  'an object': { goal: { $ne: '' } },
  'a thousand questions more': CROWD,
  'a name of every object': { constructor: 'expert' },
};

function unasked(engine) {
  const scope = suite();
  let book;
  let owner;
  let admin;

  before(async () => {
    book = await openBook(scope, { engine, settings: settingsFor(scope) });
    owner = await telling(book, 'the owner');
    admin = await book.admin();
  });

  const doors = {
    'POST /auth/signup': (answers) => ({
      body: { email: newEmail(), password: PASSWORD, background: answers },
    }),
    'PUT /auth/profile': (answers) => ({
      body: { background: answers },
      token: owner.token,
    }),
    'PUT /api/profile': (answers) => ({ body: { answers }, token: owner.token }),
    'PUT /api/admin/profile': (answers) => ({
      body: { answers },
      cookie: admin.cookie,
      headers: { origin: book.origin },
      query: `?user_id=${owner.id}`,
    }),
  };
  for (const [door, optionsFor] of Object.entries(doors)) {
    test(`S039: answers nobody asked for, by ${door}`, async () => {
      const [method, path] = door.split(' ');
      const kept = [await countRows(book), await rowsOf(book, owner.id)];
      for (const [what, answers] of Object.entries(UNASKED)) {
        const all = { programming_background: 'advanced', ...answers };
        const { query = '', ...options } = optionsFor(all);
        const answer = await book.call(method, path + query, options);
        const fields = refused(answer, 422, 'VALIDATION_ERROR');
        const [wrong] = Object.keys(answers);
        assert.ok(
          Object.keys(fields).some((name) => name.endsWith(wrong)),
          `${what}: ${answer.text}`,
        );
        const now = [await countRows(book), await rowsOf(book, owner.id)];
        assert.deepEqual(now, kept, what);
      }
    });
  }
}

/** What a reader's session opens; each of it is shut when that is over. */
const OPEN_TO_READERS = [
  ['GET', '/auth/me'],
  ['GET', '/auth/profile'],
  ['PUT', '/auth/profile', { background: { goal: 'stale' } }],
  ['GET', '/api/profile'],
  ['PUT', '/api/profile', { answers: { goal: 'stale' } }],
  ['GET', '/api/profile/history'],
  ['GET', '/api/progress'],
  ['PUT', '/api/progress', oneMark('stale')],
  ['GET', '/api/export'],
  ['POST', '/auth/refresh'],
];

const OF_ADMINISTRATORS = [
  ['GET', '/api/admin/profile'],
  ['PUT', '/api/admin/profile', { answers: { goal: 'stale' } }],
];

function stale(engine) {
  const scope = suite();
  let book;
  let victim;
  let above;

  before(async () => {
    book = await openBook(scope, { engine, settings: settingsFor(scope) });
    victim = await telling(book, 'the victim');
    above = await book.admin();
  });

  const role = (id, name) =>
    book.sql(`UPDATE "user" SET role = $1 WHERE CAST(id AS text) = $2`, [name, id]);

  /** Somebody with a token, a cookie and the session itself as a bearer. */
  async function holder(name) {
    const reader = await telling(book, name);
    await role(reader.id, name);
    const { cookie } = reader.browser;
    const session = decodeURIComponent(
      new RegExp(`${COOKIE}=([^;]*)`).exec(cookie)[1],
    );
    const keys = {
      'a token': { token: reader.token },
      'a cookie': { cookie, headers: { origin: book.origin } },
      'a session': { token: session },
    };
    return Object.assign(reader, { keys });
  }

  async function statuses(reader, calls, query = '') {
    const seen = [];
    for (const [key, options] of Object.entries(reader.keys)) {
      for (const [method, path, body] of calls) {
        const more = { ...options, body };
        const answer = await book.call(method, path + query, more);
        seen.push([`${method} ${path} with ${key}`, answer.status]);
      }
    }
    return seen;
  }
  const all = (seen, ...wanted) =>
    seen.forEach(([call, status]) =>
      assert.ok(wanted.includes(status), `${call}: ${status}`),
    );
  const ofVictim = (reader) =>
    statuses(reader, OF_ADMINISTRATORS, `?user_id=${victim.id}`);

  const command = (t, ...words) => bookplate(t, book.database, words, book.env);
  const BANS = {
    'an administrator': async (t, { id }) =>
      given(await above.post('/admin/ban-user', { userId: id })),
    'the command': async (t, { id }) =>
      assert.equal((await command(t, 'user', 'ban', id)).code, 0),
    // Who writes the row alone leaves the sessions: the row is read each time.
    'another program': async (t, { id }) =>
      book.sql(`UPDATE "user" SET banned = ${TRUE[engine]} WHERE id = $1`, [id]),
  };
  for (const [who, ban] of Object.entries(BANS)) {
    test(`S040: a ban by ${who} counts for the next request`, async (t) => {
      const reader = await holder('admin');
      all(await statuses(reader, OPEN_TO_READERS), 200);
      all(await ofVictim(reader), 200);
      await ban(t, reader);
      const kept = [await rowsOf(book, reader.id), await rowsOf(book, victim.id)];
      const left = who === 'another program' ? 2 : 0;
      assert.equal(kept[0].session.length, left);
      all(await statuses(reader, OPEN_TO_READERS), 401, 403);
      all(await ofVictim(reader), 401, 403);
      const now = [await rowsOf(book, reader.id), await rowsOf(book, victim.id)];
      assert.deepEqual(now, kept);
      const body = { email: reader.email, password: PASSWORD };
      const again = await book.call('POST', '/auth/signin', { body });
      refused(again, 403, 'BANNED_USER');
    });
  }

  const DEMOTIONS = {
    'an administrator': async (t, { id }) =>
      given(await above.post('/admin/set-role', { userId: id, role: 'user' })),
    'the command': async (t, { id }) =>
      assert.equal((await command(t, 'user', 'set-role', id, 'user')).code, 0),
  };
  for (const [who, demote] of Object.entries(DEMOTIONS)) {
    test(`S040: a role taken by ${who} is gone with the next request`, async (t) => {
      const reader = await holder('admin');
      all(await ofVictim(reader), 200);
      await demote(t, reader);
      const kept = await rowsOf(book, victim.id);
      all(await ofVictim(reader), 403);
      assert.deepEqual(await rowsOf(book, victim.id), kept);
      all(await statuses(reader, OPEN_TO_READERS), 200);
    });
  }
}

const NAMES = ['user_id', 'userId', 'id', 'user', 'sub', 'reader', 'email'];

/** Calls by which a reader says something, with a body that suits. */
const WRITES = [
  ['PUT', '/auth/profile', { background: { goal: 'mine' } }],
  ['PUT', '/api/profile', { answers: { goal: 'mine' } }],
  ['PUT', '/api/progress', oneMark('mine')],
  ['PUT', '/api/progress', { progress: [oneMark('mine')] }],
];

const READS = [
  '/auth/me',
  '/auth/profile',
  '/api/profile',
  '/api/profile/history',
  '/api/progress',
  '/api/export',
];

function pretending(engine) {
  const scope = suite();
  let book;
  let ann;
  let bob;
  let theirs; // all that would be Bob's

  before(async () => {
    book = await openBook(scope, { engine, settings: settingsFor(scope) });
    ann = await telling(book, 'Ann');
    bob = await telling(book, 'Bob');
    theirs = ['goal of Bob', 'place of Bob', bob.id, bob.email, bob.token];
  });

  const hasNothingOf = (answer, what, words = theirs) =>
    words.forEach((word) => assert.ok(!answer.text.includes(word), `${what}: ${word}`));

  const valueOf = (name) => (name === 'email' ? bob.email : bob.id);

  test('S065: who one is does not stand in a body', async () => {
    const kept = await rowsOf(book, bob.id);
    const { token } = ann;
    for (const [method, path, good] of WRITES) {
      for (const name of NAMES) {
        const said = { [name]: valueOf(name) };
        const body = { ...good, ...said };
        const answer = await book.call(method, path, { token, body });
        const fields = refused(answer, 422, 'VALIDATION_ERROR');
        assert.ok(name in fields, answer.text);
        const alone = await book.call(method, path, { body });
        refused(alone, 401, 'UNAUTHORIZED');
      }
    }
    const inside = { progress: [{ ...oneMark('mine'), user_id: bob.id }] };
    const answer = await book.call('PUT', '/api/progress', { token, body: inside });
    refused(answer, 422, 'VALIDATION_ERROR');
    assert.deepEqual(await rowsOf(book, bob.id), kept);
  });

  test('S065: nor in a query, a header or a cookie', async () => {
    const kept = await rowsOf(book, bob.id);
    const query = NAMES.map((name) => `${name}=${encodeURIComponent(valueOf(name))}`);
    const headers = {
      origin: book.origin,
      'x-user-id': bob.id,
      'x-forwarded-user': bob.email,
      'remote-user': bob.email,
      cookie: `user_id=${bob.id}; ${COOKIE}=${bob.id}`,
    };
    const asAnn = { token: ann.token, headers };
    const calls = [...READS.map((path) => ['GET', path]), ...WRITES];
    for (const [method, path, body] of calls) {
      const address = `${path}?${query.join('&')}`;
      const what = `${method} ${path}`;
      const answer = await book.call(method, address, { ...asAnn, body });
      given(answer);
      hasNothingOf(answer, what);
      const alone = await book.call(method, address, { headers, body });
      refused(alone, 401, 'UNAUTHORIZED');
      hasNothingOf(alone, what);
    }
    assert.deepEqual(await rowsOf(book, bob.id), kept);
    const { progress } = given(
      await book.call('GET', '/api/progress', { token: ann.token }),
    );
    assert.deepEqual(progress.map(({ place }) => place), ['mine']);
  });

  test('S066: what is another reader’s is not to be had', async () => {
    const kept = await rowsOf(book, bob.id);
    const [{ id: row }] = await book.sql(
      'SELECT id FROM bookplate_profile_history WHERE user_id = $1',
      [bob.id],
    );
    const [{ id: session }] = await book.sql(
      `SELECT id FROM "session" WHERE CAST("userId" AS text) = $1`,
      [bob.id],
    );
    const ids = [bob.id, row, session, encodeURIComponent(bob.email)];
    const body = { answers: { goal: 'mine' } };
    const mark = oneMark('mine');
    for (const id of ids) {
      for (const [method, path, more, ...wanted] of [
        ['GET', `/api/profile/${id}`, , 404],
        ['PUT', `/api/profile/${id}`, body, 404],
        ['GET', `/api/profile/history/${id}`, , 404],
        ['GET', `/api/export/${id}`, , 404],
        ['GET', `/api/progress/${id}`, , 404],
        ['PUT', `/api/progress/${id}`, mark, 404],
        ['GET', `/auth/profile/${id}`, , 404],
        ['DELETE', `/auth/profile/${id}`, , 404],
        ['GET', `/api/admin/profile?user_id=${id}`, , 403],
        ['PUT', `/api/admin/profile?user_id=${id}`, body, 403],
        ['GET', `/api/service/readers/${id}/background`, , 401],
        ['POST', '/api/service/backgrounds', { ids: [id] }, 401],
      ]) {
        const what = `${method} ${path}`;
        const { cookie } = ann.browser;
        const headers = { origin: book.origin };
        for (const options of [{ token: ann.token }, { cookie, headers }, {}]) {
          const call = { ...options, body: more, unchecked: true };
          const answer = await book.call(method, path, call);
          const refusals = Object.keys(options).length ? wanted : [401, 404];
          assert.ok(refusals.includes(answer.status), `${what} ${answer.status}`);
          hasNothingOf(answer, what, ['goal of Bob', 'place of Bob', bob.email]);
        }
      }
    }
    assert.deepEqual(await rowsOf(book, bob.id), kept);
  });
}

for (const engine of ENGINES) {
  describe(`answers nobody asked for on ${engine}`, { skip: SKIP }, () =>
    unasked(engine));
  describe(`rights that have gone on ${engine}`, { skip: SKIP }, () =>
    stale(engine));
  describe(`who one says one is on ${engine}`, { skip: SKIP }, () =>
    pretending(engine));
}
