// SPDX-License-Identifier: Apache-2.0
// Cookies that one server wrote and the other reads: the copy of the session
// in each of its forms, in pieces, and under secrets that change.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  ENGINES,
  MAIL,
  PASSWORD,
  bothWays,
  given,
  serve,
  sessionAt,
} from './site.mjs';

const STRATEGIES = ['compact', 'jwt', 'jwe'];
/** Forms of the copy by the number of their dots. */
const DOTS = { compact: 0, jwt: 2, jwe: 4 };
const ABOUT = { about: { type: 'string', required: false } };

const withCopy = (strategy) => ({
  session: { cookieCache: { enabled: true, maxAge: 300, strategy } },
  user: { additionalFields: ABOUT },
});

/** Renames behind the back of both: only a copy still has the old name. */
const rename = (site, { user }) =>
  site.sql('UPDATE "user" SET name = $1 WHERE id = $2', ['Renamed', user.id]);

const names = ({ jar }, part) =>
  jar.names().filter((name) => name.includes(part));

/** One letter another: still base64url, or the original answers 500. */
function withOtherSignature(copy) {
  const change = (text, at) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  if (copy.includes('.')) {
    return change(copy, copy.length - 12);
  }
  const json = JSON.parse(Buffer.from(copy, 'base64url'));
  json.signature = change(json.signature, 12);
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}

function copies(site, strategy) {
  bothWays('is read by the other', async (a, b) => {
    const reader = await site.signUp(a, { about: 'ü "\\" 😀 \u2028' });
    const copy = reader.jar.get('session_data');
    assert.equal(copy.split('.').length - 1, DOTS[strategy]);
    await rename(site, reader);
    const { session, user } = await sessionAt(reader[b]);
    assert.equal(user.name, 'A Reader');
    assert.deepEqual(user, reader.user);
    assert.equal(session.token, reader.token);
    assert.equal(reader.jar.get('session_data'), copy);
    const fresh = { query: { disableCookieCache: true } };
    const { data } = await reader[b].client.getSession(fresh);
    assert.equal(data.user.name, 'Renamed');
  });

  bothWays('is renewed by the other', async (a, b) => {
    const reader = await site.signUp(a);
    given(await reader[b].client.updateUser({ name: 'New' }));
    await rename(site, reader);
    assert.equal((await sessionAt(reader[a])).user.name, 'New');
  });

  bothWays('is believed by neither when it was changed', async (a, b) => {
    const reader = await site.signUp(a);
    await rename(site, reader);
    const forged = withOtherSignature(reader.jar.get('session_data'));
    reader.jar.set('better-auth.session_data', forged);
    assert.equal((await sessionAt(reader[b])).user.name, 'Renamed');
  });

  bothWays('in pieces is put together', async (a, b) => {
    const about = 'é'.repeat(3000);
    const reader = await site.signUp(a, { about });
    assert.ok(names(reader, 'session_data.').length > 1);
    await rename(site, reader);
    const { user } = await sessionAt(reader[b]);
    assert.equal(user.about, about);
    assert.equal(user.name, 'A Reader');
    given(await reader[b].client.signOut());
    assert.deepEqual(reader.jar.names(), []);
  });

  bothWays('that is not to be remembered', async (a, b) => {
    const { email } = await site.signUp(a);
    const reader = await site.signIn(a, email, { rememberMe: false });
    await rename(site, reader);
    assert.equal((await sessionAt(reader[b])).user.name, 'A Reader');
    const { attributes } = reader.jar.find('session_data');
    assert.equal('max-age' in attributes, false);
  });
}

function namesAndAttributes(site) {
  bothWays('are taken from the other, and taken away', async (a, b) => {
    const reader = await site.signUp(a);
    const before = reader.jar.find('session_token');
    assert.equal(before.name, '__Secure-book.session_token');
    given(await reader[b].client.updateUser({ name: 'New' }));
    const after = reader.jar.find('session_token');
    assert.deepEqual(
      { ...after, ends: null, value: before.value },
      { ...before, ends: null },
    );
    given(await reader[b].client.signOut());
    assert.deepEqual(reader.jar.names(), []);
  });
}

const OLD = 'the-old-secret-0123456789-abcdefghijklmnop';
const NEW = 'the-new-secret-0123456789-abcdefghijklmnop';
const LIST = [
  { version: 2, value: NEW },
  { version: 1, value: OLD },
];

/** Ours has the list; the original still has, or already has, one of them. */
function secrets(engine) {
  describe(`the list of secrets of ours, before the original's on ${engine}`, () => {
    const only = { original: { secret: OLD }, ours: { secrets: LIST } };
    const site = serve({ engine, options: MAIL, only });

    test('keeps whom the original signed in', async () => {
      const reader = await site.signUp('original');
      assert.equal((await sessionAt(reader.ours)).user.id, reader.user.id);
      assert.notEqual(await sessionAt(reader.original), null);
    });

    test("opens the original's links", async () => {
      const reader = await site.signUp('original');
      const { email } = reader;
      given(await reader.original.client.sendVerificationEmail({ email }));
      const { url } = await site.mail('original', email, '/verify-email');
      await site.browser().ours.follow(url);
      assert.equal((await sessionAt(reader.ours)).user.emailVerified, true);
    });

    test('is not understood by the original', async () => {
      const reader = await site.signUp('ours');
      assert.equal(await sessionAt(reader.original), null);
    });
  });

  describe(`one list of secrets for both on ${engine}`, () => {
    const site = serve({ engine, options: { secrets: LIST } });

    bothWays('signs for both', async (a, b) => {
      const reader = await site.signUp(a);
      assert.equal((await sessionAt(reader[b])).user.id, reader.user.id);
      assert.equal(await site.trySignIn(b, reader.email, PASSWORD), 200);
    });
  });
}

for (const strategy of STRATEGIES) {
  describe(`the copy of the session as ${strategy}`, () => {
    const engine = strategy === 'jwt' ? 'postgres' : 'sqlite';
    const first = strategy === 'jwe' ? 'ours' : 'original';
    copies(serve({ engine, first, options: withCopy(strategy) }), strategy);
  });
}

describe('cookies with a prefix, for https and a domain', () => {
  const advanced = {
    cookiePrefix: 'book',
    crossSubDomainCookies: { enabled: true, domain: 'example.org' },
  };
  const baseURL = 'https://book.example.org';
  namesAndAttributes(serve({ engine: 'sqlite', options: { baseURL, advanced } }));
});

ENGINES.forEach(secrets);
