// SPDX-License-Identifier: Apache-2.0
// The session token of the plain API: what it says, who can verify it, what
// nobody can forge, how long its session lives, and what ends it everywhere.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { whyNoClock } from '../accounts/clock.mjs';
import { NO_PYTHON, startBackend } from './backend.mjs';
import { openWithClock } from './clock.mjs';
import {
  BACKGROUND,
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  given,
  jose,
  openBook,
  openReplica,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

const LIFE_S = 900;
const HOUR_S = 3600;
const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
const NEW_PASSWORD = 'a harbour with new lights';
const PLACES = ['/api/auth/jwks', '/.well-known/jwks.json'];

after(stopPostgres);

const part = (value) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Every call that a token opens. */
const DOORS = [
  ['GET', '/auth/profile'],
  ['GET', '/auth/me'],
  ['PUT', '/auth/profile', { background: BACKGROUND }],
  ['POST', '/auth/refresh'],
  ['POST', '/auth/signout'],
];

/** No door opens to it, and nothing behind one has changed. */
async function isShut(book, token, what) {
  const before = await countRows(book);
  for (const [method, path, body] of DOORS) {
    const answer = await book.call(method, path, { token, body });
    assert.equal(answer.status, 401, `${what}: ${method} ${path} ${answer.text}`);
    assert.equal(refused(answer, 401, 'UNAUTHORIZED'), undefined, what);
    assert.match(answer.headers['www-authenticate'], /^Bearer/, what);
  }
  assert.deepEqual(await countRows(book), before, what);
}

const isOpen = async (book, token) => given(await book.profile(token));

function verifying(engine) {
  const scope = suite();
  let book;
  let reader;

  before(async () => {
    book = await openBook(scope, { engine });
    reader = await book.reader({ background: BACKGROUND });
  });

  const expected = () => ({
    issuer: book.origin,
    audience: book.origin,
    algorithms: ['RS256'],
    requiredClaims: ['iss', 'aud', 'sub', 'sid', 'iat', 'exp'],
  });

  test('what it says, and no more', async () => {
    const { alg, kid, ...more } = jose.decodeProtectedHeader(reader.token);
    assert.equal(alg, 'RS256');
    assert.ok(Object.keys(more).every((name) => name === 'typ'), `${more}`);
    const [{ id }] = await book.sql('SELECT id FROM jwks');
    assert.equal(kid, String(id));
    const claims = jose.decodeJwt(reader.token);
    assert.deepEqual(Object.keys(claims).sort(), [
      'aud',
      'exp',
      'iat',
      'iss',
      'sid',
      'sub',
    ]);
    const [session] = await book.sql('SELECT id, token FROM session');
    assert.equal(claims.sid, String(session.id));
    assert.equal(claims.sub, reader.id);
    assert.equal(claims.iss, book.origin);
    assert.equal(claims.aud, book.origin);
    assert.equal(claims.exp, claims.iat + LIFE_S);
    assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 60);
    // Nothing in it opens more than this API, and no answer is in it.
    const text = Buffer.from(reader.token.split('.')[1], 'base64url').toString();
    assert.ok(!text.includes(session.token));
    assert.ok(!text.includes('intermediate'));
  });

  for (const place of PLACES) {
    test(`jose verifies it by ${place}`, async () => {
      const keys = jose.createRemoteJWKSet(new URL(book.url + place));
      const { payload } = await jose.jwtVerify(reader.token, keys, expected());
      assert.equal(payload.sub, reader.id);
    });
  }

  test('PyJWT verifies it', { skip: NO_PYTHON }, async (t) => {
    const backend = await startBackend(t, book);
    const answer = await backend.call('GET', '/me', { token: reader.token });
    assert.deepEqual(given(answer), jose.decodeJwt(reader.token));
    for (const [what, forged] of Object.entries(await forgeries(book, reader))) {
      const { status, text } = await backend.call('GET', '/me', { token: forged });
      assert.ok(status === 401 || status === 403, `${what}: ${status} ${text}`);
    }
  });

  test('each sign-in has a session of its own, a refresh has not', async () => {
    const other = await book.signIn(reader.email);
    const answer = await book.call('POST', '/auth/refresh', other);
    const { session_token } = given(answer);
    const sid = (token) => jose.decodeJwt(token).sid;
    assert.notEqual(sid(other.token), sid(reader.token));
    assert.equal(sid(session_token), sid(other.token));
  });

  test('what was forged opens nothing', async () => {
    for (const [what, forged] of Object.entries(await forgeries(book, reader))) {
      await isShut(book, forged, what);
    }
    await isOpen(book, reader.token);
  });

  test('without one, or with half of one, nothing opens', async () => {
    const fields = [
      {},
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
      { authorization: reader.token },
      { authorization: `Token ${reader.token}` },
      { authorization: `Bearer ${reader.token} ${reader.token}` },
      { authorization: `Bearer ${reader.token}x` },
      { authorization: `Bearer ${'a.'.repeat(3000)}` },
    ];
    for (const headers of fields) {
      const answer = await book.call('GET', '/auth/profile', { headers });
      refused(answer, 401, 'UNAUTHORIZED');
    }
    const headers = { authorization: `bearer  ${reader.token}` };
    given(await book.call('GET', '/auth/profile', { headers }));
  });

  test('the cookie of a browser opens the same doors, from our pages', async () => {
    const { cookie } = await book.browser(reader.email);
    const { token, ...me } = reader;
    const looked = given(await book.call('GET', '/auth/me', { cookie }));
    assert.equal(looked.user_id, me.id);
    assert.deepEqual(looked, await isOpen(book, token));
    const rows = await countRows(book);
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { origin: `${book.origin}.evil.example` },
    ]) {
      for (const [method, path, body] of DOORS.slice(2)) {
        const answer = await book.call(method, path, { cookie, headers, body });
        assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.match(answer.json.error.code, /ORIGIN/);
      }
    }
    assert.deepEqual(await countRows(book), rows);
    const headers = { origin: book.origin };
    for (const [method, path, body] of DOORS) {
      given(await book.call(method, path, { cookie, headers, body }));
    }
    const gone = await book.call('GET', '/auth/me', { cookie });
    refused(gone, 401, 'UNAUTHORIZED');
  });

  test('one of another site with the same keys opens nothing', async (t) => {
    const elsewhere = await openBook(t, {
      database: book.database,
      settings: { BETTER_AUTH_URL: 'http://elsewhere.example.org' },
    });
    const { token } = await elsewhere.signIn(reader.email);
    await isOpen(elsewhere, token);
    await isShut(book, token, 'another issuer');
    await isShut(elsewhere, reader.token, 'another issuer');
  });
}

