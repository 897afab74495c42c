// SPDX-License-Identifier: Apache-2.0
// The admin plugin against whoever wants more of it than is theirs.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { adminClient } from 'better-auth/client/plugins';

import { PASSWORD, TARGET, given, newEmail, serve } from '../target.mjs';

const OURS_ALONE = { skip: TARGET === 'ours' ? false : 'the original differs' };

/** A server with an administrator, and a word for calls by anybody. */
function withAdmin(options = {}) {
  const book = serve({ plugins: ['bearer', 'admin'], ...options }, [adminClient()]);
  book.appoint = (visitor, role = 'admin') =>
    book.sql('UPDATE "user" SET role = $1 WHERE id = $2', [role, visitor.user.id]);
  before(async () => {
    book.admin = await book.reader({ name: 'Admin' });
    await book.appoint(book.admin);
  });
  return book;
}

const list = (visitor, query) =>
  visitor.get(`/admin/list-users?${new URLSearchParams(query)}`);

async function refusedWith(answer, status, code) {
  const { status: got, text } = await answer;
  assert.equal(got, status, text);
  if (code !== undefined) {
    assert.equal(JSON.parse(text).code, code);
  }
}

describe('admin, hostile: lists', () => {
  const book = withAdmin();
  const everybody = async () => (await list(book.admin, {})).json.total;

  const SQL = [
    'name"; DROP TABLE "user"; --',
    'name" DESC, (SELECT password FROM account LIMIT 1) --',
    'account.password',
    '{account.password}',
    '$1',
    '__proto__',
    'constructor',
    'a'.repeat(5000),
  ];
  for (const field of SQL) {
    test(`a field is a column's name or nothing: ${field.slice(0, 40)}`, async () => {
      for (const query of [
        { sortBy: field },
        { filterField: field, filterValue: 'x' },
      ]) {
        const answer = await list(book.admin, query);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.json, { users: [], total: 0 });
      }
      assert.equal(await everybody(), 1);
    });
  }

  test('a value is a value', async () => {
    for (const filterValue of [`' OR 1=1 --`, '$1', '\\', '{user.*}', '']) {
      const query = { filterField: 'name', filterValue };
      const answer = await list(book.admin, query);
      assert.deepEqual(answer.json, { users: [], total: 0 }, filterValue);
    }
  });

  test('a limit is a number that the database can take', async () => {
    for (const limit of ['9007199254740991', '100000000']) {
      const answer = await list(book.admin, { limit });
      assert.equal(answer.status, 200, limit);
      assert.equal(answer.json.users.length, 1);
      assert.equal(answer.json.limit, Number(limit));
    }
    for (const limit of ['1e400', 'NaN', 'Infinity', '-0', "1' OR '1", '0x']) {
      const answer = await list(book.admin, { limit });
      assert.equal(answer.status, 200, limit);
    }
    for (const query of [{ limit: '-9007199254740991' }, { offset: '-1' }]) {
      const answer = await list(book.admin, query);
      assert.equal(answer.status, 200, answer.text);
    }
  });

  test('as many values as a query holds', async () => {
    const values = Array.from({ length: 60 }, (_, i) => ['filterValue', `v${i}`]);
    const query = [['filterField', 'name'], ['filterOperator', 'in'], ...values];
    const answer = await list(book.admin, query);
    assert.deepEqual(answer.json, { users: [], total: 0 });
  });

  test('more than that is refused', OURS_ALONE, async () => {
    const values = Array.from({ length: 500 }, (_, i) => ['filterValue', `v${i}`]);
    const answer = await list(book.admin, values);
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
  });

  test('no password is shown, whatever is asked', async () => {
    for (const query of [{}, { sortBy: 'id' }, { filterField: 'id', filterValue: '' }]) {
      const { text } = await list(book.admin, query);
      assert.doesNotMatch(text, /password|[0-9a-f]{32}:[0-9a-f]{64}/);
    }
  });
});

