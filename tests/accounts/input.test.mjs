// SPDX-License-Identifier: Apache-2.0
// What can be written into a field: addresses that are none, text that is
// none, JSON that is too much of it, and forms. Whatever comes, the answer is
// no 5xx and the text is stored as it was sent, or not at all.
// Runs alone: no input may take long to refuse.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { answersTo, until } from '../process/program.mjs';
import { Connection } from '../wire/raw.mjs';
import {
  PASSWORD,
  SITE,
  SKIP,
  newEmail,
  sharedFile,
  signedUp,
  startAccounts,
  suite,
} from './house.mjs';

const isRefused = ({ status }) => status >= 400 && status < 500;

describe('input', { skip: SKIP }, () => {
  const scope = suite();
  let server;

  before(async () => {
    server = await startAccounts(scope);
  });

  const signUp = (fields) =>
    server.call('POST', '/sign-up/email', {
      name: 'Ada',
      email: newEmail(),
      password: PASSWORD,
      ...fields,
    });
  const signIn = (body, headers) =>
    server.call('POST', '/sign-in/email', body, { headers });
  const users = async () =>
    Number((await server.sql('SELECT count(*) AS n FROM "user"'))[0].n);

  /** Each is refused within a second, and nobody was added. */
  async function assertNoneGetsIn(cases, ask = signUp) {
    const before = await users();
    for (const one of cases) {
      const answer = await ask(one);
      const what = JSON.stringify(one).slice(0, 80);
      assert.ok(isRefused(answer), `${what}: ${answer.status}`);
      assert.ok(answer.ms < 1000, `${what}: ${answer.ms} ms`);
      assert.doesNotMatch(answer.text, /src\/|\.c:|sqlite|at Object/i);
    }
    assert.equal(await users(), before);
  }

  test('S024: no letter of another width makes an address', () =>
    assertNoneGetsIn(
      [
        'ada\uff20book.example',
        'ada\ufe6bbook.example',
        '\uff41da@book.example',
        'ada@\uff42ook.example',
        'ada@book\u3002example',
        'ada@book\uff0eexample',
        'ada@book.example\u200b',
        'ad\u00ada@book.example',
        'a\u0131@book.example',
        '\u212aate@book.example',
      ].map((email) => ({ email })),
    ));

  test('S025: letters of an address have no case', async () => {
    const email = newEmail('Mixed').replace('book', 'BOOK');
    assert.equal((await signUp({ email })).status, 200);
    assert.equal((await signUp({ email: email.toLowerCase() })).status, 422);
    assert.equal((await signUp({ email: email.toUpperCase() })).status, 422);
    const rows = await server.sql(
      'SELECT email FROM "user" WHERE lower(email) = $1',
      [email.toLowerCase()],
    );
    assert.deepEqual(rows, [{ email: email.toLowerCase() }]);
    assert.equal((await signIn({ email, password: PASSWORD })).status, 200);
  });

  test('S026: no line of a mail begins in an address or a name', async (t) => {
    await assertNoneGetsIn(
      [
        'a@x.com\r\nBcc: v@x.com',
        'a@x.com\nBcc: v@x.com',
        'a@x.com\rBcc:v',
        'a@x.com%0d%0aBcc:v',
        '"a\r\n"@x.com',
        'a@x.com, v@x.com',
        '<a@x.com>',
        'a@x.com>',
      ].map((email) => ({ email })),
    );
    const posting = await startAccounts(t, { SEND_ON_SIGN_UP: 'on' });
    const answer = await posting
      .visitor()
      .signUp(newEmail(), PASSWORD, {
        name: 'Ada\r\nBcc: victim@book.example\r\n\r\nHi',
      });
    assert.equal(answer.status, 200);
    await until(() => posting.mails().length > 0, 'the mail');
    for (const name of readdirSync(posting.mailFolder)) {
      const source = readFileSync(join(posting.mailFolder, name), 'utf8');
      const head = source.split(/\r?\n\r?\n/)[0];
      assert.doesNotMatch(head, /^bcc/im);
    }
    assert.ok(posting.mails().every(({ to }) => !to.includes('victim')));
  });

  test('S027: nothing over-long', () =>
    assertNoneGetsIn([
      { email: `${'l'.repeat(65)}@book.example` },
      {
        email: `l@${'d'.repeat(63)}.`.concat(
          `${'d'.repeat(63)}.`.repeat(3),
          'example',
        ),
      },
      { email: `l@${'d.'.repeat(5000)}example` },
      { name: 'n'.repeat(10_000) },
      { image: `https://book.example/${'i'.repeat(10_000)}` },
    ]));

  test('S028: no NUL in any field', async () => {
    await assertNoneGetsIn(
      ['name', 'email', 'password', 'image', 'callbackURL'].flatMap((key) => [
        { [key]: 'a\u0000b' },
        { [key]: '\u0000' },
        { [key]: `${key === 'email' ? 'z' : ''}z@book.example\u0000` },
      ]),
    );
    const visitor = await signedUp(server);
    const posts = {
      '/update-user': [{ name: 'a\u0000b' }, { image: 'https://a.example/\u0000' }],
      '/change-password': [
        { currentPassword: PASSWORD, newPassword: 'longer than \u0000 eight' },
      ],
      '/verify-password': [{ password: 'a\u0000' }],
      '/request-password-reset': [{ email: 'a\u0000@book.example' }],
      '/revoke-session': [{ token: '\u0000' }],
      '/reset-password': [{ token: 'a\u0000', newPassword: PASSWORD }],
    };
    for (const [path, bodies] of Object.entries(posts)) {
      for (const body of bodies) {
        const answer = await visitor.copy().post(path, body);
        // To end a session that cannot exist is no mistake.
        assert.ok(
          isRefused(answer) || path === '/revoke-session',
          `${path} ${answer.status}`,
        );
      }
    }
    assert.equal((await visitor.session()).user.name, 'Ada');
    assert.equal((await server.visitor().signIn(visitor.email)).status, 200);
  });

  test('S029: no bytes that are not UTF-8', async () => {
    const bad = [
      'ff',
      'c0af',
      'eda080',
      'f4908080',
      'e282',
      '80',
      'f8888080',
      'c080',
    ];
    const before = await users();
    for (const hex of bad) {
      for (const field of ['name', 'email', 'password', 'callbackURL']) {
        const fields = {
          name: 'Ada',
          email: 'raw@book.example',
          password: PASSWORD,
          [field]: 'XX',
        };
        const [head, tail] = JSON.stringify(fields).split('XX');
        const body = Buffer.concat([
          Buffer.from(head),
          Buffer.from(hex, 'hex'),
          Buffer.from(tail),
        ]);
        const answer = await server.call('POST', '/sign-up/email', body);
        assert.ok(isRefused(answer), `${field} ${hex}: ${answer.status}`);
        assert.ok(!answer.text.includes('\ufffd'), 'the answer is UTF-8');
      }
    }
    for (const escape of ['\\ud800', '\\udc00', '\\udc00\\ud800', '\\ud800x']) {
      const body = `{"name":"${escape}","email":"raw@book.example","password":"${PASSWORD}"}`;
      assert.ok(
        isRefused(await server.call('POST', '/sign-up/email', body)),
        escape,
      );
    }
    assert.equal(await users(), before);
  });

  test('S030: marks that turn text around are kept, and are no secret', async () => {
    const name = 'Ada \u202eadA\u200b\u2066x\u2069';
    const answer = await signUp({ name });
    assert.equal(answer.json.user.name, name);
  });

  const around = (value) => `{"email":${value},"password":"p","name":"n"}`;

  test('S031: nesting has an end', async () => {
    const { email } = await signedUp(server);
    const deep = (depth) =>
      `{"email":"${email}","password":"${PASSWORD}",` +
      `"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    assert.equal((await signIn(deep(31))).status, 200);
    assert.equal((await signIn(deep(32))).status, 400);
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"a":', '}]'],
    ]) {
      for (const depth of [33, 5000, 100_000]) {
        const body = around(open.repeat(depth) + '1' + close.repeat(depth));
        const unclosed = around(open.repeat(depth));
        for (const text of [body, unclosed]) {
          const answer = await signIn(text);
          assert.ok(isRefused(answer), `${open} ${depth}: ${answer.status}`);
          assert.ok(answer.ms < 1000);
        }
      }
    }
  });

  test('S032: much of anything costs little', async () => {
    const keys = (count) =>
      Array.from({ length: count }, (_, i) => `"${i.toString(36)}":1`).join(',');
    const bodies = [
      `{${keys(6000)}}`,
      `{${keys(100_000)}}`,
      around(`[${'0,'.repeat(30_000)}0]`),
      around('9'.repeat(5000)),
      around(`-0.${'1'.repeat(5000)}e5000`),
      around(`1e${'9'.repeat(5000)}`),
      around(`"${'\\u00e9'.repeat(10_000)}"`),
      `${' '.repeat(60_000)}{}`,
    ];
    for (const body of bodies) {
      const answer = await signIn(body);
      assert.ok(isRefused(answer), `${body.slice(0, 40)}: ${answer.status}`);
      assert.ok(answer.ms < 1000, `${body.slice(0, 40)}: ${answer.ms} ms`);
    }
  });

  test('S033: a name that comes twice is refused', async () => {
    const { email } = await signedUp(server);
    const twice = [
      `{"email":"x@y.example","email":"${email}","password":"${PASSWORD}"}`,
      `{"email":"${email}","password":"wrong one","password":"${PASSWORD}"}`,
      `{"email":"${email}","em\\u0061il":"x@y.example","password":"${PASSWORD}"}`,
    ];
    for (const body of twice) {
      assert.equal((await signIn(body)).status, 400, body);
    }
  });

  test('S034: nothing but text is an address or a password', async () => {
    const { email } = await signedUp(server);
    const values = [
      {},
      [],
      { length: 5 },
      [email],
      0,
      1,
      true,
      false,
      null,
      { $ne: null },
    ];
    for (const value of values) {
      for (const fields of [
        { email: value, password: PASSWORD },
        { email, password: value },
      ]) {
        const answer = await signIn(fields);
        assert.ok(isRefused(answer), `${JSON.stringify(fields)}: ${answer.status}`);
      }
    }
    await assertNoneGetsIn(
      values.flatMap((value) => [
        { email: value },
        { password: value },
        { name: value },
      ]),
    );
    for (const rememberMe of ['false', 0, 1, 'true', null, []]) {
      const answer = await signIn({ email, password: PASSWORD, rememberMe });
      assert.equal(answer.status, 400, `rememberMe ${JSON.stringify(rememberMe)}`);
    }
    for (const body of ['[]', 'null', '1', '"x"', 'true', '']) {
      assert.ok(isRefused(await signIn(body)), body);
    }
  });

  test('S036: a form is read as JSON is', async () => {
    const { email } = await signedUp(server);
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const form = (text) => signIn(text, type);
    const good = new URLSearchParams({ email, password: PASSWORD }).toString();
    assert.equal((await form(good)).status, 200);
    const bad = [
      `${good}&password=x`,
      `${good}&email=x%40y.example`,
      good.replace('%40', '%00'),
      `${good}%00`,
      good.replace('%40', '%4'),
      good.replace('%40', '%zz'),
      `${good}&${'a=1&'.repeat(10_000)}`,
      `${good}&x=1&x=2`,
      good.replace('%40', '%C0%AF'),
      '&&&',
      '=',
      '',
    ];
    for (const text of bad) {
      const answer = await form(text);
      assert.ok(isRefused(answer), `${text.slice(0, 90)}: ${answer.status}`);
      assert.ok(answer.ms < 1000);
    }
  });

  test('S037: bodies of other types are not read', async () => {
    const { email } = await signedUp(server);
    const body = JSON.stringify({ email, password: PASSWORD });
    for (const type of [
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonx',
      'text/json',
      'application/x-ndjson',
      ' ',
      null,
    ]) {
      const answer = await signIn(body, { 'Content-Type': type });
      assert.equal(answer.status, 415, `${type}: ${answer.status}`);
      assert.equal(answer.cookies.length, 0);
    }
    const connection = await Connection.open(server.port);
    const bytes =
      `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${new URL(SITE).host}\r\n` +
      'Content-Type: text/plain\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const [two] = await answersTo(connection, bytes);
    connection.destroy();
    assert.ok([400, 415].includes(two.status), `two of them: ${two.status}`);
  });

  test('S038: strings that break programs come back as they went', async (t) => {
    const file = sharedFile('data/corpora/naughty-strings.json');
    if (file === null) {
      t.diagnostic('# skipped: the list of naughty strings is not here');
      return;
    }
    const strings = JSON.parse(file).map((one) =>
      /^[A-Za-z0-9+/]+=*$/.test(one) && one.length % 4 === 0
        ? Buffer.from(one, 'base64').toString()
        : one,
    );
    assert.ok(strings.length > 400);
    const visitors = await Promise.all(
      Array.from({ length: 8 }, () => signedUp(server)),
    );
    let kept = 0;
    const check = async (visitor, name) => {
      const answer = await visitor.post('/update-user', { name });
      const { user } = await visitor.session();
      assert.ok(
        answer.status === 200 || isRefused(answer),
        `${JSON.stringify(name)}: ${answer.status}`,
      );
      assert.equal(user.name === name, answer.status === 200, JSON.stringify(name));
      kept += answer.status === 200 ? 1 : 0;
    };
    await Promise.all(
      visitors.map(async (visitor, at) => {
        for (let i = at; i < strings.length; i += visitors.length) {
          await check(visitor, strings[i]);
        }
      }),
    );
    assert.ok(kept > strings.length / 2, `${kept} of ${strings.length} were kept`);
  });

  test('S035: 318 bodies that are JSON, or look like it', async (t) => {
    const archive = sharedFile('data/corpora/json-test-suite.tar.gz');
    if (archive === null) {
      t.diagnostic('# skipped: the JSON corpus is not here');
      return;
    }
    const files = untar(gunzipSync(archive)).filter(({ name }) =>
      /\/[niy]_[^/]+\.json$/.test(name),
    );
    assert.ok(files.length > 300, `${files.length} files`);
    for (const { name, bytes } of files) {
      const answer = await signIn(bytes);
      const kind = /\/([niy])_/.exec(name)[1];
      const isNoJson = answer.text.includes('Invalid JSON');
      assert.ok(isRefused(answer), `${name}: ${answer.status}`);
      // Duplicate names are JSON, and refused on purpose (S033).
      assert.ok(
        kind !== 'n' || isNoJson || answer.status === 413 || bytes.length === 0,
        name,
      );
      assert.ok(kind !== 'y' || !isNoJson || /duplicated|nul/i.test(name), name);
    }
  });
});

/** The files of a tar archive; names longer than a header are not needed. */
function untar(archive) {
  const text = (at, len) =>
    archive.toString('latin1', at, at + len).replace(/\0.*/s, '');
  const files = [];
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const name = [text(at + 345, 155), text(at, 100)].filter(Boolean).join('/');
    files.push({ name, bytes: archive.subarray(at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
