// SPDX-License-Identifier: Apache-2.0
// Deleting an account; listing and unlinking the ways to sign in.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const PATH = '/delete-user';

async function off(s) {
  const { cookie } = await s.signUp('Alice');
  await s.post('off', PATH, {}, { cookie });
  await s.post('off, no session', PATH, {});
  await s.get('callback', `${PATH}/callback?token=x`, { cookie });
  await s.get('callback, no session', `${PATH}/callback?token=x`);
}

async function remove(s) {
  const { cookie } = await s.signUp('Alice');
  const post = (name, body, more = { cookie }) =>
    s.post(name, PATH, body, more);
  await post('no session', {}, {});
  await post('wrong password', { password: 'wrong horse' });
  await post('empty password', { password: '', token: 'x' });
  await post('bad token', { token: 'x' });
  await post('password is a number', { password: 5 });
  await post('foreign callbackURL', { callbackURL: 'https://evil.example' });
  await post('no Origin', {}, { cookie, origin: null });
  await s.get('callback, bad token', `${PATH}/callback?token=x`, { cookie });
  await s.get('callback, no token', `${PATH}/callback`, { cookie });
  await s.get('callback, no session', `${PATH}/callback?token=x`);
  await s.get(
    'callback, foreign',
    `${PATH}/callback?token=x&callbackURL=https://evil.example`,
    { cookie },
  );
  await post('with password', { password: PASSWORD });
  await s.get('gone', '/get-session', { cookie });
  await s.post('cannot sign in', '/sign-in/email', {
    email: s.mailOf('Alice'),
    password: PASSWORD,
  });
  const bob = await s.signUp('Bob');
  await post('fresh session', {}, { cookie: bob.cookie });
  await s.signUp('Bob returns', { email: s.mailOf('Bob') });
  const carol = await s.signUp('Carol');
  await s.sql('update session set "createdAt" = ? where token = ?', [
    new Date(Date.now() - 2 * 86_400_000).toISOString(),
    carol.token,
  ]);
  await post('stale session', {}, { cookie: carol.cookie });
  await post(
    'stale session with password',
    { password: PASSWORD },
    {
      cookie: carol.cookie,
    },
  );
  const dora = await s.signUp('Dora');
  await s.sql('delete from account where "userId" = ?', [dora.user.id ?? '']);
  await post(
    'no password to check',
    { password: PASSWORD },
    {
      cookie: dora.cookie,
    },
  );
  await post('null body', null, { cookie: dora.cookie });
}

async function mailed(s) {
  const { cookie } = await s.signUp('Alice');
  const bob = await s.signUp('Bob');
  const to = s.mailOf('Alice').toLowerCase();
  await s.post('wrong password', PATH, { password: 'wrong horse' }, { cookie });
  await s.post('asked', PATH, { callbackURL: '/bye?a=1' }, { cookie });
  const first = await s.mail('the mail', to);
  await s.get("another's session", first.path, { cookie: bob.cookie });
  await s.get('no session', first.path);
  await s.get('clicked', first.path, { cookie });
  await s.get('gone', '/get-session', { cookie });
  await s.post('Bob asks', PATH, {}, { cookie: bob.cookie });
  const second = await s.mail("Bob's mail", s.mailOf('Bob').toLowerCase());
  await s.get('wrong token', `${PATH}/callback?token=${second.token}x`, bob);
  await s.get('without callbackURL', `${PATH}/callback?token=${second.token}`, {
    cookie: bob.cookie,
  });
  const carol = await s.signUp('Carol');
  await s.post(
    'Carol asks',
    PATH,
    { password: PASSWORD },
    {
      cookie: carol.cookie,
    },
  );
  const third = await s.mail("Carol's mail", s.mailOf('Carol').toLowerCase());
  await s.post(
    'token in the body',
    PATH,
    { token: third.token },
    {
      cookie: carol.cookie,
    },
  );
  await s.post('again', PATH, { token: third.token }, { cookie: carol.cookie });
}

async function accounts(s) {
  const { cookie, user } = await s.signUp('Alice');
  const list = await s.get('list', '/list-accounts', { cookie });
  const own = list.json?.[0]?.id ?? '';
  const unlink = (name, body, more = { cookie }) =>
    s.post(name, '/unlink-account', body, more);
  await s.get('list, no session', '/list-accounts');
  await unlink('the last', { accountId: own });
  await unlink('the last, unknown id', { accountId: 'x' });
  await unlink('the old form', { providerId: 'credential' });
  await unlink('nothing', {});
  await unlink('a number', { accountId: 5 });
  await unlink('no session', { accountId: own }, {});
  const now = new Date().toISOString();
  await s.sql(
    'insert into account (id, "accountId", "providerId", "userId", scope,' +
      ' "accessToken", "createdAt", "updatedAt") values (?, ?, ?, ?, ?, ?, ?, ?)',
    [
      'git-1',
      '12345',
      'github',
      user.id ?? '',
      'repo,user:email',
      'secret',
      now,
      now,
    ],
  );
  await s.get('list of two', '/list-accounts', { cookie });
  await unlink('unknown of two', { accountId: 'x' });
  await unlink('by the account id', { accountId: '12345' });
  const bob = await s.signUp('Bob');
  const other = await s.get("Bob's list", '/list-accounts', {
    cookie: bob.cookie,
  });
  await unlink("another's", { accountId: other.json?.[0]?.id ?? '' });
  await unlink('one of two', { accountId: own, providerId: 'credential' });
  await s.get('list of one', '/list-accounts', { cookie });
  for (const path of ['/get-access-token', '/refresh-token']) {
    await s.post(`${path}, no session`, path, { accountId: 'git-1' });
    await s.post(path, path, { accountId: 'git-1' }, { cookie });
    await s.post(`${path}, nothing`, path, {}, { cookie });
  }
  await s.get('account-info', '/account-info?accountId=git-1', { cookie });
  await s.get('account-info, no session', '/account-info?accountId=git-1');
}

async function social(s) {
  const { cookie } = await s.signUp('Alice');
  const paths = ['/sign-in/social', '/link-social'];
  for (const path of paths) {
    await s.post(`${path} unknown`, path, { provider: 'nowhere' }, { cookie });
    await s.post(`${path} github`, path, { provider: 'github' }, { cookie });
    await s.post(`${path} nothing`, path, {}, { cookie });
    await s.post(`${path} no session`, path, { provider: 'github' });
    await s.post(
      `${path} foreign`,
      path,
      {
        provider: 'github',
        callbackURL: 'https://evil.example',
      },
      { cookie },
    );
  }
  await s.get('callback', '/callback/github?code=x');
  await s.get('callback with state', '/callback/github?code=x&state=zzz');
  await s.get('callback with error', '/callback/github?error=access_denied');
  await s.post('callback by POST', '/callback/github', { code: 'x' });
}

const plain = options({ user: { deleteUser: { enabled: true } } });
const withMail = options({
  user: { deleteUser: { enabled: true, sendDeleteAccountVerification: true } },
});

export default [
  { name: 'delete-user-off', options: BASELINE, play: off },
  { name: 'delete-user', options: plain, play: remove },
  { name: 'delete-user-mail', options: withMail, play: mailed },
  { name: 'accounts', options: BASELINE, play: accounts },
  { name: 'social', options: BASELINE, play: social },
];
