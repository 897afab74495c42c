// SPDX-License-Identifier: Apache-2.0
// Changing, checking and resetting a password.
import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const NEW = 'another horse 43';
const LATEST = 'a third horse 44';

async function change(s) {
  const { cookie } = await s.signUp('Alice');
  const post = (name, body, more = { cookie }) =>
    s.post(name, '/change-password', body, more);
  const wrong = { newPassword: NEW, currentPassword: 'wrong horse' };
  await post('wrong', wrong);
  await post('short', { newPassword: 'short', currentPassword: PASSWORD });
  await post('short and wrong', { ...wrong, newPassword: 'short' });
  await post('long', {
    newPassword: 'a'.repeat(129),
    currentPassword: PASSWORD,
  });
  await post('empty', { newPassword: '', currentPassword: '' });
  await post('nothing', {});
  await post('no current', { newPassword: NEW });
  await post('an array', []);
  await post('no session', wrong, {});
  await post('no session, no body', {}, {});
  await post('no Origin', wrong, { cookie, origin: null });
  await post('revoke is a string', {
    ...wrong,
    revokeOtherSessions: 'yes',
  });
  await post('changed', { newPassword: NEW, currentPassword: PASSWORD });
  await s.get('still signed in', '/get-session', { cookie });
  const email = s.mailOf('Alice');
  await s.post('the old one', '/sign-in/email', { email, password: PASSWORD });
  await s.post('the new one', '/sign-in/email', { email, password: NEW });
  const ended = await post('with revocation', {
    newPassword: LATEST,
    currentPassword: NEW,
    revokeOtherSessions: true,
  });
  await s.get('the session is another', '/get-session', {
    cookie: ended.cookie,
  });
  await s.get('the old session', '/get-session', { cookie });
  await post(
    'the same again',
    {
      newPassword: LATEST,
      currentPassword: LATEST,
      revokeOtherSessions: false,
    },
    { cookie: ended.cookie },
  );
}

async function changeUnremembered(s) {
  const { cookie } = await s.signUp('Alice', { rememberMe: false });
  await s.post(
    'with revocation',
    '/change-password',
    {
      newPassword: NEW,
      currentPassword: PASSWORD,
      revokeOtherSessions: true,
    },
    { cookie },
  );
}

async function withoutPassword(s) {
  const { cookie, user } = await s.signUp('Alice');
  await s.sql('update account set password = null where "userId" = ?', [
    user.id ?? '',
  ]);
  const body = { newPassword: NEW, currentPassword: PASSWORD };
  await s.post('change', '/change-password', body, { cookie });
  await s.post(
    'verify',
    '/verify-password',
    { password: PASSWORD },
    {
      cookie,
    },
  );
  await s.post('set', '/set-password', { newPassword: NEW }, { cookie });
  await s.sql('delete from account where "userId" = ?', [user.id ?? '']);
  await s.post('change without account', '/change-password', body, { cookie });
  await s.post(
    'verify without account',
    '/verify-password',
    {
      password: PASSWORD,
    },
    { cookie },
  );
  await s.get('list of none', '/list-accounts', { cookie });
}

async function verify(s) {
  const { cookie } = await s.signUp('Alice');
  const post = (name, body, more = { cookie }) =>
    s.post(name, '/verify-password', body, more);
  await post('right', { password: PASSWORD });
  await post('wrong', { password: 'wrong horse' });
  await post('empty', { password: '' });
  await post('long', { password: 'a'.repeat(200) });
  await post('nothing', {});
  await post('no session', { password: PASSWORD }, {});
}

