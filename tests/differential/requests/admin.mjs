// SPDX-License-Identifier: Apache-2.0
// The admin plugin: every endpoint, who may call it, and what it refuses.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const low = (text) => text.toLowerCase();

/** Signs up, and makes an administrator of whoever it is. */
async function administrator(s, who = 'Root') {
  const root = await s.signUp(who);
  await s.sql('update "user" set role = ? where email = ?', [
    'admin',
    low(s.mailOf(who)),
  ]);
  return root.cookie;
}

const POSTS = {
  '/admin/set-role': { userId: 'x', role: 'user' },
  '/admin/create-user': {
    email: 'made@example.com',
    name: 'Made',
    password: PASSWORD,
  },
  '/admin/update-user': { userId: 'x', data: { name: 'x' } },
  '/admin/list-user-sessions': { userId: 'x' },
  '/admin/ban-user': { userId: 'x' },
  '/admin/unban-user': { userId: 'x' },
  '/admin/impersonate-user': { userId: 'x' },
  '/admin/revoke-user-session': { sessionToken: 'x' },
  '/admin/revoke-user-sessions': { userId: 'x' },
  '/admin/remove-user': { userId: 'x' },
  '/admin/set-user-password': { userId: 'x', newPassword: PASSWORD },
  '/admin/stop-impersonating': {},
  '/admin/has-permission': { permissions: { user: ['list'] } },
};
const GETS = ['/admin/list-users', '/admin/get-user?id=x'];

/** No session, no rights, no such user, no body: at every endpoint. */
async function guards(s) {
  const root = await administrator(s);
  const { cookie } = await s.signUp('Alice');
  for (const [path, body] of Object.entries(POSTS)) {
    await s.post(`${path} nobody`, path, body);
    await s.post(`${path} a user`, path, body, { cookie });
    await s.post(`${path} empty, nobody`, path, {});
    await s.post(`${path} empty, a user`, path, {}, { cookie });
    await s.post(`${path} empty`, path, {}, { cookie: root });
    await s.post(`${path} an array`, path, [], { cookie: root });
    await s.post(`${path} no Origin`, path, body, {
      cookie: root,
      origin: null,
    });
    if (path !== '/admin/create-user') {
      await s.post(`${path} unknown`, path, body, { cookie: root });
    }
    await s.get(`GET ${path}`, path, { cookie: root });
  }
  for (const path of GETS) {
    await s.get(`${path} nobody`, path);
    await s.get(`${path} a user`, path, { cookie });
  }
  await s.get('get-user, unknown', '/admin/get-user?id=x', { cookie: root });
  await s.get('get-user, no id', '/admin/get-user', { cookie: root });
  await s.get('get-user, two ids', '/admin/get-user?id=a&id=b', {
    cookie: root,
  });
}

