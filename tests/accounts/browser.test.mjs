// SPDX-License-Identifier: Apache-2.0
// What other sites make a reader's browser do: send requests, follow links,
// run scripts, read answers, fill shared caches.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';

import {
  PASSWORD,
  SITE,
  SKIP,
  newEmail,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const EVIL = 'http://evil.example';
const FRIEND = 'https://reader.example';

/** Every path of routes.def that takes a POST. */
function postedPaths() {
  const file = new URL('../../src/api/routes.def', import.meta.url);
  const rows = readFileSync(file, 'utf8').matchAll(/AUTH\(POST, "([^"*]+)"/g);
  return [...rows].map(([, path]) => path);
}

const MALFORMED = [
  'http://[',
  'http://',
  '%',
  'http://[::1',
  'http://book.example:port/',
  'http://book.example:99999/',
  'http:///x',
  ':',
  '\u0001',
];

/** What a browser would take somewhere else, or run. */
const ELSEWHERE = [
  EVIL,
  `${EVIL}/`,
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '\t//evil.example',
  'http:evil.example',
  'http:/\\evil.example',
  'http://book.example@evil.example/',
  'http://book.example:x@evil.example/',
  'http://book.example.evil.example/',
  'http://evil-book.example/',
  'http://evil.example/http://book.example',
  'http://evil.example?http://book.example',
  'http://evil.example#http://book.example',
  'https://book.example/',
  'http://book.example:8080/',
  'http://evil.example\\.book.example/',
  '/%2f/evil.example',
  '/%5cevil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://book.example/x',
  'about:blank',
];

describe('other sites', { skip: SKIP }, () => {
  const scope = suite();
  let server;
  let owner;

  before(async () => {
    server = await startAccounts(scope, {
      FRONTEND_URL: `${FRIEND},https://*.friends.example`,
      DELETE_USER: 'on',
      CHANGE_EMAIL: 'on',
      SESSION_REFRESH: 'deferred',
    });
    owner = await signedUp(server);
  });

  /** The three doors through which a URL comes in, asked with it. */
  async function answersFor(url) {
    const text = encodeURIComponent(url);
    const visitor = server.visitor();
    return {
      'sign-in': await visitor.post('/sign-in/email', {
        email: owner.email,
        password: 'wrong',
        callbackURL: url,
      }),
      'sign-up': await visitor.post('/sign-up/email', {
        name: 'A',
        email: owner.email,
        password: PASSWORD,
        callbackURL: url,
      }),
      reset: await visitor.post('/request-password-reset', {
        email: 'no@book.example',
        redirectTo: url,
      }),
      verification: await visitor.get(`/verify-email?token=x&callbackURL=${text}`),
      'reset link': await visitor.get(`/reset-password/x?callbackURL=${text}`),
    };
  }

  test('S072: a malformed address is refused, wherever it comes in', async () => {
    for (const url of [...MALFORMED, 'x'.repeat(60_000)]) {
      for (const [door, { status, headers }] of Object.entries(
        await answersFor(url.slice(0, 6000)),
      )) {
        const what = `${door} ${JSON.stringify(url.slice(0, 40))}: ${status}`;
        assert.ok(status >= 400 && status < 500, what);
        assert.equal(headers.location, undefined, what);
      }
    }
    for (const callbackURL of [[], [FRIEND], {}, 1, true, '/'.repeat(100_000)]) {
      const { status } = await server.visitor().post('/sign-in/email', {
        email: owner.email,
        password: PASSWORD,
        callbackURL,
      });
      assert.ok(status >= 400 && status < 500, `${status}`);
    }
  });

  test('S073: no link leads to another site', async () => {
    for (const url of ELSEWHERE) {
      for (const [door, { status, headers }] of Object.entries(
        await answersFor(url),
      )) {
        const what = `${door} ${JSON.stringify(url)}: ${status}`;
        assert.equal(status, 403, what);
        assert.equal(headers.location, undefined, what);
      }
    }
  });

  test('S073: where it may lead, it leads', async () => {
    for (const [url, expected] of [
      ['/welcome?a=b#c', '/welcome?a=b#c'],
      [`${SITE}/welcome`, `${SITE}/welcome`],
      [`${FRIEND}/x`, `${FRIEND}/x`],
      ['https://a.friends.example/', 'https://a.friends.example/'],
    ]) {
      const answer = await server.visitor().post('/sign-in/email', {
        email: owner.email,
        password: PASSWORD,
        callbackURL: url,
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.location, expected);
    }
  });

  test('S074: no call is made for another site', async () => {
    const forged = {
      'its origin': { Origin: EVIL },
      'the origin null': { Origin: 'null' },
      'no origin but its referer': {
        Origin: null,
        Referer: `${EVIL}/page`,
        'Sec-Fetch-Site': 'cross-site',
      },
      'no origin at all': { Origin: null, 'Sec-Fetch-Site': 'cross-site' },
      'an origin like ours': { Origin: `${SITE}.evil.example` },
      'our host, another port': { Origin: `${SITE}:8080` },
    };
    const paths = postedPaths();
    assert.ok(paths.length > 20, `${paths}`);
    for (const path of paths) {
      for (const [what, headers] of Object.entries(forged)) {
        const answer = await owner
          .copy()
          .post(path, { email: owner.email, password: PASSWORD }, headers);
        assert.equal(answer.status, 403, `${path} with ${what}: ${answer.status}`);
        assert.equal(answer.cookies.length, 0, `${path} with ${what}`);
      }
    }
    assert.equal((await owner.session()).user.email, owner.email);
  });

  test('S075: nobody is signed in as somebody else by a form', async () => {
    const form = new URLSearchParams({
      email: owner.email,
      password: PASSWORD,
    }).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const headers of [
      {
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
      },
      {
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Mode': 'navigate',
        Origin: EVIL,
      },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', Origin: EVIL },
      { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'navigate', Origin: EVIL },
      { Origin: EVIL },
      { Origin: 'null' },
      { Referer: `${EVIL}/` },
    ]) {
      for (const path of ['/sign-in/email', '/sign-up/email']) {
        const body = path === '/sign-in/email' ? form : `${form}&name=A`;
        const answer = await server.call('POST', path, body, {
          headers: { ...type, ...headers },
        });
        assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.equal(answer.cookies.length, 0);
      }
    }
    assert.equal(
      (await server.call('POST', '/sign-in/email', form, { headers: type })).status,
      200,
    );
  });

  test('S076: answers are readable by trusted origins only', async () => {
    const strangers = [
      'null',
      EVIL,
      `${FRIEND}.evil.example`,
      'https://evilreader.example',
      'http://reader.example',
      `${FRIEND}:8443`,
      'https://friends.example',
      'https://a.friends.example.evil.example',
      'https://READER.example.',
      `${FRIEND}/`,
      `${FRIEND}, ${EVIL}`,
    ];
    const preflight = {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    const ask = async (Origin) => [
      await server.call('OPTIONS', '/sign-in/email', undefined, {
        headers: { Origin, ...preflight },
      }),
      await server.call('GET', '/get-session', undefined, {
        headers: { Origin, Cookie: owner.cookie },
      }),
    ];
    for (const origin of strangers) {
      for (const { headers } of await ask(origin)) {
        assert.equal(headers['access-control-allow-origin'], undefined, origin);
        assert.equal(
          headers['access-control-allow-credentials'],
          undefined,
          origin,
        );
      }
    }
    for (const origin of [FRIEND, 'https://a.friends.example', SITE]) {
      for (const { headers } of await ask(origin)) {
        assert.equal(headers['access-control-allow-origin'], origin);
        assert.equal(headers['access-control-allow-credentials'], 'true');
        assert.match(headers.vary, /origin/i);
      }
    }
  });

  test('S077: what a page is told, it shows as text', async () => {
    const script = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';
    const text = encodeURIComponent(script);
    for (const path of [
      `/error?error=${text}`,
      `/error?error=x&error_description=${text}`,
      `/${text}`,
      `/reset-password/${text}?callbackURL=/`,
      `/verify-email?token=${text}`,
    ]) {
      const answer = await server.call('GET', path, undefined, {
        headers: { Accept: 'text/html' },
      });
      assert.doesNotMatch(answer.text, /<script>|<img/i, path);
      assert.match(
        answer.headers['content-security-policy'],
        /default-src 'none'/,
        path,
      );
      assert.doesNotMatch(
        answer.headers['content-security-policy'],
        /script-src|unsafe-eval/,
        path,
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
      assert.doesNotMatch(answer.headers.location ?? '', /[<>"']/, path);
    }
  });

  test('S078: a name is text, and a picture has an address', async () => {
    for (const image of [
      'javascript:alert(1)',
      'JAVASCRIPT:alert(1)',
      'vbscript:x',
      'data:text/html,<script>x</script>',
      'file:///etc/passwd',
      ' javascript:alert(1)',
      'java\nscript:x',
    ]) {
      const { status } = await owner.post('/update-user', { image });
      assert.ok(status >= 400 && status < 500, `${image}: ${status}`);
      const up = await server.visitor().signUp(newEmail(), PASSWORD, { image });
      assert.ok(up.status >= 400 && up.status < 500, `${image}: ${up.status}`);
    }
    const name = '<img src=x onerror=alert(1)>';
    assert.equal((await owner.post('/update-user', { name })).status, 200);
    const answer = await owner.get('/get-session');
    assert.equal(answer.json.user.name, name);
    assert.match(answer.headers['content-type'], /^application\/json/);
  });

  test('S080, S081: what every answer says to browsers', async () => {
    const gets = [
      '/get-session',
      '/list-sessions',
      '/list-accounts',
      '/token',
      '/ok',
      '/error',
      '/jwks',
      '/nothing',
      '/reset-password/x?callbackURL=/',
      '/verify-email?token=x',
    ];
    const answers = [];
    for (const path of gets) {
      answers.push([path, await owner.copy().get(path)]);
    }
    for (const path of [
      '/sign-in/email',
      '/sign-up/email',
      '/update-user',
      '/sign-out',
    ]) {
      answers.push([
        path,
        await owner.copy().post(path, { email: owner.email, password: PASSWORD }),
      ]);
    }
    for (const [path, { headers }] of answers) {
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.match(
        headers['content-security-policy'],
        /frame-ancestors 'none'/,
        path,
      );
      assert.equal(
        headers['access-control-allow-origin'],
        path.match(/sign-|update/) ? SITE : undefined,
        path,
      );
      const isPublic = ['/jwks'].includes(path);
      assert.ok(
        isPublic || /no-store/.test(headers['cache-control']),
        `${path}: ${headers['cache-control']}`,
      );
      const isJson = /json/.test(headers['content-type'] ?? '');
      assert.ok(
        !isJson || headers['cross-origin-resource-policy'] === 'same-site',
        path,
      );
      assert.equal(
        headers['strict-transport-security'],
        undefined,
        `${path}: not on http`,
      );
    }
  });

  test('S080: behind https it stays https, and so do its cookies', async (t) => {
    const secure = await startAccounts(t, {
      BETTER_AUTH_URL: 'https://book.example',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const answer = await secure.call(
      'POST',
      '/sign-up/email',
      { name: 'A', email: newEmail(), password: PASSWORD },
      { headers: { 'X-Forwarded-Proto': 'https' } },
    );
    assert.match(answer.headers['strict-transport-security'], /max-age=\d{7,}/);
    assert.ok(answer.cookies.length > 0);
    for (const line of answer.cookies) {
      assert.match(line, /^__Secure-/);
      assert.match(line, /; HttpOnly/);
      assert.match(line, /; Secure/);
      assert.match(line, /; SameSite=Lax/);
      assert.doesNotMatch(line, /; Domain/);
      assert.ok(line.length < 4096);
    }
  });
});