describe('admin, hostile: fields that nobody sees', () => {
  const book = withAdmin({
    user: {
      additionalFields: {
        secret: { type: 'string', required: false, returned: false },
      },
    },
  });

  test('cannot be guessed by a filter or an order', OURS_ALONE, async () => {
    await book.reader({ secret: 'swordfish' });
    for (const query of [
      { filterField: 'secret', filterOperator: 'starts_with', filterValue: 's' },
      { sortBy: 'secret' },
    ]) {
      const answer = await list(book.admin, query);
      assert.deepEqual(answer.json, { users: [], total: 0 });
    }
    const { text } = await list(book.admin, {});
    assert.equal(text.includes('swordfish'), false);
  });
});

describe('admin, hostile: roles', () => {
  const book = withAdmin();

  for (const role of ['administrator', 'Admin', ' admin', 'user, admin', 'admin;', '']) {
    test(`"${role}" is no administrator`, async () => {
      const reader = await book.reader();
      await book.appoint(reader, role);
      await refusedWith(list(reader, {}), 403, 'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS');
    });
  }

  test('an office that was taken away is gone at the next request', async () => {
    const reader = await book.reader();
    const userId = reader.user.id;
    await book.appoint(reader);
    assert.equal((await list(reader, {})).status, 200);
    given(await book.admin.client.admin.setRole({ userId, role: 'user' }));
    await refusedWith(list(reader, {}), 403);
    const bearer = book.visitor({
      headers: { authorization: `Bearer ${reader.token}` },
    });
    await refusedWith(list(bearer, {}), 403);
  });

  test('a hundred roles', async () => {
    const { user } = await book.reader();
    const role = Array.from({ length: 100 }, (_, i) => `r${i}`);
    const body = { userId: user.id, role };
    const answer = await book.admin.post('/admin/set-role', body);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.user.role, role.join(','));
  });

  test('a role without end is refused', OURS_ALONE, async () => {
    const { user } = await book.reader();
    for (const role of ['r'.repeat(2000), Array(2000).fill('r')]) {
      const body = { userId: user.id, role };
      await refusedWith(
        book.admin.post('/admin/set-role', body),
        400,
        'VALIDATION_ERROR',
      );
    }
  });

  test('roles of another kind', async () => {
    const { user } = await book.reader();
    for (const role of [5, true, null, {}, [5], [null], [['admin']]]) {
      const body = { userId: user.id, role };
      await refusedWith(
        book.admin.post('/admin/set-role', body),
        400,
        'VALIDATION_ERROR',
      );
      await refusedWith(
        book.admin.post('/admin/update-user', {
          userId: user.id,
          data: { role },
        }),
        400,
        'INVALID_ROLE_TYPE',
      );
    }
  });
});