const QUERIES = [
  '',
  'limit=2',
  'limit=2&offset=1',
  'limit=0',
  'limit=-1',
  'limit=x',
  'limit=1.5',
  'limit=99999999999',
  'limit=1&limit=2',
  'offset=100',
  'offset=-1',
  'offset=x&limit=2',
  'searchValue=ali&searchField=email&searchOperator=contains',
  'searchValue=ALI&searchField=email&searchOperator=contains',
  'searchValue=bob&searchField=name&searchOperator=starts_with',
  'searchValue=Bob&searchField=name&searchOperator=starts_with',
  'searchValue=.com&searchField=email&searchOperator=ends_with',
  'searchValue=alice',
  'searchValue=Alice&searchField=name',
  'searchValue=%25&searchField=email&searchOperator=contains',
  'searchValue=_&searchField=email&searchOperator=contains',
  'searchValue=&searchField=email',
  'searchValue=a&searchField=password',
  'searchValue=a&searchOperator=equals',
  'sortBy=email',
  'sortBy=email&sortDirection=desc',
  'sortBy=name&sortDirection=asc',
  'sortBy=createdAt&sortDirection=desc',
  'sortBy=password',
  'sortBy=email;drop',
  'sortDirection=desc',
  'sortBy=email&sortDirection=up',
  'filterField=role&filterValue=admin',
  'filterField=role&filterValue=admin&filterOperator=eq',
  'filterField=role&filterValue=admin&filterOperator=ne',
  'filterField=name&filterValue=Alice&filterOperator=eq',
  'filterField=name&filterValue=Alice&filterOperator=contains',
  'filterField=name&filterValue=A&filterOperator=starts_with',
  'filterField=name&filterValue=b&filterOperator=ends_with',
  'filterField=name&filterValue=Bob&filterOperator=lt',
  'filterField=name&filterValue=Bob&filterOperator=lte',
  'filterField=name&filterValue=Bob&filterOperator=gt',
  'filterField=name&filterValue=Bob&filterOperator=gte',
  'filterField=name&filterValue=Bob&filterValue=Alice&filterOperator=in',
  'filterField=name&filterValue=Bob&filterOperator=in',
  'filterField=name&filterValue=Bob&filterValue=Alice&filterOperator=not_in',
  'filterField=name&filterOperator=eq',
  'filterField=name&filterValue=x&filterOperator=like',
  'filterField=nowhere&filterValue=x',
  'filterField=emailVerified&filterValue=true',
  'filterField=banned&filterValue=false',
  'filterValue=x',
  'unknown=1',
];

async function lists(s) {
  const cookie = await administrator(s);
  await s.signUp('Alice', { image: 'i' });
  await s.signUp('Bob');
  await s.signUp('Carol');
  for (const query of QUERIES) {
    await s.get(`?${query}`, `/admin/list-users?${query}`, { cookie });
  }
}

async function users(s) {
  const cookie = await administrator(s);
  const at = { cookie };
  const create = (name, body) =>
    s.post(`create: ${name}`, '/admin/create-user', body, at);
  const made = await create('all', {
    email: 'Made.One@Example.com',
    name: 'Made',
    password: PASSWORD,
    role: 'user',
  });
  const id = made.json?.user?.id ?? '';
  await create('taken', { email: 'made.one@example.com', name: 'x' });
  await create('no password', { email: 'made2@example.com', name: 'x' });
  await create('two roles', {
    email: 'made3@example.com',
    name: 'x',
    role: ['user', 'admin'],
  });
  await create('unknown role', {
    email: 'made4@example.com',
    name: 'x',
    role: 'emperor',
  });
  await create('data', {
    email: 'made5@example.com',
    name: 'x',
    data: { image: 'i', emailVerified: true, banned: true, extra: 1 },
  });
  await create('data with core fields', {
    email: 'made6@example.com',
    name: 'x',
    data: { id: 'mine', email: 'other@example.com', name: 'y' },
  });
  await create('bad mail', { email: 'x', name: 'x' });
  await create('short password', {
    email: 'made7@example.com',
    name: 'x',
    password: 'a',
  });
  await create('no name', { email: 'made8@example.com' });
  await create('role is a number', { email: 'm9@a.co', name: 'x', role: 5 });
  await create('data is a list', { email: 'm10@a.co', name: 'x', data: [] });
  await s.post('who was made signs in', '/sign-in/email', {
    email: 'made.one@example.com',
    password: PASSWORD,
  });
  await s.get('get', `/admin/get-user?id=${id}`, at);
  const update = (name, data) =>
    s.post(`update: ${name}`, '/admin/update-user', { userId: id, data }, at);
  await update('name', { name: 'Changed', image: 'x' });
  await update('nothing', {});
  await update('e-mail', { email: 'New.One@example.com' });
  await update('bad e-mail', { email: 'x' });
  await update('taken e-mail', { email: low(s.mailOf('Root')) });
  await update('verified', { emailVerified: true });
  await update('role', { role: 'admin' });
  await update('unknown role', { role: 'emperor' });
  await update('roles', { role: ['user', 'admin'] });
  await update('password', { password: 'x' });
  await update('id', { id: 'mine' });
  await update('banned', { banned: true });
  await update('unbanned', { banned: false });
  await update('unknown field', { extra: 1 });
  await update('createdAt', { createdAt: '2001-01-01T00:00:00.000Z' });
  await update('a list', []);
  const role = (name, value, userId = id) =>
    s.post(`role: ${name}`, '/admin/set-role', { userId, role: value }, at);
  await role('admin', 'admin');
  await role('list', ['user', 'admin']);
  await role('unknown', 'emperor');
  await role('empty', '');
  await role('empty list', []);
  await role('a number', 5);
  await role('user is a number', 'user', 5);
  await role('back', 'user');
  const password = (name, newPassword, userId = id) =>
    s.post(
      `password: ${name}`,
      '/admin/set-user-password',
      {
        userId,
        newPassword,
      },
      at,
    );
  await password('short', 'a');
  await password('long', 'a'.repeat(129));
  await password('empty', '');
  await password('set', 'another horse 43');
  await password('empty user', 'another horse 43', '');
  await s.post('with the new password', '/sign-in/email', {
    email: 'new.one@example.com',
    password: 'another horse 43',
  });
  await s.post(
    'remove itself',
    '/admin/remove-user',
    {
      userId: (await s.get('me', '/get-session', at)).user.id ?? '',
    },
    at,
  );
  await s.post('remove', '/admin/remove-user', { userId: id }, at);
  await s.post('remove again', '/admin/remove-user', { userId: id }, at);
  await s.get('is gone', `/admin/get-user?id=${id}`, at);
}

