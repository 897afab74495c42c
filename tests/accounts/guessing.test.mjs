// SPDX-License-Identifier: Apache-2.0
// Guessing passwords: from one address, from many, with and without
// disguise; and what an owner notices of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { until } from '../process/program.mjs';
import {
  PASSWORD,
  SKIP,
  Visitor,
  WRONG,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const NEW_PASSWORD = 'a harbour with new lights';

/** A visitor whose connections come from `from`. */
function visitorFrom(server, from, headers) {
  const call = (method, path, body, options) =>
    server.call(method, path, body, { ...options, from });
  return new Visitor(call, headers);
}

const statuses = (answers) => answers.map(({ status }) => status);

async function inTurn(count, ask) {
  const answers = [];
  for (let i = 0; i < count; i++) {
    answers.push(await ask(i));
  }
  return answers;
}

describe('one source', { skip: SKIP }, () => {
  const scope = suite();
  let server;
  let owner;
  let source = 0;

  before(async () => {
    server = await startAccounts(scope, {
      RATE_LIMIT: 'memory',
      TRUSTED_PROXIES: '127.0.9.9',
    });
    owner = await signedUp(server);
  });

  /** An address that has asked nothing so far. */
  const stranger = () => visitorFrom(server, `127.0.7.${(source += 1)}`);
  const proxied = (client) =>
    visitorFrom(server, '127.0.9.9', { 'X-Forwarded-For': client });

  test('S010: twenty guesses, three are looked at', async () => {
    const visitor = stranger();
    const answers = await inTurn(20, () => visitor.signIn(owner.email, WRONG));
    assert.deepEqual(statuses(answers).slice(0, 3), [401, 401, 401]);
    assert.deepEqual(new Set(statuses(answers).slice(3)), new Set([429]));
    const wait = Number(answers[3].headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 10, `Retry-After: ${wait}`);
    assert.match(answers[3].json.message, /Too many requests/);
  });

  test('S013: one password on many accounts', async () => {
    const visitor = stranger();
    const answers = await inTurn(40, (i) =>
      visitor.signIn(`reader${i}@book.example`, WRONG),
    );
    assert.equal(statuses(answers).filter((status) => status === 401).length, 3);
    assert.equal(statuses(answers).filter((status) => status === 429).length, 37);
  });

  test('S014: a stranger is not believed about his address', async () => {
    const visitor = stranger();
    const answers = await inTurn(20, (i) => {
      visitor.headers = {
        'X-Forwarded-For': `192.0.2.${i}`,
        Forwarded: `for=192.0.2.${i}`,
        'X-Real-IP': `192.0.2.${i}`,
        'X-Client-IP': `192.0.2.${i}`,
        'CF-Connecting-IP': `192.0.2.${i}`,
      };
      return visitor.signIn(owner.email, WRONG);
    });
    assert.deepEqual(new Set(statuses(answers).slice(3)), new Set([429]));
    const rows = await server.sql('SELECT "ipAddress" AS ip FROM session');
    assert.deepEqual(rows, [{ ip: '127.0.0.1' }]);
  });

  test('S015: one IPv6 address, however it is spelled', async () => {
    const spellings = [
      '2001:db8:1:2::a',
      '2001:DB8:1:2::A',
      '2001:0db8:0001:0002:0000:0000:0000:000a',
      '2001:db8:1:2:0:0:0:a',
      '2001:db8:1:2::0.0.0.10',
    ];
    const answers = await inTurn(spellings.length, (i) =>
      proxied(spellings[i]).signIn(owner.email, WRONG),
    );
    assert.deepEqual(statuses(answers), [401, 401, 401, 429, 429]);
    const mapped = ['192.0.2.77', '::ffff:192.0.2.77', '::FFFF:c000:24d'];
    await inTurn(3, (i) => proxied(mapped[i]).signIn(owner.email, WRONG));
    const last = await proxied('192.0.2.77').signIn(owner.email, WRONG);
    assert.equal(last.status, 429);
  });

  test('S016: all addresses of one IPv6 subscriber', async () => {
    const answers = await inTurn(8, (i) =>
      proxied(`2001:db8:5:6:${i}::${i}`).signIn(owner.email, WRONG),
    );
    assert.deepEqual(new Set(statuses(answers).slice(3)), new Set([429]));
    const next = await proxied('2001:db8:5:7::1').signIn(owner.email, WRONG);
    assert.equal(next.status, 401, 'the next subscriber is another one');
  });

  test('S017: no second name of a path has a fresh count', async () => {
    const from = `127.0.7.${(source += 1)}`;
    const visitor = visitorFrom(server, from);
    await inTurn(4, () => visitor.signIn(owner.email, WRONG));
    const names = [
      '/api/auth//sign-in/email',
      '//api/auth/sign-in/email',
      '/api/auth/./sign-in/email',
      '/api/auth/x/../sign-in/email',
      '/api/auth/sign-in%2Femail',
      '/api/auth/sign-in%2femail',
      '/api/auth/sign%2Din/email',
      '/API/auth/sign-in/email',
      '/api/auth/Sign-In/Email',
      '/api/auth/sign-in/email/',
      '/api/auth/sign-in/email;x=1',
      '/api/auth/sign-in/email;x',
      '/api/auth/sign-in/email?x=1',
      '/api/auth/sign-in/email%00',
      '/api/auth/sign-in\\email',
      'http://book.example/api/auth/sign-in/email',
    ];
    for (const name of names) {
      const { status } = await server.call(
        'POST',
        name,
        { email: owner.email, password: PASSWORD },
        { base: '', from },
      );
      assert.ok([400, 404, 405, 429].includes(status), `${name}: ${status}`);
    }
    const open = await server.call('POST', '/sign-in/email', {
      email: owner.email,
      password: PASSWORD,
    });
    assert.equal(open.status, 200, 'another address may still sign in');
  });

  test('S017: a path that is switched off stays off', async (t) => {
    const off = await startAccounts(t, { DISABLED_PATHS: '/sign-in/email' });
    for (const path of [
      '/sign-in/email',
      '//sign-in/email',
      '/./sign-in/email',
      '/sign-in/email/',
      '/sign-in/%65mail',
    ]) {
      const { status } = await off.call('POST', path, {
        email: owner.email,
        password: PASSWORD,
      });
      assert.ok([400, 404].includes(status), `${path}: ${status}`);
    }
  });
});

describe('many sources', { skip: SKIP }, () => {
  const scope = suite();
  let server;
  let owner;
  let sources = 0;

  before(async () => {
    server = await startAccounts(scope, { RATE_LIMIT: 'memory' });
    owner = await signedUp(server);
  });

  /** Wrong passwords, each from an address of its own, a few at a time. */
  async function guessFrom(count) {
    const answers = [];
    while (answers.length < count) {
      const batch = Array.from(
        { length: Math.min(25, count - answers.length) },
        () => {
          sources += 1;
          const from = `127.1.${sources >> 7}.${1 + (sources & 127)}`;
          return visitorFrom(server, from).signIn(owner.email, WRONG);
        },
      );
      answers.push(...(await Promise.all(batch)));
    }
    return answers;
  }

  test('S011: after a hundred guesses the account answers slowly', async () => {
    const answers = await guessFrom(150);
    assert.deepEqual(new Set(statuses(answers).slice(0, 100)), new Set([401]));
    const held = answers.filter(({ status }) => status === 429);
    assert.ok(held.length >= 40, `${held.length} of 50 were held back`);
    const waits = held.map(({ headers }) => Number(headers['retry-after']));
    assert.ok(Math.min(...waits) >= 1, `${waits}`);
  });

  test('S012: the owner, on a device that knows the account, is not', async () => {
    const held = await visitorFrom(server, '127.2.0.1').signIn(owner.email);
    assert.equal(held.status, 429, 'a stranger waits');
    const known = owner.copy();
    known.call = visitorFrom(server, '127.2.0.2').call;
    assert.equal((await known.signIn(owner.email)).status, 200);
  });

  test('S011: the owner is told, once', async () => {
    await until(() => server.mails().length > 0, 'a mail');
    await guessFrom(10);
    const other = visitorFrom(server, '127.2.0.3');
    await other.post('/request-password-reset', { email: owner.email });
    await until(() => server.mails().length > 1, 'the mail after it');
    assert.equal(server.mails().length, 2);
    assert.equal(server.mails()[0].to, owner.email);
  });

  test('S012: a reset by mail frees the account', async () => {
    const link = server.mails()[1].url;
    const token = /reset-password\/([^?]+)/.exec(link)[1];
    const visitor = visitorFrom(server, '127.2.0.4');
    const answer = await visitor.post('/reset-password', {
      token,
      newPassword: NEW_PASSWORD,
    });
    assert.equal(answer.status, 200);
    assert.equal((await visitor.signIn(owner.email, NEW_PASSWORD)).status, 200);
  });

  test('S011: the right password works after the wait', async () => {
    const answers = await guessFrom(110);
    const wait = Math.max(
      1,
      ...answers.map(({ headers }) => Number(headers['retry-after'] ?? 0)),
    );
    assert.ok(wait <= 8, `${wait} s after so few failures`);
    const visitor = visitorFrom(server, '127.2.0.5');
    await delay(wait * 1000); // the wait is what is tested
    assert.equal((await visitor.signIn(owner.email, NEW_PASSWORD)).status, 200);
  });
});