/** What somebody without the private key can do to a token. */
async function forgeries(book, { token }) {
  const [head, body, signature] = token.split('.');
  const header = jose.decodeProtectedHeader(token);
  const claims = jose.decodeJwt(token);
  const { keys } = given(await book.call('GET', PLACES[0]));
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  const pem = key.export({ type: 'spki', format: 'pem' });
  const own = await jose.generateKeyPair('RS256', { extractable: true });
  const jwk = await jose.exportJWK(own.publicKey);
  const sign = (over, by = own.privateKey) =>
    new jose.SignJWT(claims).setProtectedHeader({ ...header, ...over }).sign(by);
  const bytes = (text) => new TextEncoder().encode(text);
  const changed = (over) => `${head}.${part({ ...claims, ...over })}.${signature}`;
  return {
    'another reader': changed({ sub: 'somebody' }),
    'another session': changed({ sid: 'another' }),
    'a longer life': changed({ exp: claims.exp + DAY_S }),
    'no signature': `${head}.${body}.`,
    'a signature cut short': token.slice(0, -8),
    'a signature changed': `${head}.${body}.${'A'.repeat(signature.length)}`,
    'no algorithm': `${part({ ...header, alg: 'none' })}.${body}.`,
    'no algorithm, signed': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
    'the public key as a password': await sign({ alg: 'HS256' }, bytes(pem)),
    'the public key in JSON as a password': await sign(
      { alg: 'HS256' },
      bytes(JSON.stringify(keys[0])),
    ),
    'a key of their own': await sign({}),
    'a key of their own, sent along': await sign({ jwk }),
    'a key nobody has': await sign({ kid: 'none' }),
    'a key with a path for a name': await sign({ kid: '../../dev/null' }),
    'a key with a query for a name': await sign({ kid: "' OR '1'='1" }),
    nonsense: 'a.b.c',
    'three dots': '...',
  };
}

