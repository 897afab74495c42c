// SPDX-License-Identifier: Apache-2.0
// Proving an address, and changing it, in every flow.
import { createHmac } from 'node:crypto';

import { BASELINE, options } from '../options.mjs';
import { PASSWORD } from '../play.mjs';

const low = (text) => text.toLowerCase();

/** A mail token as a server would make it, with the secret of options.mjs. */
function tokenWith(
  payload,
  secret = BASELINE.secret,
  header = { alg: 'HS256' },
) {
  const part = (value) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(payload)}`;
  const hash = createHmac('sha256', secret).update(signed);
  return `${signed}.${hash.digest('base64url')}`;
}

function setVerified(s, who) {
  return s.sql('update "user" set "emailVerified" = true where email = ?', [
    low(s.mailOf(who)),
  ]);
}

async function send(s) {
  const { cookie } = await s.signUp('Alice');
  const email = s.mailOf('Alice');
  const post = (name, body, more) =>
    s.post(name, '/send-verification-email', body, more);
  await post('mismatch', { email: 'other@example.com' }, { cookie });
  await post('bad address', { email: 'x' });
  await post('nothing', {});
  await post('foreign callbackURL', {
    email,
    callbackURL: 'https://evil.example',
  });
  await post('unknown, no session', { email: 'nobody@example.com' });
  await post('sent', { email, callbackURL: '/v?a=1&b=2' }, { cookie });
  const first = await s.mail('its mail', low(email));
  await post('sent without session', { email: email.toUpperCase() });
  await s.mail('its second mail', low(email), 2);
  await s.get('the link', first.path);
  await s.get('the link again', first.path);
  await s.get('now verified', '/get-session', { cookie });
  await post('already verified', { email }, { cookie });
  await post('already verified, no session', { email });
  await s.mailCount('no more mails', low(email));
}

async function verify(s) {
  const { cookie, user } = await s.signUp('Alice');
  const email = low(s.mailOf('Alice'));
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + 3600;
  const userId = user.id ?? '';
  const tokens = {
    nonsense: 'bad',
    empty: '',
    'two parts': 'eyJhbGciOiJIUzI1NiJ9.e30',
    'another secret': tokenWith({ email, userId, iat, exp }, 'x'.repeat(40)),
    'algorithm none': tokenWith({ email, userId, iat, exp }, BASELINE.secret, {
      alg: 'none',
    }),
    expired: tokenWith({ email, userId, iat: iat - 7200, exp: iat - 3600 }),
    'no e-mail': tokenWith({ userId, iat, exp }),
    'bad e-mail': tokenWith({ email: 'x', userId, iat, exp }),
    'unknown user': tokenWith({ email: 'gone@example.com', userId, iat, exp }),
    'another user id': tokenWith({ email, userId: 'x', iat, exp }),
  };
  for (const [name, token] of Object.entries(tokens)) {
    const path = `/verify-email?token=${token}`;
    await s.get(name, path);
    await s.get(
      `${name}, with callbackURL`,
      `${path}&callbackURL=%2Fd%3Fa%3D1`,
    );
  }
  await s.get('no token', '/verify-email');
  await s.get('no token, with callbackURL', '/verify-email?callbackURL=/d');
  const good = `/verify-email?token=${tokenWith({ email, userId, iat, exp })}`;
  await s.get(
    'foreign callbackURL',
    `${good}&callbackURL=https://evil.example`,
  );
  await s.get('two tokens', `${good}&token=x`);
  await s.get('not yet verified', '/get-session', { cookie });
  await s.get(
    'with a fragment',
    `/verify-email?token=bad&callbackURL=%2Fd%23f`,
  );
  await s.get('verified', good);
  await s.get('verified again', good);
  await s.get(
    'verified, redirect',
    `${good}&callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fv`,
  );
  await s.get('verified, relative', `${good}&callbackURL=%2Fv`);
  await s.get(
    'without a user id',
    `/verify-email?token=${tokenWith({ email, iat, exp })}`,
  );
  await s.get('verified, signed in', good, { cookie });
}

