// SPDX-License-Identifier: Apache-2.0
// Every act leaves one row, in the same write: what happened, who did it and
// to whom, and nothing of what was said.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { until } from '../process/program.mjs';
import { auditCommand, auditRows, chainedRows, migrate, nameOf } from './audit.mjs';
import {
  PASSWORD,
  SKIP,
  WRONG,
  newEmail,
  signedUp,
  startAccounts,
  stopPostgres,
  suite,
} from './house.mjs';

const NEW_PASSWORD = 'another harbour at noon';
const NAME = 'Zoe Quillfeather';
const SETTINGS = {
  SESSION_FRESH_AGE: '0s',
  CHANGE_EMAIL: 'on',
  CHANGE_EMAIL_UNVERIFIED: 'on',
  DELETE_USER: 'on',
  AUTH_PLUGINS: 'bearer,jwt,admin',
};

after(stopPostgres);

const rowsOn = (engine) => {
  describe(`the audit's rows (${engine})`, { skip: SKIP, concurrency: 1 }, () => {
    const scope = suite();
    const secrets = new Set([PASSWORD, WRONG, NEW_PASSWORD, NAME]);
    let server;

    before(async () => {
      server = await startAccounts(scope, SETTINGS, {
        engine,
        prepare: migrate,
      });
    });

    /** Somebody whose words must not be found again. */
    async function newReader() {
      const reader = await signedUp(server);
      [reader.id, reader.email, reader.token].forEach((word) => secrets.add(word));
      return reader;
    }

    async function newAdmin() {
      const admin = await newReader();
      await server.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.id]);
      return admin;
    }

    /** The rows that an act leaves, as [event, actor, subject, detail]. */
    async function rowsOf(act, status = 200) {
      const known = new Set((await auditRows(server)).map(({ id }) => id));
      const answer = await act();
      assert.equal(answer.status, status, answer.text);
      const rows = (await chainedRows(server)).filter(({ id }) => !known.has(id));
      for (const { network, created_at: at } of rows) {
        assert.equal(network, '127.0.0.0/16');
        assert.ok(Math.abs(Date.now() - at) < 60_000);
      }
      return rows.map(({ event, actor, subject, detail }) => [
        event,
        actor,
        subject,
        detail,
      ]);
    }

    const one = (event, user, detail, actor = '') => [
      [event, actor && nameOf(actor), user && nameOf(user), detail],
    ];

    test('signing up, in and out', async () => {
      const reader = server.visitor();
      const email = newEmail();
      let id;
      const rows = await rowsOf(async () => {
        const answer = await reader.signUp(email, PASSWORD, { name: NAME });
        id = answer.json.user.id;
        return answer;
      });
      secrets.add(id).add(email).add(reader.token);
      assert.deepEqual(rows, one('sign-up', id, ''));
      assert.deepEqual(
        await rowsOf(() => reader.signIn(email)),
        one('sign-in', id, 'password'),
      );
      secrets.add(reader.token);
      const twin = reader.copy();
      assert.deepEqual(
        await rowsOf(() => reader.post('/sign-out')),
        one('session-end', id, 'sign-out'),
      );
      assert.deepEqual(await rowsOf(() => twin.post('/sign-out')), []);
    });

    test('signing in in vain', async () => {
      const reader = await newReader();
      const visitor = server.visitor();
      assert.deepEqual(
        await rowsOf(() => visitor.signIn(reader.email, WRONG), 401),
        one('sign-in-failed', reader.id, 'password'),
      );
      const nobody = newEmail('nobody');
      secrets.add(nobody);
      assert.deepEqual(
        await rowsOf(() => visitor.signIn(nobody, WRONG), 401),
        one('sign-in-failed', '', 'unknown'),
      );
      await server.sql('UPDATE "user" SET banned = true WHERE id = $1', [reader.id]);
      assert.deepEqual(
        await rowsOf(() => visitor.signIn(reader.email), 403),
        one('sign-in-failed', reader.id, 'banned'),
      );
      assert.deepEqual(await rowsOf(() => visitor.signIn('none', WRONG), 400), []);
    });

    test('ending sessions', async () => {
      const reader = await newReader();
      const other = await newReader();
      const second = server.visitor();
      await second.signIn(reader.email);
      assert.deepEqual(
        await rowsOf(() => reader.post('/revoke-session', { token: other.token })),
        [],
      );
      assert.deepEqual(
        await rowsOf(() => reader.post('/revoke-session', { token: second.token })),
        one('session-end', reader.id, 'revoke'),
      );
      assert.deepEqual(
        await rowsOf(() => reader.post('/revoke-other-sessions')),
        one('session-end', reader.id, 'revoke-others'),
      );
      assert.deepEqual(
        await rowsOf(() => reader.post('/revoke-sessions')),
        one('session-end', reader.id, 'revoke-all'),
      );
    });

    test('new passwords', async () => {
      const reader = await newReader();
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      assert.deepEqual(
        await rowsOf(() => reader.post('/change-password', body)),
        one('password-change', reader.id, 'change'),
      );
      assert.deepEqual(
        await rowsOf(() => reader.post('/change-password', body), 400),
        [],
      );
      assert.deepEqual(
        await rowsOf(() =>
          reader.post('/change-password', {
            currentPassword: NEW_PASSWORD,
            newPassword: PASSWORD,
            revokeOtherSessions: true,
          }),
        ),
        one('password-change', reader.id, 'change, other sessions ended'),
      );
      const { email } = reader;
      await reader.post('/request-password-reset', { email, redirectTo: '/' });
      let mail;
      await until(() => {
        mail = server.mails().find(({ to, url }) => to === email && /reset/.test(url));
        return mail;
      }, 'the mail is there');
      const token = /reset-password\/([^?]+)/.exec(mail.url)[1];
      secrets.add(token);
      const reset = { newPassword: NEW_PASSWORD, token };
      assert.deepEqual(
        await rowsOf(() => server.visitor().post('/reset-password', reset)),
        one('password-change', reader.id, 'reset'),
      );
      assert.deepEqual(
        await rowsOf(() => server.visitor().post('/reset-password', reset), 400),
        [],
      );
    });

    test('addresses, and what else an account says', async () => {
      const reader = await newReader();
      const newAddress = newEmail('moved');
      secrets.add(newAddress);
      assert.deepEqual(
        await rowsOf(() => reader.post('/change-email', { newEmail: newAddress })),
        one('email-change', reader.id, 'change'),
      );
      let mail;
      await until(() => {
        mail = server.mails().find(({ to }) => to === newAddress);
        return mail;
      }, 'the mail is there');
      const link = new URL(mail.url);
      secrets.add(link.searchParams.get('token'));
      const follow = () =>
        server.visitor().get(`/verify-email?token=${link.searchParams.get('token')}`);
      assert.deepEqual(
        await rowsOf(follow),
        one('email-change', reader.id, 'verify'),
      );
      assert.deepEqual(await rowsOf(follow), []);
      assert.deepEqual(
        await rowsOf(() =>
          reader.post('/update-user', { name: NAME, image: 'https://img.example/z' }),
        ),
        one('account-change', reader.id, 'name, image'),
      );
      secrets.add('img.example');
      assert.deepEqual(await rowsOf(() => reader.post('/update-user'), 400), []);
    });

    test('the plain API', async () => {
      const email = newEmail('plain');
      const background = {
        software_experience: 'beginner',
        programming_background: 'basic',
        hardware_knowledge: 'none',
      };
      const call = (path, body, token) =>
        server.call('POST', `/auth/${path}`, body, {
          base: '',
          headers: token ? { Authorization: `Bearer ${token}` } : {},
        });
      let made;
      const rows = await rowsOf(async () => {
        made = await call('signup', { email, password: PASSWORD, background });
        return made;
      }, 201);
      const { user_id: id, session_token: token } = made.json;
      secrets.add(email).add(id).add(token);
      assert.deepEqual(rows.map(([event, , subject]) => [event, subject]).toSorted(), [
        ['profile-change', nameOf(id)],
        ['sign-up', nameOf(id)],
      ]);
      assert.deepEqual(
        await rowsOf(() => call('signin', { email, password: PASSWORD })),
        one('sign-in', id, 'password'),
      );
      assert.deepEqual(
        await rowsOf(() => call('signin', { email, password: WRONG }), 401),
        one('sign-in-failed', id, 'password'),
      );
      assert.deepEqual(
        await rowsOf(() => call('signout', undefined, token)),
        one('session-end', id, 'sign-out'),
      );
      assert.deepEqual(await rowsOf(() => call('signout', undefined, token), 401), []);
    });

    test('the end of an account', async () => {
      const reader = await newReader();
      assert.deepEqual(
        await rowsOf(() => reader.post('/delete-user', { password: PASSWORD })),
        one('erasure', reader.id, 'account'),
      );
    });

    test('what administrators do', async () => {
      const admin = await newAdmin();
      const act = (what, body, status) =>
        rowsOf(() => admin.post(`/admin/${what}`, body), status);
      const email = newEmail('made');
      let userId;
      const made = await rowsOf(async () => {
        const answer = await admin.post('/admin/create-user', {
          email,
          password: PASSWORD,
          name: NAME,
        });
        userId = answer.json.user.id;
        return answer;
      });
      secrets.add(email).add(userId);
      const byAdmin = (detail) => one('admin', userId, detail, admin.id);
      assert.deepEqual(made, byAdmin('create'));
      for (const [what, body, detail] of [
        ['update-user', { data: { name: 'Eve Inkwell' } }, 'update: name'],
        ['set-role', { role: 'user' }, 'set-role'],
        ['ban-user', { banReason: 'Ranting' }, 'ban'],
        ['unban-user', {}, 'unban'],
        ['set-user-password', { newPassword: NEW_PASSWORD }, 'set-password'],
        ['revoke-user-sessions', {}, 'revoke-sessions'],
      ]) {
        assert.deepEqual(await act(what, { userId, ...body }), byAdmin(detail), what);
      }
      secrets.add('Inkwell').add('Ranting');
      const reader = server.visitor();
      await reader.signIn(email, NEW_PASSWORD);
      const { token: sessionToken } = reader;
      assert.deepEqual(
        await act('revoke-user-session', { sessionToken }),
        byAdmin('revoke-session'),
      );
      assert.deepEqual(await act('revoke-user-session', { sessionToken }), []);
      assert.deepEqual(await act('revoke-user-sessions', { userId: 'none' }), []);
      assert.deepEqual(await act('remove-user', { userId }), byAdmin('remove'));
      assert.deepEqual(await act('remove-user', { userId }, 404), []);
    });

    test('an administrator in a reader’s place', async () => {
      const admin = await newAdmin();
      const reader = await newReader();
      const by = (event, detail) => one(event, reader.id, detail, admin.id);
      const { id: userId } = reader;
      assert.deepEqual(
        await rowsOf(() => admin.post('/admin/impersonate-user', { userId })),
        by('impersonation', 'start'),
      );
      assert.deepEqual(
        await rowsOf(() => admin.post('/update-user', { name: NAME })),
        by('account-change', 'name'),
      );
      const { token } = (await admin.get('/token')).json;
      const background = { software_experience: 'expert' };
      assert.deepEqual(
        await rowsOf(() =>
          server.call('PUT', '/auth/profile', { background }, {
            base: '',
            headers: { Authorization: `Bearer ${token}` },
          }),
        ),
        by('admin', 'profile'),
      );
      assert.deepEqual(
        await rowsOf(() => admin.post('/admin/stop-impersonating')),
        by('impersonation', 'stop'),
      );
      await admin.post('/admin/impersonate-user', { userId });
      assert.deepEqual(
        await rowsOf(() => admin.post('/sign-out')),
        by('session-end', 'sign-out'),
      );
    });

    test('show finds a reader, by address and by id', async () => {
      const reader = await newReader();
      await reader.post('/update-user', { name: NAME });
      await chainedRows(server);
      const show = async (...words) => {
        const { code, stdout, stderr } = await auditCommand(server.database, [
          'show',
          '--json',
          ...words,
        ]);
        assert.equal(code, 0, stderr);
        return stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));
      };
      const events = (rows) => rows.map(({ event }) => event);
      const rows = await show('--user', reader.email);
      assert.deepEqual(events(rows), ['sign-up', 'account-change']);
      assert.ok(rows[0].seq < rows[1].seq);
      assert.deepEqual(
        events(await show('--user', reader.id, '--event', 'account-change')),
        ['account-change'],
      );
      assert.deepEqual(events(await show('--user', reader.id, '--limit', '1')), [
        'account-change',
      ]);
      await reader.post('/delete-user', { password: PASSWORD });
      assert.deepEqual(events(await show('--user', reader.id)), [
        'sign-up',
        'account-change',
        'erasure',
      ]);
      const gone = await auditCommand(server.database, [
        'show',
        '--user',
        reader.email,
      ]);
      assert.equal(gone.code, 1);
      const wrong = await auditCommand(server.database, ['show', '--event', 'nap']);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /'nap' is no event; there are sign-up, /);
      const table = await auditCommand(server.database, ['show', '--limit', '3']);
      assert.match(table.stdout, /^NUMBER +TIME +EVENT +BY +WHOSE +FROM +DETAIL\n/);
      assert.equal(table.stdout.split('\n').length, 5);
    });

    test('no row holds what anybody said', async () => {
      const text = JSON.stringify(await chainedRows(server));
      assert.ok(secrets.size > 20);
      for (const word of secrets) {
        assert.ok(!text.includes(word), word);
      }
    });
  });
};

// Most of the time each waits for its chain.
describe('both engines', { concurrency: 2 }, () =>
  ['sqlite', 'postgres'].forEach(rowsOn),
);

describe('sign-in before the address is verified', { skip: SKIP }, () => {
  test('leaves its row too', async (t) => {
    const server = await startAccounts(t, { REQUIRE_EMAIL_VERIFICATION: 'on' });
    const email = newEmail();
    const reader = server.visitor();
    await reader.signUp(email);
    assert.equal((await reader.signIn(email)).status, 403);
    const rows = await chainedRows(server);
    assert.deepEqual(
      rows.map(({ event, detail }) => [event, detail]),
      [
        ['sign-up', ''],
        ['sign-in-failed', 'unverified'],
      ],
    );
  });
});