/** Ended here, it is ended: at the next request, there and in another process. */
function ending(engine) {
  const scope = suite();
  let book;
  let replica;
  let admin;

  before(async () => {
    const settings = { DELETE_USER: 'on' };
    book = await openBook(scope, { engine, settings });
    replica = await openReplica(scope, book);
    admin = await book.admin();
  });

  /** A reader at two devices, whose tokens both processes know well. */
  async function known() {
    const reader = await book.reader({ background: BACKGROUND });
    const second = await replica.signIn(reader.email);
    for (const server of [book, replica]) {
      await isOpen(server, reader.token);
      await isOpen(server, second.token);
    }
    return { ...reader, second };
  }

  async function areShut(tokens, what) {
    for (const token of tokens) {
      await isShut(replica, token, `${what}, in the other process`);
      await isShut(book, token, what);
    }
  }

  test('sign-out', async () => {
    const reader = await known();
    const { token } = reader;
    const renewed = given(await book.call('POST', '/auth/refresh', { token }));
    given(await book.call('POST', '/auth/signout', { token }));
    await areShut([token, renewed.session_token], 'signed out');
    await isOpen(book, reader.second.token);
    await isOpen(replica, reader.second.token);
  });

  test('sign-out in the browser', async () => {
    const reader = await known();
    const browser = await book.browser(reader.email);
    given(await browser.post('/revoke-sessions'));
    await areShut([reader.token, reader.second.token], 'revoked');
  });

  test('a change of the password', async () => {
    const reader = await known();
    const browser = await book.browser(reader.email);
    given(
      await browser.post('/change-password', {
        currentPassword: PASSWORD,
        newPassword: NEW_PASSWORD,
        revokeOtherSessions: true,
      }),
    );
    await areShut([reader.token, reader.second.token], 'password changed');
    const body = { email: reader.email, password: PASSWORD };
    const old = await replica.call('POST', '/auth/signin', { body });
    refused(old, 401, 'INVALID_EMAIL_OR_PASSWORD');
    const { token } = await replica.signIn(reader.email, NEW_PASSWORD);
    assert.deepEqual((await isOpen(book, token)).background, BACKGROUND);
  });

  test('a ban', async () => {
    const reader = await known();
    const body = { email: reader.email, password: PASSWORD };
    given(await admin.post('/admin/ban-user', { userId: reader.id }));
    await areShut([reader.token, reader.second.token], 'banned');
    const answer = await replica.call('POST', '/auth/signin', { body });
    refused(answer, 403, 'BANNED_USER');
    given(await admin.post('/admin/unban-user', { userId: reader.id }));
    await areShut([reader.token], 'banned once');
    const { token } = await replica.signIn(reader.email);
    assert.deepEqual((await isOpen(book, token)).background, BACKGROUND);
  });

  test('deletion', async () => {
    const before = await countRows(book);
    const reader = await known();
    const browser = await book.browser(reader.email);
    given(await browser.post('/delete-user', { password: PASSWORD }));
    await areShut([reader.token, reader.second.token], 'deleted');
    assert.deepEqual(await countRows(book), before);
    const body = { email: reader.email, password: PASSWORD };
    const answer = await replica.call('POST', '/auth/signin', { body });
    refused(answer, 401, 'INVALID_EMAIL_OR_PASSWORD');
  });
}

/** Without a clock of ours: the row is moved instead. */
function moving(engine) {
  const scope = suite();
  let book;

  before(async () => {
    book = await openBook(scope, { engine });
  });
  const refresh = (token) => book.call('POST', '/auth/refresh', { token });

  /** A session that was last extended so long ago. */
  async function unused(seconds) {
    const { token } = await book.reader();
    const { sid } = jose.decodeJwt(token);
    const time = (s) => new Date(Date.now() + s * 1000).toISOString();
    await book.sql(
      `UPDATE session SET "expiresAt" = $1, "updatedAt" = $2, "createdAt" = $2
       WHERE CAST(id AS text) = $3`,
      [time(WEEK_S - seconds), time(-seconds), sid],
    );
    const ends = async () => {
      const [row] = await book.sql(
        'SELECT "expiresAt" FROM session WHERE CAST(id AS text) = $1',
        [sid],
      );
      return (new Date(row.expiresAt) - Date.now()) / 1000;
    };
    return { token, ends };
  }

  test('a day without a visit ends nothing, and a visit begins anew', async () => {
    for (const idle of [DAY_S + HOUR_S, 6 * DAY_S, WEEK_S - 60]) {
      const { token, ends } = await unused(idle);
      given(await refresh(token));
      assert.ok(Math.abs((await ends()) - WEEK_S) < 60, `${idle}`);
      const other = await unused(idle);
      await isOpen(book, other.token);
      assert.ok(Math.abs((await other.ends()) - WEEK_S) < 60, `${idle}`);
    }
  });

  test('within a day of the last one nothing is written', async () => {
    const { token, ends } = await unused(HOUR_S);
    await isOpen(book, token);
    given(await refresh(token));
    assert.ok(Math.abs((await ends()) - WEEK_S + HOUR_S) < 60);
  });

  test('of one that is not to be remembered nothing is extended', async () => {
    const reader = await book.reader();
    const headers = { origin: book.origin };
    const body = { email: reader.email, password: PASSWORD, rememberMe: false };
    const signed = await book.call('POST', '/api/auth/sign-in/email', { body, headers });
    given(signed);
    const cookie = signed.headers['set-cookie']
      .map((line) => line.split(';')[0])
      .join('; ');
    const sessions = () =>
      book.sql('SELECT id, "expiresAt" FROM session ORDER BY id');
    const before = await sessions();
    const visit = await book.call('GET', '/auth/me', { cookie });
    given(visit);
    assert.equal(visit.headers['set-cookie'], undefined);
    const fresh = await book.call('POST', '/auth/refresh', { cookie, headers });
    await isOpen(book, given(fresh).session_token);
    assert.deepEqual(await sessions(), before);
  });

  test('an administrator acts as a reader for an hour and no longer', async () => {
    const reader = await book.reader();
    const admin = await book.admin();
    const posed = await admin.post('/admin/impersonate-user', { userId: reader.id });
    given(posed);
    const cookie = posed.headers['set-cookie']
      .filter((line) => !/Max-Age=0/i.test(line))
      .map((line) => line.split(';')[0])
      .join('; ');
    const headers = { origin: book.origin };
    given(await book.call('GET', '/auth/me', { cookie }));
    const fresh = await book.call('POST', '/auth/refresh', { cookie, headers });
    await isOpen(book, given(fresh).session_token);
    const rows = await book.sql(
      'SELECT "expiresAt" FROM session WHERE "impersonatedBy" IS NOT NULL',
    );
    assert.equal(rows.length, 1);
    const left = (new Date(rows[0].expiresAt) - Date.now()) / 1000;
    assert.ok(left <= HOUR_S, `${left} s are left`);
  });

  test('after seven days without one it is over', async () => {
    const { token } = await unused(WEEK_S + 1);
    await isShut(book, token, 'a week later');
  });
}

