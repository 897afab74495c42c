// SPDX-License-Identifier: Apache-2.0
// What we say to a mail server, heard by one that is not ours: Debian's
// python3-aiosmtpd, with TLS and passwords.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const build = process.env.BOOKPLATE_BIN
  ? dirname(process.env.BOOKPLATE_BIN) : join(here, '../../build/debug');
const sender = join(build, 'tests/mail/mail_sender');
const PYTHON = '/usr/bin/python3';
const MAIL = 'Subject: hello\r\n\r\nfirst\r\n.\r\n..two dots\r\nlast\r\n';
const PASSWORD = 'pass word%';

function missing() {
  if (!existsSync(sender)) {
    return 'mail_sender has not been built';
  }
  try {
    execFileSync(PYTHON, ['-c', 'import aiosmtpd'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'python3-aiosmtpd is not installed';
  }
}

const skip = missing();
let folder;
let certificate;
let key;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookplate-mail-'));
  certificate = join(folder, 'certificate.pem');
  key = join(folder, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes',
    '-days', '2', '-subj', '/CN=localhost', '-addext',
    'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
  { stdio: 'ignore' });
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** A server in that mode: its port, and the mails it takes. */
async function serve(t, mode, withTls = false) {
  const files = withTls ? [certificate, key] : [];
  const child = spawn(PYTHON, [join(here, 'server.py'), mode, ...files],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(child, 'exit');
  const mails = [];
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise((resolve, reject) => {
    gone.then(() => reject(new Error(`the server in mode ${mode} ended`)));
    lines.on('line', (line) => {
      const said = JSON.parse(line);
      if (said.port) {
        resolve(said.port);
      } else {
        mails.push(said);
      }
    });
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return { port, mails };
}

/** What mail_sender prints, and how long it took. */
async function send(fields) {
  const { url, user = '', password = '', from = 'book@example.org',
    to = 'reader@example.com', ca = '', message = MAIL, ms = 5000 } = fields;
  const child = spawn(sender,
    [url, user, password, from, to, ca, String(ms)],
    { stdio: ['pipe', 'pipe', 'ignore'] });
  const begun = Date.now();
  let out = '';
  child.stdin.on('error', () => {});
  child.stdin.end(message, 'latin1');
  child.stdout.on('data', (bytes) => { out += bytes; });
  await once(child, 'close');
  const [status, code, refused, ...text] = out.trim().split(' ');
  return { status, code: Number(code), refused: refused === 'refused',
    text: text.join(' '), took: Date.now() - begun };
}

test('a mail arrives byte for byte', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'plain');
  const answer = await send({ url: `smtp://127.0.0.1:${port}` });
  assert.equal(answer.status, 'OK');
  assert.equal(answer.code, 250);
  assert.equal(mails.length, 1);
  assert.equal(mails[0].content, MAIL);
  assert.equal(mails[0].mail_from, 'book@example.org');
  assert.deepEqual(mails[0].rcpt_tos, ['reader@example.com']);
  assert.equal(mails[0].helo, 'example.org');
  assert.equal(mails[0].tls, false);
});

test('STARTTLS is used when offered, before the password', { skip },
  async (t) => {
    const { port, mails } = await serve(t, 'starttls', true);
    const answer = await send({ url: `smtp://localhost:${port}`,
      user: 'reader', password: PASSWORD, ca: certificate });
    assert.equal(answer.status, 'OK', answer.text);
    assert.equal(mails[0].tls, true);
    assert.equal(mails[0].user, 'PLAIN');
  });

test('LOGIN where PLAIN is not offered', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'login', true);
  const answer = await send({ url: `smtp://localhost:${port}`,
    user: 'reader', password: PASSWORD, ca: certificate });
  assert.equal(answer.status, 'OK', answer.text);
  assert.equal(mails[0].user, 'LOGIN');
});

test('TLS from the start', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'smtps', true);
  const answer = await send({ url: `smtps://localhost:${port}`,
    user: 'reader', password: PASSWORD, ca: certificate });
  assert.equal(answer.status, 'OK', answer.text);
  assert.equal(mails[0].user, 'PLAIN');
});