describe('admin, hostile: users', () => {
  const book = withAdmin();
  const update = (userId, data) =>
    book.admin.post('/admin/update-user', { userId, data });

  test('nobody bans himself by update-user', async () => {
    await refusedWith(
      update(book.admin.user.id, { banned: true }),
      400,
      'YOU_CANNOT_BAN_YOURSELF',
    );
    assert.equal((await list(book.admin, {})).status, 200);
  });

  test('a ban by update-user ends the sessions', async () => {
    const reader = await book.reader();
    assert.equal((await update(reader.user.id, { banned: true })).status, 200);
    assert.equal(given(await reader.client.getSession()), null);
    await refusedWith(
      reader.post('/sign-in/email', { email: reader.email, password: PASSWORD }),
      403,
      'BANNED_USER',
    );
  });

  test('a ban has an end that a date can say', OURS_ALONE, async () => {
    const reader = await book.reader();
    for (const banExpiresIn of [1e300, -1e300, 9e15]) {
      const body = { userId: reader.user.id, banExpiresIn };
      const answer = await book.admin.post('/admin/ban-user', body);
      assert.equal(answer.status, 400, answer.text);
    }
    assert.notEqual(given(await reader.client.getSession()), null);
  });

  test('columns of another kind', OURS_ALONE, async () => {
    const { user } = await book.reader();
    const wrong = [
      { name: 5 },
      { name: null },
      { emailVerified: 'yes' },
      { banned: 'true' },
      { banExpires: 'tomorrow' },
      { createdAt: {} },
      { image: 'javascript:alert(1)' },
      { email: 5 },
      { email: ['a@b.co'] },
      { id: 'mine' },
    ];
    for (const data of wrong) {
      const answer = await update(user.id, data);
      assert.equal(answer.status, 400, JSON.stringify(data));
    }
    const query = { id: user.id };
    const seen = given(await book.admin.client.admin.getUser({ query }));
    assert.equal(seen.name, 'A Reader');
    assert.equal(seen.emailVerified, false);
  });

  test('ids of any shape are nobody', async () => {
    for (const userId of [5, null, true, {}, ['x'], `' OR '1'='1`, '%', '\u0001']) {
      const body = { userId };
      await refusedWith(
        book.admin.post('/admin/remove-user', body),
        404,
        'USER_NOT_FOUND',
      );
    }
    assert.equal((await list(book.admin, {})).status, 200);
  });

  test('nobody sets the password of who may not', async () => {
    const [one, two] = [await book.reader(), await book.reader()];
    const body = { userId: two.user.id, newPassword: 'another horse 43' };
    await refusedWith(one.post('/admin/set-user-password', body), 403);
    await book.signIn(two.email);
  });

  test('two at once make one user', async () => {
    const body = { email: newEmail(), name: 'Twice', password: PASSWORD };
    const answers = await Promise.all([
      book.admin.post('/admin/create-user', body),
      book.admin.post('/admin/create-user', body),
    ]);
    const good = answers.filter(({ status }) => status === 200);
    assert.equal(good.length, 1, answers.map(({ text }) => text).join());
  });
});

describe('admin, hostile: acting as somebody', () => {
  const book = withAdmin();
  const act = (visitor, userId) =>
    visitor.post('/admin/impersonate-user', { userId });
  const stop = (visitor) => visitor.post('/admin/stop-impersonating', {});

  async function acting() {
    const reader = await book.reader();
    const visitor = await book.signIn(book.admin.email);
    assert.equal((await act(visitor, reader.user.id)).status, 200);
    return { reader, visitor };
  }

  const cookieName = (visitor) =>
    visitor.jar.find('session_token').name.replace('session_token', 'admin_session');

  test('leads to nobody else', async () => {
    const { visitor } = await acting();
    const other = await book.reader();
    await refusedWith(
      act(visitor, other.user.id),
      403,
      'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS',
    );
  });

  test('not even when the reader becomes an administrator', OURS_ALONE, async () => {
    const { reader, visitor } = await acting();
    const other = await book.reader();
    await book.appoint(reader);
    await refusedWith(
      act(visitor, other.user.id),
      403,
      'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS',
    );
  });

  test('the way back is signed', OURS_ALONE, async () => {
    const { visitor } = await acting();
    for (const value of [book.admin.token, `${book.admin.token}:`, '', 'x.y', ':']) {
      visitor.jar.set(cookieName(visitor), value);
      await refusedWith(stop(visitor), 400);
    }
  });

  test('the way back is the same administrator', OURS_ALONE, async () => {
    const [one, two] = [await acting(), await acting()];
    const second = await book.reader();
    await book.appoint(second);
    const reader = await book.reader();
    assert.equal((await act(second, reader.user.id)).status, 200);
    one.visitor.jar.set(
      cookieName(one.visitor),
      second.jar.get('admin_session'),
    );
    await refusedWith(stop(one.visitor), 400);
    two.visitor.jar.set(
      cookieName(two.visitor),
      two.visitor.jar.get('session_token'),
    );
    await refusedWith(stop(two.visitor), 400);
  });

  test('the way back ends with the session it leads to', OURS_ALONE, async () => {
    const reader = await book.reader();
    const second = await book.reader();
    await book.appoint(second);
    assert.equal((await act(second, reader.user.id)).status, 200);
    const userId = second.user.id;
    given(await book.admin.client.admin.banUser({ userId }));
    await refusedWith(stop(second), 400);
  });

  test('ends with the ban of who is acted as', async () => {
    const { reader, visitor } = await acting();
    const userId = reader.user.id;
    given(await book.admin.client.admin.banUser({ userId }));
    assert.equal(given(await visitor.client.getSession()), null);
    await refusedWith(act(book.admin, userId), 403, 'BANNED_USER');
  });

  test('is not a secret kept by the reader', async () => {
    const { reader, visitor } = await acting();
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.id, reader.user.id);
    const { sessions } = given(
      await book.admin.client.admin.listUserSessions({ userId: user.id }),
    );
    assert.deepEqual(
      sessions.map(({ impersonatedBy }) => impersonatedBy).sort(),
      [book.admin.user.id, null].sort(),
    );
  });
});

