// SPDX-License-Identifier: Apache-2.0
// The one request of a page that can be read already: profile, session and
// progress of a reader, and nothing of an error for a guest.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { whyNoClock } from '../accounts/clock.mjs';
import { startRelay } from '../wire/relay.mjs';
import { openWithClock } from './clock.mjs';
import {
  BACKGROUND,
  ENGINES,
  LATER_BACKGROUND,
  SKIP,
  given,
  newDatabase,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

const PATH = '/api/reader';
const COOKIE = 'better-auth.session_token';
const OVERLAP_MS = 10_000;
const HOUR_S = 3600;
const DAY_S = 86_400;

after(stopPostgres);

const cookiesOf = ({ headers }) => headers['set-cookie'] ?? [];

/** The session's cookie as an answer sets it, or undefined. */
const sessionCookie = (answer) =>
  cookiesOf(answer)
    .filter((line) => line.startsWith(`${COOKIE}=`) && !/Max-Age=0/i.test(line))
    .map((line) => line.split(';')[0])[0];

/** What a guest is answered, and why when something was shown. */
function isGuest(answer, why) {
  const { now, ...rest } = given(answer);
  assert.ok(Math.abs(now - Date.now()) < 60_000, `${now}`);
  const reason = why === undefined ? {} : { refused: why };
  assert.deepEqual(rest, { profile: null, progress: [], ...reason });
  assert.equal(answer.headers['www-authenticate'], undefined);
  return answer;
}

for (const engine of ENGINES) {
  describe(`a page's one request on ${engine}`, { skip: SKIP }, () => {
    const scope = suite();
    const there = 'https://book.example.com';
    let book;
    before(async () => {
      const settings = { FRONTEND_URL: there };
      book = await openBook(scope, { engine, settings });
    });

    const look = (who, query = '') => book.call('GET', PATH + query, who);

    test('is no error for a guest, and leaves nothing behind', async () => {
      const answer = isGuest(await look({}));
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.deepEqual(cookiesOf(answer), []);
      isGuest(await look({ cookie: 'theme=dark; other=1' }));
      isGuest(await look({}, '?since=5'));
      assert.equal((await book.call('HEAD', PATH)).status, 200);
      assert.equal((await book.call('POST', PATH)).status, 405);
    });

    test('gives what the others give, in one answer', async () => {
      const { token } = await book.reader({ background: BACKGROUND });
      const mark = { page: '/docs/intro', state: 'read', place: '#a', seconds: 3 };
      given(await book.call('PUT', '/api/progress', { token, body: mark }));
      const answer = await look({ token });
      const { profile, etag, session, progress, now, ...rest } = given(answer);
      assert.deepEqual(rest, {});
      assert.equal(answer.headers['cache-control'], 'no-store');
      const alone = await book.call('GET', '/api/profile', { token });
      assert.deepEqual(profile, given(alone));
      assert.equal(etag, alone.headers.etag);
      const list = await book.call('GET', '/api/progress', { token });
      assert.deepEqual({ progress }, given(list));
      assert.equal(session.impersonated, false);
      const left = (new Date(session.expires_at) - now) / 1000;
      assert.ok(left > 7 * DAY_S - 60 && left <= 7 * DAY_S, `${left}`);
      assert.ok(Math.abs(now - Date.now()) < 60_000, `${now}`);
    });

    test('its etag is one to change the profile by', async () => {
      const { token } = await book.reader({ background: BACKGROUND });
      const { etag } = given(await look({ token }));
      const put = (answers) =>
        book.call('PUT', '/api/profile', {
          token,
          body: { answers },
          headers: { 'if-match': etag },
        });
      given(await put(LATER_BACKGROUND));
      refused(await put(BACKGROUND), 412, 'PRECONDITION_FAILED');
      assert.notEqual(given(await look({ token })).etag, etag);
    });

    test('knows a reader by cookie, bearer and token', async () => {
      const ann = await book.reader();
      const signed = await book.call('POST', '/api/auth/sign-in/email', {
        body: { email: ann.email, password: 'a quiet harbour at dawn' },
        headers: { origin: book.origin },
      });
      const bearer = signed.headers['set-auth-token'];
      const cookie = sessionCookie(signed);
      const { token: plain } = given(signed);
      const jwt = given(await book.call('GET', '/api/auth/token', { cookie })).token;
      for (const who of [
        { token: ann.token },
        { token: bearer },
        { token: plain },
        { token: jwt },
        { cookie },
        { cookie, token: 'not.ours' },
      ]) {
        const { profile } = given(await look(who));
        assert.equal(profile?.user.id, ann.id, JSON.stringify(who));
      }
    });

    test('says why what was shown does not hold, and is no error', async () => {
      const ann = await book.reader();
      const { cookie } = await book.browser(ann.email);
      isGuest(await look({ token: '' }));
      for (const token of ['x', 'a.b.c', `${ann.token}x`]) {
        isGuest(await look({ token }), 'UNAUTHORIZED');
      }
      for (const value of ['', '.', 'forged.signature', '%', '%zz', '%ff', '"']) {
        isGuest(await look({ cookie: `${COOKIE}=${value}` }), 'UNAUTHORIZED');
      }
      given(await book.call('POST', '/auth/signout', { token: ann.token }));
      isGuest(await look({ token: ann.token }), 'UNAUTHORIZED');
      given(await look({ cookie }));
      await book.sql('DELETE FROM session WHERE "userId" = $1', [ann.id]);
      const over = isGuest(await look({ cookie }), 'UNAUTHORIZED');
      const [line] = cookiesOf(over).filter((one) => one.startsWith(COOKIE));
      assert.match(line, /Max-Age=0/);
    });

    test('a banned reader is a guest at once', async () => {
      const ann = await book.reader();
      const { cookie } = await book.browser(ann.email);
      await book.sql('UPDATE "user" SET banned = $2 WHERE id = $1', [
        ann.id,
        engine === 'sqlite' ? 1 : true,
      ]);
      isGuest(await look({ cookie }), 'BANNED_USER');
      isGuest(await look({ token: ann.token }), 'BANNED_USER');
    });

    test('says when an administrator acts as the reader', async () => {
      const admin = await book.admin();
      const ann = await book.reader();
      const posed = await admin.post('/admin/impersonate-user', { userId: ann.id });
      given(posed);
      const { profile, session } = given(await look({ cookie: sessionCookie(posed) }));
      assert.equal(profile.user.id, ann.id);
      assert.equal(session.impersonated, true);
    });

    test('since the last time nothing is missed, and little comes twice', async () => {
      const { token } = await book.reader();
      const put = (page) =>
        book.call('PUT', '/api/progress', { token, body: { page, state: 'read' } });
      const pages = async (since) =>
        given(await look({ token }, `?since=${since}`))
          .progress.map(({ page }) => page)
          .sort();
      given(await put('/a'));
      const { now } = given(await look({ token }));
      given(await put('/b'));
      // One that was under way when the time was told may show later.
      assert.deepEqual(await pages(now), ['/a', '/b']);
      assert.deepEqual(await pages(new Date(now).toISOString()), ['/a', '/b']);
      assert.deepEqual(await pages(now + OVERLAP_MS + 60_000), []);
      assert.deepEqual(await pages(0), ['/a', '/b']);
      for (const bad of ['', 'yesterday', '-1', '1e3', '9'.repeat(20)]) {
        for (const who of [{ token }, {}]) {
          const fields = refused(await look(who, `?since=${bad}`), 422, 'VALIDATION_ERROR');
          assert.ok('since' in fields, bad);
        }
      }
    });

    test('is read from an origin that is named, and from no other', async () => {
      const ann = await book.reader();
      const { cookie } = await book.browser(ann.email);
      const from = (origin) => look({ cookie, headers: { origin } });
      const named = await from(there);
      assert.equal(given(named).profile.user.id, ann.id);
      assert.equal(named.headers['access-control-allow-origin'], there);
      assert.equal(named.headers['access-control-allow-credentials'], 'true');
      const other = await from('https://elsewhere.example');
      assert.equal(other.headers['access-control-allow-origin'], undefined);
    });
  });

  const skip = SKIP || whyNoClock();
  describe(`a reader who only reads, on ${engine}`, { skip }, () => {
    const scope = suite();
    let book;
    let at = 0;
    before(async () => {
      book = await openWithClock(scope, { engine });
    });
    const wait = (seconds) => book.step((at += seconds));
    const look = (who) => book.call('GET', PATH, who);
    const nowThere = () => Date.now() + at * 1000;

    test('stays signed in, and gets the cookie anew each day', async () => {
      const ann = await book.reader();
      let { cookie } = await book.browser(ann.email);
      wait(DAY_S - HOUR_S);
      assert.equal(sessionCookie(await look({ cookie })), undefined);
      for (let days = 0; days < 21; days += 3) {
        wait(3 * DAY_S);
        const answer = await look({ cookie });
        const { profile, session } = given(answer);
        assert.equal(profile.user.id, ann.id);
        const left = (new Date(session.expires_at) - nowThere()) / 1000;
        assert.ok(left > 7 * DAY_S - 60 && left <= 7 * DAY_S + 1, `${left}`);
        const [line] = cookiesOf(answer).filter((one) => one.startsWith(COOKIE));
        assert.match(line, /Max-Age=604800/);
        cookie = sessionCookie(answer);
        assert.equal(sessionCookie(await look({ cookie })), undefined);
      }
      wait(7 * DAY_S + HOUR_S);
      const over = await look({ cookie });
      assert.deepEqual(
        { profile: over.json.profile, refused: over.json.refused },
        { profile: null, refused: 'UNAUTHORIZED' },
      );
      assert.equal(over.status, 200);
    });

    test('a bearer slides alike, and a token says when it is over', async () => {
      const ann = await book.reader();
      const signed = await book.call('POST', '/api/auth/sign-in/email', {
        body: { email: ann.email, password: 'a quiet harbour at dawn' },
        headers: { origin: book.origin },
      });
      const token = signed.headers['set-auth-token'];
      for (let i = 0; i < 4; i++) {
        wait(6 * DAY_S);
        assert.equal(given(await look({ token })).profile.user.id, ann.id);
      }
      const own = await book.reader();
      wait(HOUR_S);
      const { profile, refused: why } = given(await look({ token: own.token }));
      assert.equal(profile, null);
      assert.equal(why, 'TOKEN_EXPIRED');
    });
  });
}

/** How many statements PostgreSQL was asked to execute, in whole messages. */
function executions(relay) {
  let count = 0;
  for (const text of relay.requests()) {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at + 5 <= bytes.length; ) {
      count += bytes[at] === 'E'.charCodeAt(0) ? 1 : 0;
      at += 1 + bytes.readUInt32BE(at + 1);
    }
  }
  return count;
}