async function signsIn(s) {
  const { cookie } = await s.signUp('Alice');
  const email = s.mailOf('Alice');
  await s.post('sent', '/send-verification-email', { email });
  const { path } = await s.mail('its mail', low(email));
  await s.get('signs in', path);
  await s.get('again', path);
  const bob = await s.signUp('Bob');
  await s.post('sent to Bob', '/send-verification-email', {
    email: s.mailOf('Bob'),
  });
  const second = await s.mail("Bob's mail", low(s.mailOf('Bob')));
  await s.get('with his session', second.path, { cookie: bob.cookie });
  await s.get("with another's session", second.path, { cookie });
}

async function required(s) {
  const email = s.mailOf('Alice');
  const signIn = (name, more = {}) =>
    s.post(name, '/sign-in/email', { email, password: PASSWORD, ...more });
  await s.signUp('Alice', { callbackURL: '/welcome' });
  const { path } = await s.mail('its mail', low(email));
  await s.signUp('Alice again', { email });
  await s.signUp('Alice once more', { email, image: 'x', role: '' });
  await signIn('not verified');
  await signIn('not verified, wrong', { password: 'wrong horse' });
  await s.mailCount('mails', low(email));
  await s.get('the link', path);
  await signIn('verified');
  await s.signUp('Alice after all', { email });
  await s.post('bad schema', '/sign-up/email', { email });
}

async function requiredSendsAgain(s) {
  const email = s.mailOf('Alice');
  await s.signUp('Alice');
  await s.mailCount('none at sign-up', low(email));
  await s.post('not verified', '/sign-in/email', {
    email,
    password: PASSWORD,
    callbackURL: '/back',
  });
  const { path } = await s.mail('sent at sign-in', low(email));
  await s.get('the link signs in', path);
}

async function noAutoSignIn(s) {
  const email = s.mailOf('Alice');
  await s.signUp('Alice');
  await s.signUp('taken', { email });
  await s.signUp('taken, role', { email, role: 'admin' });
  await s.post('signs in', '/sign-in/email', { email, password: PASSWORD });
}

async function sendOnSignUp(s) {
  const email = s.mailOf('Alice');
  await s.signUp('Alice');
  const { path } = await s.mail('without callbackURL', low(email));
  await s.get('the link', path);
  await s.signUp('Bob', { callbackURL: 'http://localhost:3000/a?b=c&d' });
  await s.mail('with callbackURL', low(s.mailOf('Bob')));
}

async function changeOff(s) {
  const { cookie } = await s.signUp('Alice');
  const body = { newEmail: 'new@example.com' };
  await s.post('off', '/change-email', body, { cookie });
  await s.post('off, no session', '/change-email', body);
  await s.post('off, bad body', '/change-email', {}, { cookie });
}

async function changeErrors(s) {
  const { cookie } = await s.signUp('Alice');
  await s.signUp('Bob');
  const email = s.mailOf('Alice');
  const post = (name, body, more = { cookie }) =>
    s.post(name, '/change-email', body, more);
  await post('same', { newEmail: email });
  await post('same in upper case', { newEmail: email.toUpperCase() });
  await post('taken', { newEmail: s.mailOf('Bob') });
  await post('bad', { newEmail: 'x' });
  await post('nothing', {});
  await post('foreign callbackURL', {
    newEmail: 'n@example.com',
    callbackURL: 'https://evil.example',
  });
  await post('no session', { newEmail: 'n@example.com' }, {});
  await post(
    'no Origin',
    { newEmail: 'n@example.com' },
    {
      cookie,
      origin: null,
    },
  );
}