test('no password over a line in the clear', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'no-starttls');
  const answer = await send({ url: `smtp://localhost:${port}`,
    user: 'reader', password: PASSWORD });
  assert.equal(answer.status, 'UPSTREAM_FAILED');
  assert.equal(answer.refused, false);
  assert.equal(mails.length, 0);
});

test('a certificate nobody vouches for ends it', { skip }, async (t) => {
  for (const [mode, scheme] of [['smtps', 'smtps'], ['starttls', 'smtp']]) {
    const { port, mails } = await serve(t, mode, true);
    const answer = await send({ url: `${scheme}://localhost:${port}` });
    assert.equal(answer.status, 'UPSTREAM_FAILED', mode);
    assert.equal(answer.refused, false, mode);
    assert.equal(mails.length, 0, mode);
  }
});

test('a certificate for another name ends it', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'smtps', true);
  const answer = await send({ url: `smtps://127.0.0.1:${port}`,
    ca: certificate });
  assert.equal(answer.status, 'UPSTREAM_FAILED');
  assert.equal(mails.length, 0);
});

test('a wrong password is the operator\'s to mend', { skip }, async (t) => {
  const { port, mails } = await serve(t, 'starttls', true);
  const answer = await send({ url: `smtp://localhost:${port}`,
    user: 'reader', password: 'wrong', ca: certificate });
  assert.equal(answer.status, 'UPSTREAM_FAILED');
  assert.equal(answer.code, 535);
  assert.equal(answer.refused, false);
  assert.equal(mails.length, 0);
});

for (const [mode, code, refused] of [
  ['refuse-from', 550, true],
  ['refuse-rcpt', 550, true],
  ['refuse-message', 554, true],
  ['defer-rcpt', 451, false],
  ['greeting-554', 554, false],
]) {
  test(`${mode} is ${refused ? 'for good' : 'for now'}`, { skip },
    async (t) => {
      const { port } = await serve(t, mode);
      const answer = await send({ url: `smtp://127.0.0.1:${port}` });
      assert.equal(answer.status, 'UPSTREAM_FAILED');
      assert.equal(answer.code, code);
      assert.equal(answer.refused, refused);
      assert.match(answer.text, new RegExp(`^${code}`));
    });
}

test('a server that never answers QUIT holds nobody up', { skip },
  async (t) => {
    const { port, mails } = await serve(t, 'slow-quit');
    const answer = await send({ url: `smtp://127.0.0.1:${port}`, ms: 30000 });
    assert.equal(answer.status, 'OK');
    assert.equal(mails.length, 1);
    assert.ok(answer.took < 5000, `${answer.took} ms`);
  });

test('a silent server is given up', { skip }, async (t) => {
  const { port } = await serve(t, 'silent');
  const answer = await send({ url: `smtp://127.0.0.1:${port}`, ms: 700 });
  assert.equal(answer.status, 'UPSTREAM_TIMEOUT');
  assert.equal(answer.code, 0);
  assert.ok(answer.took < 5000, `${answer.took} ms`);
});

test('nobody listens', { skip }, async () => {
  const answer = await send({ url: 'smtp://127.0.0.1:1' });
  assert.equal(answer.status, 'UPSTREAM_FAILED');
  assert.equal(answer.refused, false);
});

test('what could break out of its command is not sent', { skip },
  async (t) => {
    const { port, mails } = await serve(t, 'plain');
    const url = `smtp://127.0.0.1:${port}`;
    for (const odd of [
      { to: 'a@x.com\r\nRCPT TO:<v@x.com>' },
      { to: 'a@x.com> NOTIFY=NEVER' },
      { to: 'a b@x.com' },
      { to: '"a b"@x.com' },
      { to: '-oQ@x.com' },
      { to: 'a@b@x.com' },
      { to: '' },
      { to: '@x.com' },
      { to: 'a@' },
      { to: `${'a'.repeat(250)}@x.com` },
      { to: 'ü@x.com' },
      { from: 'a\n@x.com' },
      { url: `${url}/x` },
      { url: 'http://127.0.0.1:1' },
      { url: `smtp://user@127.0.0.1:${port}` },
      { url: 'smtp://' },
      { user: 'a\nb', password: 'x' },
      { message: '' },
    ]) {
      const answer = await send({ url, ...odd });
      assert.equal(answer.status, 'INVALID_VALUE', JSON.stringify(odd));
    }
    assert.equal(mails.length, 0);
  });