async function bans(s) {
  const cookie = await administrator(s);
  const alice = await s.signUp('Alice');
  const userId = alice.user.id ?? '';
  const email = s.mailOf('Alice');
  const at = { cookie };
  const signIn = (name) =>
    s.post(name, '/sign-in/email', { email, password: PASSWORD });
  const ban = (name, more = {}) =>
    s.post(`ban: ${name}`, '/admin/ban-user', { userId, ...more }, at);
  const me = await s.get('me', '/get-session', at);
  await s.post(
    'ban itself',
    '/admin/ban-user',
    { userId: me.user.id ?? '' },
    at,
  );
  await ban('plain');
  await s.get('sessions are gone', '/get-session', { cookie: alice.cookie });
  await signIn('banned');
  await s.post('banned, wrong password', '/sign-in/email', {
    email,
    password: 'wrong horse',
  });
  await ban('with reason and end', { banReason: 'noise', banExpiresIn: 3600 });
  await signIn('banned for an hour');
  await ban('end is a string', { banExpiresIn: '5' });
  await ban('end is negative', { banExpiresIn: -5 });
  await signIn('the ban has ended');
  await ban('end is a fraction', { banExpiresIn: 1.5 });
  await ban('end is 0', { banExpiresIn: 0 });
  await ban('reason is a number', { banReason: 5 });
  await s.post('unban', '/admin/unban-user', { userId }, at);
  await s.post('unban again', '/admin/unban-user', { userId }, at);
  await signIn('unbanned');
}