async function reset(s) {
  const email = s.mailOf('Alice');
  const { cookie } = await s.signUp('Alice');
  const ask = (name, body, more) =>
    s.post(name, '/request-password-reset', body, more);
  await ask('unknown', { email: 'nobody@example.com' });
  await ask('foreign', { email, redirectTo: 'https://evil.example/x' });
  await ask('foreign and unknown', {
    email: 'nobody@example.com',
    redirectTo: 'https://evil.example/x',
  });
  await ask('bad address', { email: 'nobody' });
  await ask('nothing', {});
  await ask(
    'from a foreign page',
    { email: 'nobody@example.com' },
    {
      origin: 'https://evil.example',
    },
  );
  await ask('redirectTo is a number', { email, redirectTo: 5 });
  await ask('asked', {
    email: email.toUpperCase(),
    redirectTo: 'http://localhost:3000/reset?a=1',
  });
  const mail = await s.mail('the mail', email.toLowerCase());
  const { token } = mail;
  await s.get('the link', mail.path);
  await s.get('the link again', mail.path);
  const link = `/reset-password/${token}`;
  await s.get('without callbackURL', link);
  await s.get(
    'foreign callbackURL',
    `${link}?callbackURL=https://evil.example`,
  );
  await s.get('relative', `${link}?callbackURL=%2Freset`);
  await s.get('with a fragment', `${link}?callbackURL=%2Freset%3Fb%3D2%23c`);
  await s.get('two callbackURLs', `${link}?callbackURL=/a&callbackURL=/b`);
  await s.get('empty callbackURL', `${link}?callbackURL=`);
  await s.get('unknown token', '/reset-password/zzz?callbackURL=/r?x=1');
  await s.get('no token', '/reset-password/?callbackURL=/r');
  await s.get('escaped token', '/reset-password/%7A%2F?callbackURL=/r');
  const post = (name, body, query = '') =>
    s.post(name, `/reset-password${query}`, body);
  await post('short', { newPassword: 'short', token });
  await post('long', { newPassword: 'a'.repeat(129), token });
  await post('no password', { token });
  await post('no token at all', { newPassword: NEW });
  await post('an empty token', { newPassword: NEW, token: '' });
  await post('a wrong token', { newPassword: NEW, token: 'z'.repeat(24) });
  await post('a wrong token, short', { newPassword: 'a', token: 'zz' });
  await post('done', { newPassword: NEW, token });
  await post('done again', { newPassword: NEW, token });
  await s.get('used', mail.path);
  await s.get('sessions live on', '/get-session', { cookie });
  await s.post('the old one', '/sign-in/email', { email, password: PASSWORD });
  await s.post('the new one', '/sign-in/email', { email, password: NEW });
  await ask('once more', { email });
  const second = await s.mail(
    'a mail without redirectTo',
    email.toLowerCase(),
    2,
  );
  await s.get('its link', second.path);
  await post(
    'token in the query',
    { newPassword: LATEST },
    `?token=${second.token}`,
  );
  await ask('a third', { email });
  const third = await s.mail('the third mail', email.toLowerCase(), 3);
  await s.sql('update verification set "expiresAt" = ? where identifier = ?', [
    '2020-01-01T00:00:00.000Z',
    `reset-password:${third.token}`,
  ]);
  await s.get(
    'expired link',
    third.path.replace('callbackURL=', 'callbackURL=/x'),
  );
  await post('expired', { newPassword: NEW, token: third.token });
}

async function resetWithoutAccount(s) {
  const email = s.mailOf('Alice');
  const { user } = await s.signUp('Alice');
  await s.sql('delete from account where "userId" = ?', [user.id ?? '']);
  await s.post('asked', '/request-password-reset', { email });
  const { token } = await s.mail('the mail', email.toLowerCase());
  await s.post('done', '/reset-password', { newPassword: NEW, token });
  await s.post('signs in', '/sign-in/email', { email, password: NEW });
}

async function resetRevokes(s) {
  const email = s.mailOf('Alice');
  const { cookie } = await s.signUp('Alice');
  await s.post('asked', '/request-password-reset', { email });
  const { token } = await s.mail('the mail', email.toLowerCase());
  await s.post('done', '/reset-password', { newPassword: NEW, token });
  await s.get('signed out', '/get-session', { cookie });
  await s.post('asked again', '/request-password-reset', { email });
  const other = await s.mail('a second mail', email.toLowerCase(), 2);
  await s.sql('delete from "user" where email = ?', [email.toLowerCase()]);
  await s.get('user is gone: link', other.path);
  await s.post('user is gone', '/reset-password', {
    newPassword: NEW,
    token: other.token,
  });
}

async function withoutMail(s) {
  const { cookie } = await s.signUp('Alice');
  await s.post('reset', '/request-password-reset', {
    email: s.mailOf('Alice'),
  });
  await s.post('reset, bad address', '/request-password-reset', { email: 'x' });
  await s.post('verification', '/send-verification-email', {
    email: s.mailOf('Alice'),
  });
  await s.post(
    'verification, signed in',
    '/send-verification-email',
    {
      email: s.mailOf('Alice'),
    },
    { cookie },
  );
  await s.post(
    'change-email',
    '/change-email',
    { newEmail: 'n@example.com' },
    {
      cookie,
    },
  );
}

const revoking = options({
  emailAndPassword: { revokeSessionsOnPasswordReset: true },
});
const mailless = options({
  emailAndPassword: { sendResetPassword: undefined },
  emailVerification: { sendVerificationEmail: undefined },
  user: { changeEmail: { enabled: true } },
});

export default [
  { name: 'change-password', options: BASELINE, play: change },
  { name: 'change-unremembered', options: BASELINE, play: changeUnremembered },
  { name: 'no-password', options: BASELINE, play: withoutPassword },
  { name: 'verify-password', options: BASELINE, play: verify },
  { name: 'reset-password', options: BASELINE, play: reset },
  {
    name: 'reset-without-account',
    options: BASELINE,
    play: resetWithoutAccount,
  },
  { name: 'reset-revokes', options: revoking, play: resetRevokes },
  { name: 'no-mail', options: mailless, play: withoutMail },
];
