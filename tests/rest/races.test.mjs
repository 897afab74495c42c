// SPDX-License-Identifier: Apache-2.0
// Calls about one reader at the same moment, on two servers: whichever comes
// first, nothing is lost, nothing outlives its end, and nobody is told 500.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  given,
  openBook,
  openReplica,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

const ROUNDS = 6;
const HASHED_ROUNDS = 3; // each costs some password hashes
const NEW_PASSWORD = 'a harbour with new lights';
const MARK = { page: '/docs/intro', state: 'read' };
const HOLDINGS = [
  'bookplate_profile',
  'bookplate_profile_history',
  'bookplate_progress',
];
const ANSWERS = {
  software_experience: 'expert',
  programming_background: 'basic',
  hardware_knowledge: 'advanced',
  experience_level: 'advanced',
  gpu: 'none',
  memory: '8gb',
  languages: ['c'],
  tools: ['git'],
  devices: ['robot'],
  constraints: ['phone'],
};

const statuses = (answers) => answers.map(({ status }) => status);

/** Calls on the one and the other server by turns, all at once. */
const atOnce = (servers, calls) =>
  Promise.all(calls.map((call, i) => call(servers[i % servers.length])));

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));

function racing(engine) {
  const scope = suite();
  let book;
  let servers;
  let admin;

  before(async () => {
    const settings = { DELETE_USER: 'on', HASH_QUEUE: '256' };
    book = await openBook(scope, { engine, settings });
    servers = [book, await openReplica(scope, book)];
    admin = await book.admin();
  });

  const signIn = ({ email }, password = PASSWORD) => (server) =>
    server.call('POST', '/auth/signin', { body: { email, password } });

  /** Sign-ins that were let in: none of their tokens opens anything. */
  async function areShut(answers, what) {
    for (const answer of answers.filter(({ status }) => status === 200)) {
      const { session_token: token } = answer.json;
      for (const server of servers) {
        for (const [method, path] of [
          ['GET', '/auth/profile'],
          ['POST', '/auth/refresh'],
        ]) {
          const { status } = await server.call(method, path, { token });
          assert.equal(status, 401, `${what}: ${method} ${path}`);
        }
      }
    }
  }

  async function sessionsOf({ id }) {
    const [row] = await book.sql(
      'SELECT count(*) AS n FROM session WHERE CAST("userId" AS text) = $1',
      [id],
    );
    return Number(row.n);
  }

  test('answers to ten questions, none is lost', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { token } = await book.reader();
      const puts = Object.entries(ANSWERS).map(([name, value]) => (server) =>
        server.call('PUT', '/auth/profile', {
          token,
          body: { background: { [name]: value } },
        }),
      );
      const answers = await atOnce(servers, puts);
      answers.forEach((answer) => given(answer));
      const profile = given(await book.call('GET', '/api/profile', { token }));
      assert.deepEqual(profile.answers, ANSWERS);
      assert.equal(profile.version, puts.length);
      const { history } = given(
        await book.call('GET', '/api/profile/history', { token }),
      );
      assert.equal(history.length, puts.length);
    }
  });

  test('one browser brings its answers many times, and they count once', async () => {
    const { token } = await book.reader();
    const bring = (i) => (server) =>
      server.call('PUT', '/api/profile', {
        token,
        body: { merge: 'browser', answers: { gpu: i % 2 ? 'none' : 'other' } },
      });
    const answers = await atOnce(servers, times(8, bring));
    const seen = new Set(answers.map((answer) => given(answer).answers.gpu));
    assert.equal(seen.size, 1, [...seen].join());
    const profile = given(await book.call('GET', '/api/profile', { token }));
    assert.equal(profile.version, 1);
  });

  test('of many with the same version one wins', async () => {
    const { token } = await book.reader({ background: BACKGROUND });
    const { headers } = await book.call('GET', '/api/profile', { token });
    const put = (i) => (server) =>
      server.call('PUT', '/api/profile', {
        token,
        headers: { 'if-match': headers.etag },
        body: { answers: { memory: ['8gb', '16gb', '32gb'][i % 3] } },
      });
    const answers = statuses(await atOnce(servers, times(8, put)));
    assert.deepEqual(answers.sort(), [200, ...Array(7).fill(412)]);
  });

  test('what is read on eight devices: the newest word, the most seconds', async () => {
    const { token } = await book.reader();
    const began = Date.now() - 100_000;
    const put = (i) => (server) =>
      server.call('PUT', '/api/progress', {
        token,
        body: { ...MARK, place: `at ${i}`, seconds: 80 - i, at: began + i },
      });
    (await atOnce(servers, times(8, put))).forEach((answer) => given(answer));
    const { progress } = given(await book.call('GET', '/api/progress', { token }));
    assert.deepEqual(progress, [
      { ...MARK, place: 'at 7', seconds: 80, at: began + 7 },
    ]);
  });

  test('an account that ends takes along what was just being written', async () => {
    for (let round = 0; round < HASHED_ROUNDS; round++) {
      const reader = await book.reader({ background: BACKGROUND });
      const { token } = reader;
      const browser = await book.browser(reader.email);
      const write = (i) => (server) =>
        i % 2
          ? server.call('PUT', '/auth/profile', {
              token,
              body: { background: { memory: ['8gb', '16gb'][(i >> 1) % 2] } },
            })
          : server.call('PUT', '/api/progress', { token, body: MARK });
      const [left, ...answers] = await atOnce(servers, [
        () => browser.post('/delete-user', { password: PASSWORD }),
        ...times(12, write),
      ]);
      given(left);
      for (const { status, text } of answers) {
        assert.ok([200, 401].includes(status), `${status} ${text}`);
      }
      for (const table of HOLDINGS) {
        const [{ n }] = await book.sql(
          `SELECT count(*) AS n FROM ${table} WHERE user_id = $1`,
          [reader.id],
        );
        assert.equal(Number(n), 0, table);
      }
    }
  });

  test('who signs in while the password is changed has the new one', async () => {
    for (let round = 0; round < HASHED_ROUNDS; round++) {
      const reader = await book.reader();
      const browser = await book.browser(reader.email);
      let isOver = false;
      const changing = browser
        .post('/change-password', {
          currentPassword: PASSWORD,
          newPassword: NEW_PASSWORD,
          revokeOtherSessions: true,
        })
        .finally(() => (isOver = true));
      // Some are being compared with the old one when the new one is stored.
      const answers = [];
      const insist = async (i) => {
        while (!isOver) {
          answers.push(await signIn(reader)(servers[i % 2]));
        }
      };
      const [changed] = await Promise.all([changing, ...times(3, insist)]);
      given(changed);
      for (const { status, text } of answers) {
        assert.ok([200, 401].includes(status), `${status} ${text}`);
      }
      await areShut(answers, 'of the old password');
      assert.equal(await sessionsOf(reader), 1);
      given(await signIn(reader, NEW_PASSWORD)(book));
    }
  });

  test('who signs in while being banned is not in once the ban is lifted', async () => {
    for (let round = 0; round < HASHED_ROUNDS; round++) {
      const reader = await book.reader();
      const [banned, ...answers] = await atOnce(servers, [
        () => admin.post('/admin/ban-user', { userId: reader.id }),
        ...times(4, () => signIn(reader)),
      ]);
      given(banned);
      for (const { status, text } of answers) {
        assert.ok([200, 403].includes(status), `${status} ${text}`);
      }
      assert.equal(await sessionsOf(reader), 0);
      given(await admin.post('/admin/unban-user', { userId: reader.id }));
      await areShut(answers, 'of before the ban');
    }
  });

  test('who signs in while the account ends has none', async () => {
    for (let round = 0; round < HASHED_ROUNDS; round++) {
      const reader = await book.reader();
      const browser = await book.browser(reader.email);
      const [left, ...answers] = await atOnce(servers, [
        () => browser.post('/delete-user'),
        ...times(4, () => signIn(reader)),
      ]);
      given(left);
      for (const { status, text } of answers) {
        assert.ok([200, 401].includes(status), `${status} ${text}`);
      }
      await areShut(answers, 'of an account that ended');
      assert.equal(await sessionsOf(reader), 0);
    }
  });

  test('a sign-out ends what a refresh at that moment gave', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { token } = await book.reader();
      const [out, ...answers] = await atOnce(servers, [
        (server) => server.call('POST', '/auth/signout', { token }),
        ...times(6, () => (server) =>
          server.call('POST', '/auth/refresh', { token }),
        ),
      ]);
      given(out);
      for (const { status, text } of answers) {
        assert.ok([200, 401].includes(status), `${status} ${text}`);
      }
      await areShut(answers, 'signed out');
    }
  });
}

for (const engine of ENGINES) {
  describe(`at the same moment on ${engine}`, { skip: SKIP }, () =>
    racing(engine));
}