async function sessions(s) {
  const cookie = await administrator(s);
  const alice = await s.signUp('Alice');
  const second = await s.post('second', '/sign-in/email', {
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
  const userId = alice.user.id ?? '';
  const at = { cookie };
  await s.post('list', '/admin/list-user-sessions', { userId }, at);
  await s.post(
    'revoke one',
    '/admin/revoke-user-session',
    {
      sessionToken: alice.token,
    },
    at,
  );
  await s.post('list of one', '/admin/list-user-sessions', { userId }, at);
  await s.get('revoked', '/get-session', { cookie: alice.cookie });
  await s.post('revoke all', '/admin/revoke-user-sessions', { userId }, at);
  await s.post('list of none', '/admin/list-user-sessions', { userId }, at);
  await s.get('all revoked', '/get-session', { cookie: second.cookie });
}

async function impersonation(s) {
  const cookie = await administrator(s);
  const other = await administrator(s, 'Admin');
  const alice = await s.signUp('Alice');
  const userId = alice.user.id ?? '';
  const act = (name, id, more) =>
    s.post(name, '/admin/impersonate-user', { userId: id }, more);
  const admin = await s.get('admin', '/get-session', { cookie: other });
  await act('another admin', admin.user.id ?? '', { cookie });
  const acting = await act('impersonate', userId, { cookie });
  await s.get('acting', '/get-session', { cookie: acting.cookie });
  await s.get('list', '/list-sessions', { cookie: acting.cookie });
  await s.get('list of the user', '/list-sessions', { cookie: alice.cookie });
  await act('impersonate twice', userId, { cookie: acting.cookie });
  await s.get('admin endpoint', '/admin/list-users', {
    cookie: acting.cookie,
  });
  const back = await s.post(
    'stop',
    '/admin/stop-impersonating',
    {},
    {
      cookie: acting.cookie,
    },
  );
  await s.get('back', '/get-session', { cookie: back.cookie });
  await s.post(
    'stop again',
    '/admin/stop-impersonating',
    {},
    {
      cookie: back.cookie,
    },
  );
  const gone = await act('once more', userId, { cookie });
  await s.post(
    'stop without admin_session',
    '/admin/stop-impersonating',
    {},
    {
      cookie: gone.cookie
        .split('; ')
        .filter((pair) => !pair.includes('admin_session'))
        .join('; '),
    },
  );
  await s.post(
    'sign-out while acting',
    '/sign-out',
    {},
    {
      cookie: gone.cookie,
    },
  );
  const unremembered = await s.post('not remembered', '/sign-in/email', {
    email: s.mailOf('Root'),
    password: PASSWORD,
    rememberMe: false,
  });
  const short = await act('impersonate, not remembered', userId, {
    cookie: unremembered.cookie,
  });
  await s.post(
    'stop, not remembered',
    '/admin/stop-impersonating',
    {},
    {
      cookie: short.cookie,
    },
  );
  await act('by bearer', userId, { bearer: unremembered.token });
}

async function permissions(s) {
  const cookie = await administrator(s);
  const alice = await s.signUp('Alice');
  const bodies = [
    { permissions: { user: ['list'] } },
    { permissions: { user: ['list', 'ban', 'delete'] } },
    { permissions: { session: ['revoke'] } },
    { permissions: { nowhere: ['x'] } },
    { permissions: { user: ['fly'] } },
    { permissions: { user: [] } },
    { permissions: {} },
    { permissions: [] },
    { permissions: { user: 'list' } },
    { permission: { user: ['list'] } },
    { permission: { user: ['fly'] } },
    { permissions: { user: ['list'] }, userId: alice.user.id ?? '' },
    { permissions: { user: ['list'] }, role: 'admin' },
    { permissions: { user: ['list'] }, role: 'emperor' },
  ];
  for (const [at, body] of bodies.entries()) {
    await s.post(`admin ${at}`, '/admin/has-permission', body, { cookie });
    await s.post(`user ${at}`, '/admin/has-permission', body, {
      cookie: alice.cookie,
    });
  }
}

async function roles(s) {
  const boss = await s.signUp('Boss');
  await s.sql('update "user" set role = ? where email = ?', [
    'boss,user',
    low(s.mailOf('Boss')),
  ]);
  await s.get('a boss lists', '/admin/list-users?limit=1', {
    cookie: boss.cookie,
  });
  const alice = await s.signUp('Alice');
  await s.get('a reader does not', '/admin/list-users', {
    cookie: alice.cookie,
  });
}

const renamed = options({
  plugins: [
    'bearer',
    ['admin', { adminRoles: ['admin'], defaultRole: 'reader' }],
  ],
});

export default [
  { name: 'admin-guards', options: BASELINE, play: guards },
  { name: 'admin-lists', options: BASELINE, alone: true, play: lists },
  { name: 'admin-users', options: BASELINE, play: users },
  { name: 'admin-bans', options: BASELINE, play: bans },
  { name: 'admin-sessions', options: BASELINE, play: sessions },
  { name: 'admin-impersonation', options: BASELINE, play: impersonation },
  { name: 'admin-permissions', options: BASELINE, play: permissions },
  { name: 'admin-roles', options: renamed, play: roles },
];
