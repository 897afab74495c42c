// SPDX-License-Identifier: Apache-2.0
// What strangers send comes into the log as one line of JSON an event, however
// it is written and however long it is, and reaches no operator's terminal as
// it is (S091).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, describe, test } from 'node:test';

import { WAIT_MS, atEnd } from '../process/program.mjs';
import { bookplate } from '../store/databases.mjs';
import { Connection } from '../wire/raw.mjs';
import { settingsFor } from './goal.mjs';
import {
  PASSWORD,
  SKIP,
  given,
  newEmail,
  openBook,
  stopPostgres,
  until,
} from './people.mjs';

after(stopPostgres);

const LINE_MAX = 1024;
const FORGED = '"}\n{"time":"2026-01-01T00:00:00.000Z","level":"info","event":"forged"}\n';
const ESCAPES = '\u001b[2J\u001b]0;title\u0007\u009b31m';

/** What no line shows, but for its end and the tab. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

/** Letters that end a line, a string or a terminal's peace. */
const HOSTILE = [
  'a\r\nb',
  'a\nb',
  `a${ESCAPES}b`,
  'a\0b',
  'a\u007fb\u0085c\u2028d\u2029e',
  '"\\u000a\\',
  '\xff\xc0\xaf\xed\xa0\x80',
  FORGED,
  'x'.repeat(64 * 1024),
  '\u001b'.repeat(15_000),
];

/** One line for a mail server; to a log it would be two, and a page. */
const RUDE = `550 \u001b[2J\t\u009b31m"}\r{"event":"forged"}\r\n`;

const encoded = (text) => encodeURIComponent(text).slice(0, 4000);
const plain = (text) => text.replace(/[\0\r\n]/g, '').slice(0, 12_000);

/** Sends bytes as they are; whatever is answered. */
async function raw(port, text) {
  const connection = await Connection.open(port);
  try {
    await connection.send([Buffer.from(text, 'latin1')]).catch(() => {});
    await connection.until(
      () => connection.closed || connection.answers().finals.length > 0,
      WAIT_MS,
    );
  } finally {
    connection.destroy();
  }
}

