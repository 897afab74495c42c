// SPDX-License-Identifier: Apache-2.0
// The mails we write, read by code that is not ours: Python's email package.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync }
  from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const build = process.env.BOOKPLATE_BIN
  ? dirname(process.env.BOOKPLATE_BIN) : join(here, '../../build/debug');
const writer = join(build, 'tests/mail/mail_writer');
const skip = existsSync(writer) ? false : 'mail_writer has not been built';

function write(...words) {
  const { status, stdout } = spawnSync(writer, words);
  return { refused: status === 3 ? stdout.toString() : null, raw: stdout };
}

function read(raw) {
  const { status, stdout, stderr } =
    spawnSync('/usr/bin/python3', [join(here, 'reader.py')], { input: raw });
  assert.equal(status, 0, stderr.toString());
  return JSON.parse(stdout.toString());
}

function message(fields) {
  const { fromName = '', from = 'book@example.org', toName = '',
    to = 'reader@example.com', subject = 'Hello', text = 'text\n',
    html = '<p>html</p>\n' } = fields;
  return write('message', fromName, from, toName, to, subject, text, html);
}

/** What must hold of every mail, whatever is in it. */
function readWell(raw) {
  const mail = read(raw);
  assert.deepEqual(mail.defects, []);
  assert.deepEqual(mail.names.map((name) => name.toLowerCase()).sort(),
    [...new Set(['from', 'to', 'subject', 'date', 'message-id',
      'auto-submitted', 'mime-version', 'content-type',
      ...(mail.type === 'text/plain' ? ['content-transfer-encoding'] : []),
    ])].sort());
  assert.ok(mail.longest <= 78, `a line of ${mail.longest} bytes`);
  assert.equal(mail.bare, false);
  assert.equal(mail.ascii, true);
  assert.equal(mail.to.length, 1);
  assert.equal(mail.from.length, 1);
  return mail;
}

test('both bodies, and the fields a mail must have', { skip }, () => {
  const mail = readWell(message({ fromName: 'The Book', toName: 'A Reader' })
    .raw);
  assert.deepEqual(mail.from, [['The Book', 'book@example.org']]);
  assert.deepEqual(mail.to, [['A Reader', 'reader@example.com']]);
  assert.equal(mail.subject, 'Hello');
  assert.equal(mail.type, 'multipart/alternative');
  assert.deepEqual(mail.parts.map(([type]) => type),
    ['text/plain', 'text/html']);
  assert.ok(Math.abs(mail.date - Date.now() / 1000) < 60);
  assert.match(mail.id, /^<[A-Za-z0-9]{32}@example\.org>$/);
});

test('plain text alone', { skip }, () => {
  const mail = readWell(message({ html: '' }).raw);
  assert.equal(mail.type, 'text/plain');
  assert.equal(mail.parts[0][1], 'text\r\n');
});

test('bodies arrive as they were', { skip }, () => {
  for (const text of ['', '.\n', '..\n.\n', 'From me\n', 'a \n\tb\t\n', '=3D=\n',
    'grüße 漢字 🙂\n', `${'x'.repeat(5000)}\n`, `${'ü'.repeat(5000)}\n`,
    `${'. '.repeat(400)}\n`, 'no line end', '\n\n\n', '--=_\n']) {
    const mail = readWell(message({ text, html: text || 'x' }).raw);
    const want = text.endsWith('\n') ? text : `${text}\n`;
    assert.equal(mail.parts[0][1].replaceAll('\r\n', '\n'), want);
    assert.equal(mail.parts[1][1].replaceAll('\r\n', '\n'),
      text ? want : 'x\n');
  }
});

test('subjects and names in any script', { skip }, () => {
  for (const words of ['Grüße', '漢字'.repeat(20), '🙂'.repeat(30), 'a"b\\c',
    '=?UTF-8?B?eA==?=', 'a, b <c@d.e>; f: (g)', 'x'.repeat(100),
    'word '.repeat(15).trim(), 'ü'.repeat(50)]) {
    const { raw } = message({ fromName: words, toName: words,
      subject: words });
    const mail = readWell(raw);
    assert.equal(mail.subject, words);
    // Names are cut at 100 bytes, in whole characters.
    for (const [name] of [mail.from[0], mail.to[0]]) {
      assert.ok(words.startsWith(name), name);
      assert.ok(Buffer.from(name).length > 96 || name === words, name);
    }
    assert.equal(mail.to[0][1], 'reader@example.com');
  }
});

// S026
test('no field begins another', { skip }, () => {
  const evil = 'x\r\nBcc: v@example.net\r\n\r\nbody';
  const mail = readWell(message({ fromName: evil, toName: evil, subject: evil })
    .raw);
  assert.equal(mail.subject, 'x Bcc: v@example.net  body');
  for (const odd of [
    { to: 'a@x.com\r\nBcc: v@x.com' }, { to: 'a@x.com>, <v@x.com' },
    { to: 'a@x.com, v@x.com' }, { to: '' }, { to: 'a' }, { to: 'a b@x.com' },
    { from: 'a@x.com\n' }, { from: '"a"@x.com' }, { from: 'ä@x.com' },
  ]) {
    assert.equal(message(odd).refused, 'INVALID_VALUE', JSON.stringify(odd));
  }
});

// S030
test('nothing unseen in subjects and names', { skip }, () => {
  const odd = 'a\u202eb\u200bc\ufeffd\u2066e\u00adf\u0007g\u{e0041}h';
  const mail = readWell(message({ subject: odd, toName: odd }).raw);
  assert.equal(mail.subject, 'abcdefgh');
  assert.equal(mail.to[0][0], 'abcdefgh');
});

test('what is too long is cut or refused', { skip }, () => {
  const mail = readWell(message({ subject: '漢'.repeat(500) }).raw);
  assert.equal(mail.subject, '漢'.repeat(66));
});

test('the built-in mails', { skip }, () => {
  const url = 'https://book.example.org/api/auth/verify-email?token=a&b="<c>';
  for (const [name, linked] of [['verify-email', true],
    ['change-email-confirmation', true], ['change-email-verification', true],
    ['reset-password', true], ['delete-account', true],
    ['existing-account', false], ['password-guessing', false]]) {
    const { raw, refused } = write('template', name, 'o\'<b>@x.com', url);
    assert.equal(refused, null, name);
    const mail = readWell(raw);
    const [[, text], [, html]] = mail.parts;
    assert.ok(mail.subject.length > 5);
    assert.doesNotMatch(text + html, /\{\{|\}\}/);
    assert.equal(text.includes(url), linked, name);
    assert.equal(html.includes(
      'href="https://book.example.org/api/auth/verify-email?token=a&amp;b='
      + '&quot;&lt;c&gt;"'), linked, name);
    assert.ok(!html.includes('<b>'), name);
    assert.ok(!/<(img|script|link|style)/.test(html), name);
  }
});

test('spooled mails are whole, private and in order', { skip }, (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bookplate-mail-')), 'spool');
  t.after(() => rmSync(dirname(folder), { recursive: true, force: true }));
  assert.equal(write('spool', folder, 'x').refused, null);
  const names = readdirSync(folder).sort();
  assert.equal(names.length, 10);
  names.forEach((name, i) => {
    assert.match(name, /^\d{15}-\d{8}-[A-Za-z0-9]{8}\.eml$/);
    assert.equal(readFileSync(join(folder, name), 'utf8'), `${i} x`);
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  });
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(write('spool', join(folder, 'no/such'), 'x').refused,
    'UNAVAILABLE');
});