for (const generateId of ['serial', 'uuid']) {
  describe(`admin: ids are ${generateId}`, () => {
    const book = withAdmin({ advanced: { database: { generateId } } });

    test('nobody has an id of another kind', OURS_ALONE, async () => {
      const post = (path, body) => book.admin.post(`/admin/${path}`, body);
      for (const userId of ['nobody', '1e3', '-1', '99999999999999999999']) {
        await refusedWith(post('set-role', { userId, role: 'user' }), 404);
        await refusedWith(post('ban-user', { userId }), 404);
        await refusedWith(post('remove-user', { userId }), 404);
        await refusedWith(post('impersonate-user', { userId }), 404);
        const answer = await post('list-user-sessions', { userId });
        assert.deepEqual(answer.json, { sessions: [] });
      }
    });

    test('a user is found by the id', async () => {
      const { user } = await book.reader();
      const query = { filterField: 'id', filterValue: user.id };
      const answer = await list(book.admin, query);
      assert.deepEqual(answer.json.users.map(({ id }) => id), [user.id]);
    });

    test('a user is made, acted as and removed', async () => {
      const { user } = given(
        await book.admin.client.admin.createUser({
          email: newEmail(),
          name: 'Made',
          password: PASSWORD,
        }),
      );
      const userId = user.id;
      await book.signIn(user.email);
      const visitor = await book.signIn(book.admin.email);
      const acting = given(
        await visitor.client.admin.impersonateUser({ userId }),
      );
      assert.equal(acting.session.impersonatedBy, book.admin.user.id);
      const back = given(await visitor.client.admin.stopImpersonating());
      assert.equal(back.user.id, book.admin.user.id);
      given(await book.admin.client.admin.removeUser({ userId }));
    });
  });
}

describe('admin: by name', () => {
  const book = serve(
    { plugins: [['admin', { adminUserIds: ['the-one'] }]] },
    [adminClient()],
  );
  let one;
  before(async () => {
    one = await book.reader();
    await book.sql('DELETE FROM session WHERE "userId" = $1', [one.user.id]);
    await book.sql('DELETE FROM account WHERE "userId" = $1', [one.user.id]);
    await book.sql('UPDATE "user" SET id = $1 WHERE id = $2', [
      'the-one',
      one.user.id,
    ]);
  });

  test('an administrator by name cannot be acted as', async () => {
    const admin = await book.reader();
    await book.sql('UPDATE "user" SET role = $1 WHERE id = $2', [
      'admin',
      admin.user.id,
    ]);
    await refusedWith(
      admin.post('/admin/impersonate-user', { userId: 'the-one' }),
      403,
      'YOU_CANNOT_IMPERSONATE_ADMINS',
    );
  });
});