const head = (host, path, fields = {}) =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** As bytes, and as a client would escape it. */
async function sendAll(book, host) {
  const fields = ['User-Agent', 'X-Forwarded-For', 'Referer', 'Origin', 'Cookie'];
  for (const text of HOSTILE) {
    const { port } = book;
    await raw(port, head(host, `/${text}`));
    await raw(port, head(host, `/${encoded(text)}`));
    await raw(port, head(host, `/auth/me?${encoded(text)}`));
    await raw(port, head(host, `/api/service/readers/${encoded(text)}/background`));
    await raw(port, head(text, '/auth/me'));
    for (const name of fields) {
      await raw(port, head(host, '/auth/me', { [name]: text }));
      await raw(port, head(host, '/auth/me', { [name]: plain(text) }));
    }
    await raw(port, head(host, '/auth/me', { Authorization: `Bearer ${plain(text)}` }));
    await raw(port, `${text} / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  }
}

/** What readers say of themselves goes into rows and commands. */
async function sayAll(book) {
  for (const text of HOSTILE) {
    const name = text.slice(0, 200);
    const bytes = Buffer.from(plain(text).slice(0, 2000)).toString('latin1');
    // eslint-disable-next-line no-control-regex
    const agent = bytes.replace(/[\0-\x1f\x7f]/g, '');
    const body = { email: newEmail('log'), password: PASSWORD, name };
    const headers = { 'user-agent': agent, 'x-forwarded-for': agent };
    const answer = await book.call('POST', '/auth/signup', { body, headers });
    if (answer.status !== 201) {
      assert.ok([400, 422].includes(answer.status), answer.text);
      continue;
    }
    const { session_token: token } = answer.json;
    const mark = { page: `/${name}`, state: 'read', place: name };
    const put = await book.call('PUT', '/api/progress', { token, body: mark });
    assert.ok([200, 422].includes(put.status), put.text);
    const wrong = { email: body.email, password: `${name} wrong` };
    await book.call('POST', '/auth/signin', { body: wrong, headers });
  }
}

function checkLines(stderr) {
  const lines = stderr.split('\n');
  assert.equal(lines.pop(), '', 'it ends with a line');
  for (const line of lines) {
    assert.ok(Buffer.byteLength(line) < LINE_MAX, `${line.length} letters`);
    assert.doesNotMatch(line, CONTROLS, JSON.stringify(line));
    const { time, level, event } = JSON.parse(line);
    assert.match(time, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.match(level, /^(error|warn|info|debug)$/);
    assert.match(event, /^[a-z_]+$/);
    assert.notEqual(event, 'forged');
  }
  return lines.length;
}

/** Where mails are brought: a server that says no, and how. */
async function rudeMailServer(t) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    socket.on('data', (bytes) => {
      const isRefused = /^(MAIL|RCPT|QUIT)/i.test(`${bytes}`);
      socket.write(isRefused ? RUDE : '250 well\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(t, () => server.close());
  return `smtp://127.0.0.1:${server.address().port}`;
}

describe('the log', { skip: SKIP }, () => {
  test('S091: what a mail server says is a text too', async (t) => {
    const SMTP_URL = await rudeMailServer(t);
    const more = { LOG_LEVEL: 'debug', SMTP_URL, MAIL_FROM: 'book@example.com' };
    const book = await openBook(t, { settings: { ...settingsFor(t), ...more } });
    const { email } = await book.reader();
    const body = { email, redirectTo: '/' };
    given(await book.call('POST', '/api/auth/request-password-reset', { body }));
    await until(() => book.stderr.includes('mail_not_taken'), 'it is refused');
    await until(() => book.stderr.endsWith('\n'), 'the line is whole');
    checkLines(book.stderr);
    assert.match(book.event('mail_not_taken').reply, /forged/);
  });

  test('S091: one line of JSON an event, whatever was sent', async (t) => {
    const book = await openBook(t, {
      settings: { ...settingsFor(t), LOG_LEVEL: 'debug', TRUSTED_PROXIES: '127.0.0.1' },
    });
    await sendAll(book, new URL(book.origin).host);
    await sayAll(book);
    given(await book.call('GET', '/healthz', { unchecked: true }));
    const isLast = () => book.stderr.includes('"path":"/healthz"');
    await until(isLast, 'the last line');
    const count = checkLines(book.stderr);
    t.diagnostic(`${count} lines`);
    assert.ok(count > HOSTILE.length * 5, `${count} lines`);
    const path = (event) => event.path ?? '';
    assert.ok(book.events().some((one) => path(one).includes('%') || path(one).includes('\u001b')));
    assert.ok(book.events().some((one) => path(one).length > 500), 'a long one is cut');
  });

  test('S091: no command writes to the terminal what readers wrote', async (t) => {
    const book = await openBook(t, { settings: settingsFor(t) });
    await sayAll(book);
    const [{ id }] = await book.sql(
      `SELECT id FROM "user" WHERE name LIKE '%title%'`,
    );
    await book.sql(`UPDATE "session" SET "userAgent" = $1`, [`agent${ESCAPES}`]);
    for (const words of [
      ['user', 'list'],
      ['user', 'list', '--json'],
      ['user', 'show', id],
      ['user', 'show', id, '--json'],
      ['session', 'list', id],
      ['session', 'list', id, '--json'],
      ['audit', 'show'],
      ['audit', 'show', '--user', id, '--json'],
      ['user', 'export', id],
    ]) {
      const { code, stdout, stderr } = await bookplate(t, book.database, words, book.env);
      const said = stdout + stderr;
      assert.ok(said.length > 0, `${words}: ${code}`);
      assert.doesNotMatch(said, CONTROLS, `${words}: ${JSON.stringify(said)}`);
    }
  });
});