describe('what it costs', { skip: SKIP }, () => {
  const scope = suite();
  let book;
  let relay;
  before(async () => {
    const database = await newDatabase(scope, 'postgres');
    const url = new URL(database.url);
    relay = await startRelay(Number(url.port));
    scope.after(() => relay.stop());
    url.port = String(relay.port);
    database.url = url.href;
    book = await openBook(scope, { database });
  });

  /** The fewest of some: what the server does by itself comes in between. */
  async function asked(path, who) {
    let fewest = Infinity;
    for (let i = 0; i < 8; i++) {
      relay.clear();
      const answer = await book.call('GET', path, who);
      assert.equal(answer.status, 200, answer.text);
      fewest = Math.min(fewest, executions(relay));
    }
    return fewest;
  }

  test('for a reader one question more than the profile', async () => {
    const { token } = await book.reader({ background: BACKGROUND });
    given(await book.call('GET', PATH, { token }));
    const profile = await asked('/api/profile', { token });
    assert.ok(profile > 0);
    assert.equal(await asked(PATH, { token }), profile + 1);
  });

  test('for a guest none: the database may be away', async () => {
    const { token } = await book.reader();
    assert.equal(await asked(PATH, {}), 0);
    await relay.stop();
    isGuest(await book.call('GET', PATH));
    isGuest(await book.call('GET', PATH, { cookie: 'theme=dark' }));
    const answer = await book.call('GET', PATH, { token });
    assert.equal(answer.status, 503, answer.text);
  });
});
