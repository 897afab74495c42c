// SPDX-License-Identifier: Apache-2.0
// The admin plugin: every endpoint, by an administrator and by others.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { adminClient } from 'better-auth/client/plugins';

import { PASSWORD, given, newEmail, refused, serve } from '../target.mjs';

const NEW = 'another horse 43';

/** A server, and an administrator made the way the first one is. */
function withAdmin(options = {}) {
  const book = serve({ plugins: ['bearer', 'admin'], ...options }, [adminClient()]);
  before(async () => {
    book.admin = await book.reader({ name: 'Admin' });
    await book.sql('UPDATE "user" SET role = $1 WHERE id = $2', [
      'admin',
      book.admin.user.id,
    ]);
    book.admin.admin = book.admin.client.admin;
  });
  return book;
}

const isSignedIn = async (visitor) =>
  given(await visitor.client.getSession()) !== null;
const trySignIn = (book, email, password = PASSWORD) =>
  book.visitor().client.signIn.email({ email, password });

describe('admin: who may', () => {
  const book = withAdmin();
  const CALLS = {
    'list-users': [
      (admin) => admin.listUsers({ query: {} }),
      'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS',
    ],
    'get-user': [
      (admin, userId) => admin.getUser({ query: { id: userId } }),
      'YOU_ARE_NOT_ALLOWED_TO_GET_USER',
    ],
    'create-user': [
      (admin) =>
        admin.createUser({ email: newEmail(), name: 'x', password: PASSWORD }),
      'YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS',
    ],
    'update-user': [
      (admin, userId) => admin.updateUser({ userId, data: { name: 'x' } }),
      'YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS',
    ],
    'set-role': [
      (admin, userId) => admin.setRole({ userId, role: 'admin' }),
      'YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE',
    ],
    'ban-user': [
      (admin, userId) => admin.banUser({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_BAN_USERS',
    ],
    'unban-user': [
      (admin, userId) => admin.unbanUser({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_BAN_USERS',
    ],
    'list-user-sessions': [
      (admin, userId) => admin.listUserSessions({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS',
    ],
    'revoke-user-session': [
      (admin) => admin.revokeUserSession({ sessionToken: 'x' }),
      'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS',
    ],
    'revoke-user-sessions': [
      (admin, userId) => admin.revokeUserSessions({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS',
    ],
    'impersonate-user': [
      (admin, userId) => admin.impersonateUser({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS',
    ],
    'remove-user': [
      (admin, userId) => admin.removeUser({ userId }),
      'YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS',
    ],
    'set-user-password': [
      (admin, userId) => admin.setUserPassword({ userId, newPassword: NEW }),
      'YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD',
    ],
  };

  for (const [name, [call, code]] of Object.entries(CALLS)) {
    test(`${name} is not for a reader`, async () => {
      const [visitor, other] = [await book.reader(), await book.reader()];
      refused(await call(visitor.client.admin, other.user.id), 403, code);
      assert.equal(await isSignedIn(other), true);
      await book.signIn(other.email);
    });

    test(`${name} is not for a stranger`, async () => {
      const visitor = book.visitor();
      const { error } = await call(visitor.client.admin, 'x');
      assert.equal(error.status, 401);
    });
  }

  test('a reader cannot sign up as administrator', async () => {
    const { error } = await book.visitor().client.signUp.email({
      email: newEmail(),
      name: 'A',
      password: PASSWORD,
      role: 'admin',
    });
    assert.equal(error.status, 400);
    assert.equal(error.code, 'FIELD_NOT_ALLOWED');
  });

  test('a reader cannot become one with update-user', async () => {
    const visitor = await book.reader();
    for (const fields of [{ role: 'admin' }, { banned: true }]) {
      refused(
        await visitor.client.updateUser(fields),
        400,
        'FIELD_NOT_ALLOWED',
      );
    }
    const { user } = given(await visitor.client.getSession());
    assert.equal(user.role, 'user');
  });
});

describe('admin: users', () => {
  const book = withAdmin();
  const create = (fields) =>
    book.admin.admin.createUser({
      email: newEmail(),
      name: 'Made',
      password: PASSWORD,
      ...fields,
    });

  test('a user has role and ban', async () => {
    const { user } = await book.reader();
    assert.equal(user.role, 'user');
    assert.equal(Boolean(user.banned), false);
    assert.equal(user.banReason, null);
    assert.equal(user.banExpires, null);
  });

  test('create-user makes one who can sign in', async () => {
    const email = newEmail();
    const { user } = given(await create({ email, name: 'Made' }));
    assert.equal(user.email, email);
    assert.equal(user.name, 'Made');
    assert.equal(user.role, 'user');
    assert.equal((await book.signIn(email)).user.id, user.id);
  });

  test('create-user signs nobody in', async () => {
    given(await create());
    const { user } = given(await book.admin.client.getSession());
    assert.equal(user.id, book.admin.user.id);
  });

  test('create-user takes roles', async () => {
    assert.equal(given(await create({ role: 'admin' })).user.role, 'admin');
    const both = given(await create({ role: ['user', 'admin'] }));
    assert.equal(both.user.role, 'user,admin');
  });

  test('create-user takes further data', async () => {
    const data = { image: 'https://x.example/i.png', emailVerified: true };
    const { user } = given(await create({ data }));
    assert.equal(user.image, data.image);
    assert.equal(user.emailVerified, true);
  });

  test('create-user without a password', async () => {
    const email = newEmail();
    given(await create({ email, password: undefined }));
    refused(await trySignIn(book, email), 401, 'INVALID_EMAIL_OR_PASSWORD');
  });

  test('create-user refuses an address that is taken', async () => {
    const { email } = await book.reader();
    refused(
      await create({ email: email.toUpperCase() }),
      400,
      'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    );
  });

  test('create-user refuses something that is no address', async () => {
    refused(await create({ email: 'nobody' }), 400, 'INVALID_EMAIL');
  });

  test('create-user needs a name and an address', async () => {
    const answer = await book.admin.post('/admin/create-user', {});
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
    assert.match(answer.json.message, /\[body\.email\].*\[body\.name\]/);
  });

  test('get-user shows one', async () => {
    const { user } = await book.reader({ name: 'Seen' });
    const query = { id: user.id };
    const seen = given(await book.admin.admin.getUser({ query }));
    assert.equal(seen.id, user.id);
    assert.equal(seen.name, 'Seen');
    assert.equal(seen.role, 'user');
    assert.equal('password' in seen, false);
  });

  test('get-user does not know everybody', async () => {
    const query = { id: 'nobody' };
    refused(await book.admin.admin.getUser({ query }), 404, 'USER_NOT_FOUND');
    const answer = await book.admin.get('/admin/get-user');
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, 'VALIDATION_ERROR');
  });

  test('update-user changes one', async () => {
    const reader = await book.reader();
    const data = { name: 'Changed', image: 'https://x.example/' };
    const user = given(
      await book.admin.admin.updateUser({ userId: reader.user.id, data }),
    );
    assert.equal(user.name, 'Changed');
    assert.equal(user.image, data.image);
    const seen = given(await reader.client.getSession());
    assert.equal(seen.user.name, 'Changed');
  });

  test('update-user changes the address', async () => {
    const reader = await book.reader();
    const email = newEmail('Moved');
    const userId = reader.user.id;
    const data = { email, emailVerified: true };
    const user = given(await book.admin.admin.updateUser({ userId, data }));
    assert.equal(user.email, email.toLowerCase());
    assert.equal(user.emailVerified, true);
    await book.signIn(email);
  });

  test('update-user refuses an address that is taken', async () => {
    const [one, two] = [await book.reader(), await book.reader()];
    refused(
      await book.admin.admin.updateUser({
        userId: one.user.id,
        data: { email: two.email },
      }),
      400,
      'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    );
  });

  test('update-user refuses nothing, a password, and nobody', async () => {
    const { user } = await book.reader();
    const update = (userId, data) =>
      book.admin.admin.updateUser({ userId, data });
    refused(await update(user.id, {}), 400, 'NO_DATA_TO_UPDATE');
    refused(
      await update(user.id, { password: NEW }),
      400,
      'PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER',
    );
    refused(await update('nobody', { name: 'x' }), 404, 'USER_NOT_FOUND');
  });

  test('set-role gives and takes the office', async () => {
    const reader = await book.reader();
    const userId = reader.user.id;
    const { user } = given(
      await book.admin.admin.setRole({ userId, role: 'admin' }),
    );
    assert.equal(user.role, 'admin');
    given(await reader.client.admin.listUsers({ query: {} }));
    given(await book.admin.admin.setRole({ userId, role: 'user' }));
    const { error } = await reader.client.admin.listUsers({ query: {} });
    assert.equal(error.status, 403);
  });

  test('set-role takes several', async () => {
    const { user } = await book.reader();
    const role = ['user', 'admin'];
    const data = given(
      await book.admin.admin.setRole({ userId: user.id, role }),
    );
    assert.equal(data.user.role, 'user,admin');
  });

  test('set-role does not know everybody', async () => {
    refused(
      await book.admin.admin.setRole({ userId: 'nobody', role: 'user' }),
      404,
      'USER_NOT_FOUND',
    );
  });

  test('remove-user takes everything', async () => {
    const reader = await book.reader();
    const userId = reader.user.id;
    assert.deepEqual(given(await book.admin.admin.removeUser({ userId })), {
      success: true,
    });
    assert.equal(await isSignedIn(reader), false);
    const rows = await book.sql('SELECT 1 FROM account WHERE "userId" = $1', [
      userId,
    ]);
    assert.deepEqual(rows, []);
    refused(
      await trySignIn(book, reader.email),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('remove-user refuses oneself, and nobody', async () => {
    const remove = (userId) => book.admin.admin.removeUser({ userId });
    refused(
      await remove(book.admin.user.id),
      400,
      'YOU_CANNOT_REMOVE_YOURSELF',
    );
    refused(await remove('nobody'), 404, 'USER_NOT_FOUND');
  });

  test('set-user-password sets it', async () => {
    const { email, user } = await book.reader();
    assert.deepEqual(
      given(
        await book.admin.admin.setUserPassword({
          userId: user.id,
          newPassword: NEW,
        }),
      ),
      { status: true },
    );
    await book.signIn(email, NEW);
    refused(await trySignIn(book, email), 401, 'INVALID_EMAIL_OR_PASSWORD');
  });

  test('set-user-password gives one to who has none', async () => {
    const email = newEmail();
    const { user } = given(await create({ email, password: undefined }));
    const fields = { userId: user.id, newPassword: NEW };
    given(await book.admin.admin.setUserPassword(fields));
    await book.signIn(email, NEW);
  });

  test('set-user-password minds its length', async () => {
    const { user } = await book.reader();
    const set = (newPassword, userId = user.id) =>
      book.admin.admin.setUserPassword({ userId, newPassword });
    refused(await set('1234567'), 400, 'PASSWORD_TOO_SHORT');
    refused(await set('a'.repeat(129)), 400, 'PASSWORD_TOO_LONG');
    refused(await set(''), 400, 'VALIDATION_ERROR');
    refused(await set(NEW, 'nobody'), 404, 'USER_NOT_FOUND');
  });

  test('has-permission answers for an administrator and a reader', async () => {
    const permissions = { user: ['ban', 'delete'] };
    const ask = async (visitor) =>
      given(await visitor.client.admin.hasPermission({ permissions }));
    assert.deepEqual(await ask(book.admin), { error: null, success: true });
    assert.deepEqual(await ask(await book.reader()), {
      error: null,
      success: false,
    });
  });

  test('has-permission of something nobody has', async () => {
    const permissions = { user: ['fly'] };
    const answer = await book.admin.admin.hasPermission({ permissions });
    assert.equal(given(answer).success, false);
  });
});

describe('admin: lists of users', () => {
  const book = withAdmin();
  const NAMES = ['Anna', 'Bert', 'Carl', 'Dora', 'Emil'];
  before(async () => {
    for (const name of NAMES) {
      await book.reader({ name, email: newEmail(`list-${name}`) });
    }
  });
  const list = async (query) =>
    given(await book.admin.admin.listUsers({ query }));
  const names = ({ users }) => users.map(({ name }) => name);

  test('shows all, and how many there are', async () => {
    const data = await list({});
    assert.equal(data.total, 6);
    assert.deepEqual(names(data).sort(), ['Admin', ...NAMES]);
    assert.ok(data.users[0].createdAt instanceof Date);
    assert.equal(JSON.stringify(data).includes('password'), false);
  });

  test('sorts up and down', async () => {
    const up = await list({ sortBy: 'name', sortDirection: 'asc' });
    assert.deepEqual(names(up), ['Admin', ...NAMES]);
    const down = await list({ sortBy: 'name', sortDirection: 'desc' });
    assert.deepEqual(names(down), ['Admin', ...NAMES].reverse());
  });

  test('gives a page, and says which', async () => {
    const query = { sortBy: 'name', limit: 2, offset: 2 };
    const data = await list(query);
    assert.deepEqual(names(data), ['Bert', 'Carl']);
    assert.equal(data.total, 6);
    assert.equal(data.limit, 2);
    assert.equal(data.offset, 2);
  });

  test('gives an empty page past the end', async () => {
    const data = await list({ limit: 2, offset: 100 });
    assert.deepEqual(data.users, []);
    assert.equal(data.total, 6);
  });

  const SEARCHES = [
    [{ searchField: 'name', searchValue: 'er' }, ['Bert']],
    [{ searchField: 'name', searchOperator: 'starts_with', searchValue: 'C' }, ['Carl']],
    [{ searchField: 'name', searchOperator: 'ends_with', searchValue: 'a' }, ['Anna', 'Dora']],
    [{ searchValue: 'list-emil' }, ['Emil']],
    [{ searchField: 'name', searchValue: 'zz' }, []],
    [{ filterField: 'role', filterValue: 'admin' }, ['Admin']],
    [{ filterField: 'name', filterOperator: 'ne', filterValue: 'Admin' }, NAMES],
    [{ filterField: 'name', filterOperator: 'in', filterValue: ['Anna', 'Emil'] }, ['Anna', 'Emil']],
    [{ filterField: 'name', filterOperator: 'gt', filterValue: 'Carl' }, ['Dora', 'Emil']],
    [{ filterField: 'name', filterOperator: 'lte', filterValue: 'Anna' }, ['Admin', 'Anna']],
    [{ filterField: 'name', filterOperator: 'contains', filterValue: 'or' }, ['Dora']],
  ];
  for (const [query, expected] of SEARCHES) {
    test(`finds ${new URLSearchParams(query)}`, async () => {
      const data = await list({ ...query, sortBy: 'name' });
      assert.deepEqual(names(data), expected);
      assert.equal(data.total, expected.length);
    });
  }

  test('refuses another operator', async () => {
    for (const query of ['searchOperator=like', 'sortDirection=up', 'searchField=id']) {
      const answer = await book.admin.get(`/admin/list-users?${query}`);
      assert.equal(answer.status, 400, query);
      assert.equal(answer.json.code, 'VALIDATION_ERROR');
    }
  });

  test('a quote in a search is only a quote', async () => {
    for (const searchValue of [`' OR '1'='1`, `"; DROP TABLE "user"; --`, '\\']) {
      assert.deepEqual((await list({ searchValue })).users, [], searchValue);
    }
    assert.equal((await list({})).total, 6);
  });
});

describe('admin: bans', () => {
  const book = withAdmin();
  const ban = (reader, fields = {}) =>
    book.admin.admin.banUser({ userId: reader.user.id, ...fields });

  test('ban-user ends the sessions and bars the door', async () => {
    const reader = await book.reader();
    const { user } = given(await ban(reader, { banReason: 'spam' }));
    assert.equal(user.banned, true);
    assert.equal(user.banReason, 'spam');
    assert.equal(user.banExpires, null);
    assert.equal(await isSignedIn(reader), false);
    refused(await trySignIn(book, reader.email), 403, 'BANNED_USER');
  });

  test('a ban without a reason has one', async () => {
    const { user } = given(await ban(await book.reader()));
    assert.equal(user.banReason, 'No reason');
  });

  test('with a wrong password nobody learns of a ban', async () => {
    const reader = await book.reader();
    given(await ban(reader));
    refused(
      await trySignIn(book, reader.email, NEW),
      401,
      'INVALID_EMAIL_OR_PASSWORD',
    );
  });

  test('unban-user opens the door again', async () => {
    const reader = await book.reader();
    given(await ban(reader));
    const { user } = given(
      await book.admin.admin.unbanUser({ userId: reader.user.id }),
    );
    assert.equal(Boolean(user.banned), false);
    assert.equal(user.banReason, null);
    assert.equal(user.banExpires, null);
    await book.signIn(reader.email);
  });

  test('a ban ends by itself', async () => {
    const reader = await book.reader();
    const { user } = given(await ban(reader, { banExpiresIn: 3600 }));
    const left = user.banExpires.getTime() - Date.now();
    assert.ok(Math.abs(left - 3_600_000) < 10_000, `${left} ms`);
    refused(await trySignIn(book, reader.email), 403, 'BANNED_USER');
    await book.sql('UPDATE "user" SET "banExpires" = $1 WHERE id = $2', [
      new Date(Date.now() - 1000).toISOString(),
      user.id,
    ]);
    const visitor = await book.signIn(reader.email);
    const seen = given(await visitor.client.getSession());
    assert.equal(Boolean(seen.user.banned), false);
    assert.equal(seen.user.banReason, null);
  });

  test('nobody bans himself, or nobody', async () => {
    refused(await ban(book.admin), 400, 'YOU_CANNOT_BAN_YOURSELF');
    const nobody = { user: { id: 'nobody' } };
    refused(await ban(nobody), 404, 'USER_NOT_FOUND');
    refused(
      await book.admin.admin.unbanUser({ userId: 'nobody' }),
      404,
      'USER_NOT_FOUND',
    );
  });
});

describe('admin: sessions', () => {
  const book = withAdmin();

  test('list-user-sessions shows them', async () => {
    const reader = await book.reader();
    const other = await book.signIn(reader.email);
    const { sessions } = given(
      await book.admin.admin.listUserSessions({ userId: reader.user.id }),
    );
    assert.deepEqual(
      sessions.map(({ token }) => token).sort(),
      [reader.token, other.token].sort(),
    );
    assert.equal(sessions[0].impersonatedBy, null);
  });

  test('list-user-sessions of nobody is empty', async () => {
    const data = await book.admin.admin.listUserSessions({ userId: 'nobody' });
    assert.deepEqual(given(data), { sessions: [] });
  });

  test('revoke-user-session ends one', async () => {
    const reader = await book.reader();
    const other = await book.signIn(reader.email);
    const answer = await book.admin.admin.revokeUserSession({
      sessionToken: reader.token,
    });
    assert.deepEqual(given(answer), { success: true });
    assert.equal(await isSignedIn(reader), false);
    assert.equal(await isSignedIn(other), true);
  });

  test('revoke-user-sessions ends all', async () => {
    const reader = await book.reader();
    const other = await book.signIn(reader.email);
    const userId = reader.user.id;
    const answer = await book.admin.admin.revokeUserSessions({ userId });
    assert.deepEqual(given(answer), { success: true });
    assert.equal(await isSignedIn(reader), false);
    assert.equal(await isSignedIn(other), false);
  });
});

describe('admin: acting as somebody', () => {
  const book = withAdmin();

  /** The administrator in a browser of his own, acting as the reader. */
  async function impersonate(reader) {
    const visitor = await book.signIn(book.admin.email);
    const userId = reader.user.id;
    const data = given(await visitor.client.admin.impersonateUser({ userId }));
    return Object.assign(visitor, { acting: data });
  }

  test('is a session of that reader, for an hour', async () => {
    const reader = await book.reader();
    const visitor = await impersonate(reader);
    const { session, user } = visitor.acting;
    assert.equal(user.id, reader.user.id);
    assert.equal(session.impersonatedBy, book.admin.user.id);
    const left = session.expiresAt.getTime() - Date.now();
    assert.ok(Math.abs(left - 3_600_000) < 10_000, `${left} ms`);
    const seen = given(await visitor.client.getSession());
    assert.equal(seen.user.id, reader.user.id);
    assert.equal(seen.session.impersonatedBy, book.admin.user.id);
  });

  test('has cookies that end with the browser', async () => {
    const visitor = await impersonate(await book.reader());
    const { attributes } = visitor.jar.find('session_token');
    assert.equal('max-age' in attributes, false);
    assert.notEqual(visitor.jar.get('admin_session'), undefined);
    assert.notEqual(visitor.jar.get('dont_remember'), undefined);
  });

  test('is not shown to the reader', async () => {
    const reader = await book.reader();
    await impersonate(reader);
    const sessions = given(await reader.client.listSessions());
    assert.deepEqual(
      sessions.map(({ token }) => token),
      [reader.token],
    );
  });

  test('ends in the session there was before', async () => {
    const visitor = await impersonate(await book.reader());
    const acting = book.visitor({ like: visitor });
    const data = given(await visitor.client.admin.stopImpersonating());
    assert.equal(data.user.id, book.admin.user.id);
    const seen = given(await visitor.client.getSession());
    assert.equal(seen.user.id, book.admin.user.id);
    assert.equal(visitor.jar.get('admin_session'), undefined);
    assert.equal(await isSignedIn(acting), false);
  });

  test('does not give the office', async () => {
    const visitor = await impersonate(await book.reader());
    const { error } = await visitor.client.admin.listUsers({ query: {} });
    assert.equal(error.status, 403);
  });

  test('is not extended by being used', async () => {
    const visitor = await impersonate(await book.reader());
    const { session } = visitor.acting;
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await book.sql('UPDATE session SET "expiresAt" = $1 WHERE token = $2', [
      expiresAt,
      session.token,
    ]);
    const seen = given(await visitor.client.getSession());
    assert.equal(seen.session.expiresAt.toISOString(), expiresAt);
  });

  test('is not for administrators, or nobody', async () => {
    const other = await book.reader();
    const userId = other.user.id;
    given(await book.admin.admin.setRole({ userId, role: 'admin' }));
    refused(
      await book.admin.admin.impersonateUser({ userId }),
      403,
      'YOU_CANNOT_IMPERSONATE_ADMINS',
    );
    refused(
      await book.admin.admin.impersonateUser({ userId: 'nobody' }),
      404,
      'USER_NOT_FOUND',
    );
  });

  test('who acts as nobody cannot stop', async () => {
    const visitor = await book.reader();
    const { error } = await visitor.client.admin.stopImpersonating();
    assert.equal(error.status, 400);
    assert.equal(error.message, 'You are not impersonating anyone');
    const stranger = await book.visitor().client.admin.stopImpersonating();
    assert.equal(stranger.error.status, 401);
  });
});

describe('admin: other settings', () => {
  const book = withAdmin({
    plugins: [
      [
        'admin',
        { defaultRole: 'reader', impersonationSessionDuration: 120 },
      ],
    ],
  });

  test('whoever signs up has the role that is set', async () => {
    assert.equal((await book.reader()).user.role, 'reader');
  });

  test('impersonation lasts as long as is set', async () => {
    const reader = await book.reader();
    const visitor = await book.signIn(book.admin.email);
    const userId = reader.user.id;
    const { session } = given(
      await visitor.client.admin.impersonateUser({ userId }),
    );
    const left = session.expiresAt.getTime() - Date.now();
    assert.ok(Math.abs(left - 120_000) < 10_000, `${left} ms`);
  });
});
