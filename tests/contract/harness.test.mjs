// SPDX-License-Identifier: Apache-2.0
// The harness itself: what it must refuse, and what it reads.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { settingNames, toEnvironment } from './environment.mjs';
import { plainText } from './mail.mjs';
import { Jar, parseSetCookie } from './visitor.mjs';

const CONFIG = new URL('../../src/app/config.def', import.meta.url);

describe('options as settings', () => {
  test('an option without a setting is an error', () => {
    for (const options of [
      { appName: 'x' },
      { session: { cookieCache: { refreshCache: true } } },
      { plugins: ['magic-link'] },
      { plugins: [['jwt', { jwks: { remoteUrl: 'x' } }]] },
    ]) {
      assert.throws(() => toEnvironment(options), /no setting|not ours/);
    }
  });

  test('every setting is one of ours', () => {
    const known = readFileSync(CONFIG, 'utf8').match(/(?<=CONFIG\()[A-Z_]+/g);
    for (const name of settingNames()) {
      assert.ok(known.includes(name), name);
    }
  });

  test('are written as an operator would', () => {
    const environment = toEnvironment({
      baseURL: 'https://a.example.org',
      emailAndPassword: { enabled: true, disableSignUp: true },
      session: { expiresIn: 60, cookieCache: { enabled: true } },
      rateLimit: {
        enabled: true,
        customRules: { '/a/*': { window: 5, max: 2 }, '/b': false },
      },
      advanced: { crossSubDomainCookies: { enabled: true } },
    });
    assert.equal(environment.BETTER_AUTH_URL, 'https://a.example.org');
    assert.equal(environment.SIGN_IN, 'on');
    assert.equal(environment.SIGN_UP, 'off');
    assert.equal(environment.SESSION_EXPIRES_IN, '60s');
    assert.equal(environment.SESSION_CACHE, 'compact');
    assert.equal(environment.RATE_LIMIT, 'memory');
    assert.equal(environment.RATE_LIMIT_RULES, '/a/*=5s/2,/b=off');
    assert.equal(environment.COOKIE_DOMAIN, 'a.example.org');
    assert.equal(environment.MAIL_SPOOL, undefined);
  });
});

describe('mails', () => {
  const link = 'https://a.example.org/x?token=1&callbackURL=%2F';

  test('are read in quoted-printable', () => {
    const body = link.replace(/=/g, '=3D').replace('token', 'tok=\r\nen');
    const mail = `Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n`;
    const encoding = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n';
    assert.equal(plainText(mail + encoding + body), link);
  });

  test('are read in parts and base64', () => {
    const part = (type, text) =>
      `--b\r\nContent-Type: text/${type}\r\n` +
      'Content-Transfer-Encoding: base64\r\n\r\n' +
      `${Buffer.from(text).toString('base64')}\r\n`;
    const mail =
      'Content-Type: multipart/alternative;\r\n boundary="b"\r\n\r\n' +
      `${part('plain', link)}${part('html', '<p>no</p>')}--b--\r\n`;
    assert.equal(plainText(mail), link);
  });
});

describe('cookies', () => {
  test('are kept, replaced and taken away', () => {
    const jar = new Jar();
    jar.store(parseSetCookie('x.a=1; Path=/; HttpOnly'));
    jar.store(parseSetCookie('x.b=c=d; Max-Age=60'));
    jar.store(parseSetCookie('x.a=2'));
    assert.equal(jar.header(), 'x.a=2; x.b=c=d');
    jar.store(parseSetCookie('x.a=; Max-Age=0; Path=/'));
    assert.deepEqual(jar.names(), ['x.b']);
    assert.equal(jar.get('b'), 'c=d');
  });
});
