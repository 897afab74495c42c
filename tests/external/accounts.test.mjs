// SPDX-License-Identifier: Apache-2.0
// Readers whose accounts another service keeps: signing up and in through us
// and at the service itself, and everything that follows from it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Visitor } from '../contract/visitor.mjs';
import { until } from '../process/program.mjs';
import {
  ANSWERS,
  PASSWORD,
  claimsOf,
  given,
  headerOf,
  live,
  newEmail,
  refused,
} from './house.mjs';

/** Tokens made for one user in one second are the same, to the last byte. */
const secondAfter = (jwt) =>
  until(() => Math.floor(Date.now() / 1000) > claimsOf(jwt).iat, 'a second later');

const KINDS = {
  'EdDSA, SQLite': { engine: 'sqlite', plugins: ['bearer', 'jwt'], alg: 'EdDSA' },
  'RS256, PostgreSQL': {
    engine: 'postgres',
    plugins: ['bearer', ['jwt', { jwks: { keyPairConfig: { alg: 'RS256' } } }], 'admin'],
    alg: 'RS256',
  },
};

for (const [name, { alg, ...kind }] of Object.entries(KINDS)) {
  describe(name, () => {
    const house = live(kind);

    test('signing up makes the account there and keeps the answers here', async () => {
      const email = newEmail();
      const body = { email, password: PASSWORD, name: 'Ada', background: ANSWERS };
      const made = given(await house.ours('POST', '/auth/signup', { body }), 201);
      assert.equal(made.email, email);
      assert.equal(made.profile_complete, true);
      assert.deepEqual(made.background, ANSWERS);
      assert.equal(headerOf(made.session_token).alg, alg);
      assert.equal(claimsOf(made.session_token).sub, made.user_id);
      assert.ok(made.expires_in > 800 && made.expires_in <= 900, `${made.expires_in}`);
      const [user] = await house.sql('SELECT * FROM "user" WHERE email = $1', [email]);
      assert.equal(String(user.id), made.user_id);
      assert.equal(user.name, 'Ada');
      const me = given(await house.me({ token: made.session_token }));
      assert.deepEqual(me.background, ANSWERS);
      assert.equal(me.user_id, made.user_id);
    });

    test('what is offered is what this server can do for it', async () => {
      const offers = given(await house.ours('GET', '/api/offers'));
      assert.deepEqual(offers, {
        accounts: 'external',
        accounts_url: `${house.relay.url}/api/auth`,
        sign_up: true,
        methods: ['password'],
        reset_password: false,
        verify_email: 'off',
        change_email: false,
        delete_account: 'off',
        bearer: true,
      });
    });

    test('signing in gives the token of the service, and what was answered', async () => {
      const reader = await house.reader({ background: ANSWERS });
      const body = { email: reader.email.toUpperCase(), password: PASSWORD };
      const found = given(await house.ours('POST', '/auth/signin', { body }));
      assert.equal(found.user_id, reader.user_id);
      assert.deepEqual(found.background, ANSWERS);
      given(await house.me({ token: found.session_token }));
      assert.equal(claimsOf(found.session_token).iss, house.relay.url);
    });

    test('whoever signed in there is known here by cookie, bearer and token', async () => {
      const reader = await house.reader();
      const browser = await house.browser(reader);
      const jwt = await house.jwt(browser);
      const ways = [
        { cookie: browser.cookie },
        { token: browser.token },
        { token: browser.bearer },
        { token: jwt },
      ];
      for (const way of ways) {
        const me = given(await house.me(way));
        assert.equal(me.user_id, reader.user_id);
      }
      const body = { background: { hardware_knowledge: 'advanced' } };
      given(await house.ours('PUT', '/auth/profile', { ...ways[0], body }));
      const answers = given(await house.ours('GET', '/api/profile', { token: jwt }));
      assert.equal(answers.answers.hardware_knowledge, 'advanced');
    });

    test("a page's one request knows its readers, and takes guests", async () => {
      const reader = await house.reader({ background: ANSWERS });
      const browser = await house.browser(reader);
      const jwt = await house.jwt(browser);
      for (const way of [{ cookie: browser.cookie }, { token: browser.bearer }, { token: jwt }]) {
        const answer = await house.ours('GET', '/api/reader', way);
        const { profile, etag, session, progress } = given(answer);
        const alone = await house.ours('GET', '/api/profile', way);
        assert.deepEqual(profile, given(alone));
        assert.equal(etag, alone.headers.etag);
        assert.equal(session.impersonated, false);
        assert.deepEqual(progress, []);
        assert.equal(answer.headers['set-cookie'], undefined); // that is the service's
      }
      assert.equal((await house.original('POST', '/sign-out', { ...browser, body: {} })).status, 200);
      const gone = given(await house.ours('GET', '/api/reader', { cookie: browser.cookie }));
      assert.equal(gone.profile, null);
      assert.equal(gone.refused, 'UNAUTHORIZED');
      const { now, ...guest } = given(await house.ours('GET', '/api/reader'));
      assert.ok(now > 0);
      assert.deepEqual(guest, { profile: null, progress: [] });
    });

    test("the official client's reader is known here, until it signs out", async () => {
      const visitor = new Visitor({ ...house.theirs, origin: house.relay.url });
      const email = newEmail();
      await house.quiet();
      const made = await visitor.client.signUp.email({ email, password: PASSWORD, name: 'Ada' });
      assert.equal(made.error, null);
      const cookie = visitor.jar.header();
      assert.equal(given(await house.me({ cookie })).email, email);
      const signed = { email, password: PASSWORD };
      given(await house.ours('POST', '/auth/signin', { body: signed }));
      await house.quiet();
      assert.equal((await visitor.client.signOut()).error, null);
      refused(await house.me({ cookie }), 401, 'UNAUTHORIZED');
    });

    test('a call goes on for its reader, and says no more than it must', async () => {
      const from = house.relay.asked.length;
      const headers = { 'user-agent': 'a reader', 'x-forwarded-for': '192.0.2.7', cookie: 'a=b' };
      const body = { email: newEmail(), password: PASSWORD, background: ANSWERS };
      const sent = { body, headers: { ...headers, origin: house.server.url } };
      given(await house.ours('POST', '/auth/signup', sent), 201);
      const [one] = house.relay.asked.slice(from);
      assert.equal(one.path, '/sign-up/email');
      assert.equal(one.headers['x-forwarded-for'], '127.0.0.1'); // nobody is believed
      assert.equal(one.headers['user-agent'], 'a reader');
      assert.equal(one.headers.origin, house.relay.url);
      assert.equal(one.headers.cookie, undefined);
    });

    test('its limit is passed on with its time', async () => {
      const answer = { status: 429, headers: { 'x-retry-after': '7' }, body: '{}' };
      house.relay.answer = () => answer;
      const body = { email: newEmail(), password: PASSWORD };
      const limited = await house.ours('POST', '/auth/signin', { body });
      house.relay.answer = () => ({ status: 403, body: '{"code":"INVITED_ONLY","message":"Ask us."}' });
      const strange = await house.ours('POST', '/auth/signup', { body });
      house.relay.answer = () => null;
      refused(limited, 429, 'TOO_MANY_REQUESTS');
      assert.equal(limited.headers['retry-after'], '7');
      assert.equal(refused(strange, 422, 'ACCOUNTS_REFUSED').fields.accounts, 'Ask us.');
    });

    test('signing out there ends all of it here with the next request', async () => {
      const reader = await house.reader();
      const browser = await house.browser(reader);
      const jwt = await house.jwt(browser);
      given(await house.me({ token: jwt }));
      given(await house.original('POST', '/sign-out', { cookie: browser.cookie, body: {} }));
      for (const way of [{ cookie: browser.cookie }, { token: browser.token }, { token: jwt }]) {
        refused(await house.me(way), 401, 'UNAUTHORIZED');
      }
    });

    test('signing out here ends it there', async () => {
      const reader = await house.reader();
      const browser = await house.browser(reader);
      given(await house.ours('POST', '/auth/signout', { cookie: browser.cookie, body: {} }));
      const answer = await house.original('GET', '/get-session', { cookie: browser.cookie });
      assert.equal(answer.text, 'null');
    });

    test('a live session gets a new token of the service', async () => {
      const reader = await house.reader();
      const fresh = given(await house.ours('POST', '/auth/refresh', { token: reader.token, body: {} }));
      assert.equal(claimsOf(fresh.session_token).sub, reader.user_id);
      assert.ok(fresh.expires_in > 800, `${fresh.expires_in}`);
      given(await house.me({ token: fresh.session_token }));
      given(await house.ours('POST', '/auth/signout', { token: fresh.session_token, body: {} }));
      const late = await house.ours('POST', '/auth/refresh', { token: fresh.session_token, body: {} });
      refused(late, 401, 'UNAUTHORIZED');
    });

    test('a token ends with its own session, and leaves the others', async () => {
      const reader = await house.reader();
      const body = { email: reader.email, password: PASSWORD };
      await secondAfter(reader.token);
      const second = given(await house.ours('POST', '/auth/signin', { body })).session_token;
      await secondAfter(second);
      const third = await house.jwt(await house.browser(reader));
      given(await house.me({ token: third }));
      for (const token of [reader.token, third]) {
        given(await house.ours('POST', '/auth/signout', { token, body: {} }));
        refused(await house.me({ token }), 401, 'UNAUTHORIZED');
        given(await house.me({ token: second }));
      }
      given(await house.ours('POST', '/auth/signout', { token: second, body: {} }));
      const rows = await house.sql('SELECT * FROM session WHERE "userId" = $1', [reader.user_id]);
      assert.equal(rows.length, 0);
    });

    test('its refusals are ours, and nothing is written', async () => {
      const reader = await house.reader();
      const post = (path, body) => house.ours('POST', path, { body });
      const rows = async () => (await house.sql('SELECT * FROM bookplate_profile')).length;
      const before = await rows();
      const taken = { email: reader.email, password: PASSWORD, background: ANSWERS };
      refused(await post('/auth/signup', taken), 409, 'EMAIL_TAKEN');
      const short = { email: newEmail(), password: 'short', background: ANSWERS };
      refused(await post('/auth/signup', short), 422, 'PASSWORD_TOO_SHORT');
      const wrong = { email: reader.email, password: 'another one 42' };
      refused(await post('/auth/signin', wrong), 401, 'INVALID_EMAIL_OR_PASSWORD');
      const nobody = { email: newEmail(), password: PASSWORD };
      refused(await post('/auth/signin', nobody), 401, 'INVALID_EMAIL_OR_PASSWORD');
      const unknown = { email: newEmail(), password: PASSWORD, background: { none: 1 } };
      refused(await post('/auth/signup', unknown), 422, 'VALIDATION_ERROR');
      assert.equal(await rows(), before);
    });

    test('the accounts are elsewhere, and the key set is the same', async () => {
      for (const path of ['/ok', '/get-session', '/jwks', '/sign-in/social', '']) {
        const error = refused(await house.ours('GET', `/api/auth${path}`), 404, 'ACCOUNTS_ELSEWHERE');
        assert.equal(error.fields.accounts, `${house.relay.url}/api/auth`);
      }
      const posted = await house.ours('POST', '/api/auth/sign-in/email', { body: {} });
      refused(posted, 404, 'ACCOUNTS_ELSEWHERE');
      const theirs = given(await house.original('GET', '/jwks')).keys;
      const ours = given(await house.ours('GET', '/.well-known/jwks.json')).keys;
      assert.deepEqual(
        ours.map(({ kid }) => kid),
        theirs.map(({ kid }) => kid),
      );
      assert.ok(ours.every((key) => key.d === undefined && key.alg === alg));
    });

    test('what is deleted there is forgotten', async () => {
      const reader = await house.reader({ background: ANSWERS });
      const browser = await house.browser(reader);
      const body = { password: PASSWORD };
      given(await house.original('POST', '/delete-user', { cookie: browser.cookie, body }));
      refused(await house.me({ token: reader.token }), 401, 'UNAUTHORIZED');
      refused(await house.ours('GET', '/api/profile', { token: reader.token }), 401, 'UNAUTHORIZED');
    });

    test('no password is in the log', () => {
      assert.ok(!house.server.process.stderr.includes(PASSWORD));
    });
  });
}