/** Straight to the new address. */
async function change(s) {
  await changeErrors(s);
  const { cookie } = await s.signUp('Carol');
  await setVerified(s, 'Carol');
  await s.post(
    'asked',
    '/change-email',
    {
      newEmail: 'Carol.New@example.com',
      callbackURL: '/done?x=1',
    },
    { cookie },
  );
  const { path } = await s.mail('to the new', 'carol.new@example.com');
  await s.get('not yet', '/get-session', { cookie });
  await s.get('clicked', path, { cookie });
  await s.get('clicked again', path, { cookie });
  await s.get('changed', '/get-session', { cookie });
  const dan = await s.signUp('Dan');
  await s.post(
    'Dan asks',
    '/change-email',
    { newEmail: 'dan.new@example.com' },
    {
      cookie: dan.cookie,
    },
  );
  const other = await s.mail('to Dan', 'dan.new@example.com');
  await s.get(
    'clicked without session',
    other.path.replace(/&callbackURL=.*/, ''),
  );
  await s.get(
    'clicked again without session',
    other.path.replace(/&callbackURL=.*/, ''),
  );
}

/** The old address agrees first. */
async function changeConfirmed(s) {
  const { cookie } = await s.signUp('Carol');
  await setVerified(s, 'Carol');
  const body = { newEmail: 'carol.x@example.com', callbackURL: '/done' };
  await s.post('asked', '/change-email', body, { cookie });
  const first = await s.mail('to the old', low(s.mailOf('Carol')));
  await s.mailCount('none to the new', 'carol.x@example.com');
  await s.get('agreed', first.path, { cookie });
  const second = await s.mail('to the new', 'carol.x@example.com');
  await s.get('clicked', second.path, { cookie });
  await s.get('clicked again', second.path, { cookie });
  await s.get('agreed again', first.path, { cookie });
  await s.get('changed', '/get-session', { cookie });
  const dan = await s.signUp('Dan');
  await s.post(
    'unverified asks',
    '/change-email',
    {
      newEmail: 'dan.x@example.com',
    },
    { cookie: dan.cookie },
  );
  await s.mail('to the new, unverified', 'dan.x@example.com');
}

/** Unverified addresses change at once. */
async function changeAtOnce(s) {
  const { cookie } = await s.signUp('Carol');
  await s.signUp('Bob');
  const post = (name, newEmail, more) =>
    s.post(name, '/change-email', { newEmail, ...more }, { cookie });
  await post('taken', s.mailOf('Bob'));
  await post('changed', 'Carol.Y@example.com', { callbackURL: '/z' });
  await s.get('it is', '/get-session', { cookie });
  const { path } = await s.mail('to the new', 'carol.y@example.com');
  await s.get('verified', path);
  await post('now verified', 'carol.z@example.com');
  await s.get('not changed', '/get-session', { cookie });
  await s.mail('to the third', 'carol.z@example.com');
}

const emailSet = (emailVerification, emailAndPassword = {}) =>
  options({ emailVerification, emailAndPassword });
const changing = (more = {}) =>
  options({ user: { changeEmail: { enabled: true, ...more } } });
const must = { requireEmailVerification: true };

export default [
  { name: 'send-verification', options: BASELINE, play: send },
  { name: 'verify-email', options: BASELINE, play: verify },
  {
    name: 'verification-signs-in',
    options: emailSet({ autoSignInAfterVerification: true }),
    play: signsIn,
  },
  { name: 'must-verify', options: emailSet({}, must), play: required },
  {
    name: 'must-verify-resend',
    options: emailSet(
      {
        sendOnSignUp: false,
        sendOnSignIn: true,
        autoSignInAfterVerification: true,
      },
      must,
    ),
    play: requiredSendsAgain,
  },
  {
    name: 'no-auto-sign-in',
    options: options({ emailAndPassword: { autoSignIn: false } }),
    play: noAutoSignIn,
  },
  {
    name: 'send-on-sign-up',
    options: emailSet({ sendOnSignUp: true }),
    play: sendOnSignUp,
  },
  { name: 'change-email-off', options: BASELINE, play: changeOff },
  { name: 'change-email', options: changing(), play: change },
  {
    name: 'change-email-confirmed',
    options: changing({ sendChangeEmailConfirmation: true }),
    play: changeConfirmed,
  },
  {
    name: 'change-email-at-once',
    options: changing({ updateEmailWithoutVerification: true }),
    play: changeAtOnce,
  },
];