/** By the wall clock, which is ours. */
function ageing(engine) {
  const scope = suite();
  let book;
  let at = 0;

  before(async () => {
    book = await openWithClock(scope, { engine });
  });
  const goTo = (seconds) => book.step((at = seconds));
  const wait = (seconds) => goTo(at + seconds);
  const refresh = (token) => book.call('POST', '/auth/refresh', { token });

  test('a token is over after a quarter of an hour, and says how to go on', async () => {
    const { token } = await book.reader({ background: BACKGROUND });
    wait(LIFE_S - 30);
    await isOpen(book, token);
    wait(60);
    const answer = await book.profile(token);
    const { message } = answer.json.error;
    refused(answer, 401, 'TOKEN_EXPIRED');
    assert.match(message, /\/auth\/refresh/);
    const { session_token } = given(await refresh(token));
    await isOpen(book, session_token);
    refused(await book.profile(token), 401, 'TOKEN_EXPIRED');
  });

  test('a session outlives a day in which nobody came', async () => {
    const { token } = await book.reader();
    wait(DAY_S + HOUR_S);
    const { session_token } = given(await refresh(token));
    await isOpen(book, session_token);
  });

  test('seven days, and each use begins them anew', async () => {
    let { token } = await book.reader();
    for (let week = 0; week < 4; week++) {
      wait(6 * DAY_S);
      token = given(await refresh(token)).session_token;
      await isOpen(book, token);
    }
    wait(7 * DAY_S + HOUR_S);
    refused(await refresh(token), 401, 'UNAUTHORIZED');
  });

  test('a use of the token alone keeps the session alive', async () => {
    const { token } = await book.reader();
    wait(6 * DAY_S);
    let fresh = given(await refresh(token)).session_token;
    for (let day = 0; day < 3; day++) {
      wait(2 * DAY_S);
      fresh = given(await refresh(fresh)).session_token;
      await isOpen(book, fresh);
      await isOpen(book, fresh);
    }
    const [{ expiresAt }] = await book.sql(
      `SELECT "expiresAt" FROM session WHERE CAST(id AS text) = $1`,
      [jose.decodeJwt(fresh).sid],
    );
    const left = (new Date(expiresAt) - Date.now()) / 1000 - at;
    assert.ok(left > 6 * DAY_S, `${left} s are left`);
  });

  test('a token of an old session ends it, though it is over', async () => {
    const { token } = await book.reader();
    wait(2 * LIFE_S);
    given(await book.call('POST', '/auth/signout', { token }));
    refused(await refresh(token), 401, 'UNAUTHORIZED');
  });
}

for (const engine of ENGINES) {
  describe(`the session token on ${engine}`, { skip: SKIP }, () =>
    verifying(engine));
  describe(`what ends a session on ${engine}`, { skip: SKIP }, () =>
    ending(engine));
  describe(`the row of a session on ${engine}`, { skip: SKIP }, () =>
    moving(engine));
  const skip = SKIP || whyNoClock();
  describe(`time and the session on ${engine}`, { skip }, () => ageing(engine));
}
