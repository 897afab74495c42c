// SPDX-License-Identifier: Apache-2.0
// What a whole run says in its log, on its streams and by its commands has no
// secret and no answer of any reader in it, and its memory is its own (S090).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { readMails } from '../contract/mail.mjs';
import { ask, start } from '../process/program.mjs';
import { bookplate } from '../store/databases.mjs';
import { serverBinary } from '../wire/raw.mjs';
import { oneMark, settingsFor, telling } from './goal.mjs';
import {
  ENGINES,
  SECRET,
  SKIP,
  folderFor,
  given,
  newEmail,
  openBook,
  stopPostgres,
  until,
} from './people.mjs';

after(stopPostgres);

const NOBODY = 65534;
const SERVICE_KEY = `settings-key-${randomBytes(24).toString('hex')}`;
const DATA_KEY = randomBytes(32).toString('base64url');
const mark = (word) => `${word}-${randomBytes(9).toString('hex')}`;

/** What must not be told, by what it is. */
class Secrets extends Map {
  keep(what, value) {
    assert.ok(typeof value === 'string' && value.length > 11, `${what} ${value}`);
    this.set(value, what);
    return value;
  }

  /** A cookie's value, and the session in it. */
  cookie(line) {
    for (const pair of line.split('; ').filter((one) => /=.{12}/.test(one))) {
      const value = pair.slice(pair.indexOf('=') + 1);
      this.keep('a cookie', value);
      this.keep('a session', decodeURIComponent(value).split('.')[0]);
    }
    return line;
  }

  /** Those that stand in `text`, but for what it is there to tell. */
  in(text, ...business) {
    return [...this]
      .filter(([value, what]) => text.includes(value) && !business.includes(what))
      .map(([value, what]) => `${what}: ${value}`);
  }
}

/** People of a book who write down all that is secret about what they do. */
class Play {
  constructor(t, book, mailFolder) {
    Object.assign(this, { t, book, mailFolder, secrets: new Secrets() });
    this.said = []; // by commands: [words, output, business ...]
    this.secrets.keep('the secret', SECRET);
    this.secrets.keep('a key of the settings', SERVICE_KEY);
    this.secrets.keep('a data key', DATA_KEY);
  }

  async command(words, ...business) {
    const ran = await bookplate(this.t, this.book.database, words, this.book.env);
    this.said.push([words.join(' '), ran.stdout + ran.stderr, ...business]);
    return ran;
  }

  call(method, path, options = {}) {
    return this.book.call(method, path, { unchecked: true, ...options });
  }

  async signUp() {
    const { secrets } = this;
    const password = secrets.keep('a password', mark('password'));
    const goal = secrets.keep('an answer', mark('goal'));
    const place = secrets.keep('a place', mark('place'));
    const page = `/docs/${secrets.keep('a page', mark('page'))}`;
    const email = newEmail('secret');
    const progress = [{ page, state: 'read', place }];
    const background = { goal };
    const body = { email, password, progress, background };
    const made = given(await this.call('POST', '/auth/signup', { body }), 201);
    secrets.keep('a token', made.session_token);
    return { id: made.user_id, token: made.session_token, email, password, page };
  }

  async browser({ email, password }) {
    const headers = { origin: this.book.origin };
    const body = { email, password };
    const answer = await this.call('POST', '/api/auth/sign-in/email', { body, headers });
    given(answer);
    this.secrets.keep('a session', answer.json.token);
    const lines = answer.headers['set-cookie'].map((line) => line.split(';')[0]);
    return { cookie: this.secrets.cookie(lines.join('; ')), headers };
  }

  /** Signs in, in vain too, and takes every kind of token there is. */
  async sessions(reader) {
    const { secrets } = this;
    const { email, password, token } = reader;
    const wrong = secrets.keep('a wrong password', mark('wrong'));
    for (const path of ['/auth/signin', '/api/auth/sign-in/email']) {
      await this.call('POST', path, { body: { email, password: wrong } });
      await this.call('POST', path, { body: { email: `x${email}`, password: wrong } });
      await this.call('POST', path, { raw: `{"email":"${email}","password":"${wrong}` });
      await this.call('POST', path, { body: { password: wrong, [wrong]: wrong } });
      await this.call('PUT', path, { body: { email, password } });
    }
    const signIn = await this.call('POST', '/auth/signin', { body: { email, password } });
    secrets.keep('a token', given(signIn).session_token);
    const renewed = await this.call('POST', '/auth/refresh', { token });
    secrets.keep('a token', given(renewed).session_token);
    const browser = await this.browser(reader);
    const jwt = await this.call('GET', '/api/auth/token', browser);
    secrets.keep('a token', given(jwt).token);
    for (const bearer of [`${token}x`, 'x', `${token} ${token}`, jwt.json.token]) {
      await this.call('GET', '/api/profile', { token: bearer });
    }
    await this.call('GET', `/api/profile?token=${token}`);
    return browser;
  }

  /** Everything a reader says about themselves, some of it wrongly. */
  async telling({ token, page }) {
    const goal = this.secrets.keep('an answer', mark('goal'));
    const body = { answers: { goal } };
    given(await this.call('PUT', '/api/profile', { token, body }));
    await this.call('PUT', '/api/profile', { token, body: { answers: { [goal]: goal } } });
    await this.call('PUT', '/api/profile', { token, body: { answers: { years: goal } } });
    await this.call('PUT', '/api/profile', { token, raw: `{"answers":"${goal}` });
    const bad = { page, state: goal, place: goal };
    await this.call('PUT', '/api/progress', { token, body: bad });
    for (const path of ['/auth/me', '/api/profile/history', '/api/progress', '/api/export']) {
      given(await this.call('GET', path, { token }));
    }
  }

  /** A new password by mail and by the old one. */
  async passwords(reader, browser) {
    const { secrets } = this;
    const redirectTo = '/';
    const body = { email: reader.email, redirectTo };
    given(await this.call('POST', '/api/auth/request-password-reset', { body }));
    const find = () => readMails(this.mailFolder).find(({ to }) => to === reader.email);
    await until(() => find() !== undefined, 'the mail');
    const link = new URL(find().url);
    const key = secrets.keep('a link', link.pathname.split('/').at(-1));
    await this.call('HEAD', link.pathname + link.search);
    await this.call('GET', link.pathname + link.search);
    await this.call('GET', `${link.pathname}/${link.search}`);
    await this.call('POST', link.pathname);
    const post = (path, words) => this.call('POST', path, { body: words, ...browser });
    const first = secrets.keep('a password', mark('changed'));
    const { password } = reader;
    given(
      await post('/api/auth/change-password', {
        currentPassword: password,
        newPassword: first,
      }),
    );
    const second = secrets.keep('a password', mark('reset'));
    const reset = { token: key, newPassword: second };
    given(await post('/api/auth/reset-password', reset));
    await post('/api/auth/reset-password', reset);
    return { ...reader, password: second };
  }

  /** Another service, by a key of each kind. */
  async service({ id }) {
    const made = await this.command(['service', 'add', 'grader', '--json'], 'a key');
    const key = this.secrets.keep('a key', JSON.parse(made.stdout).key);
    for (const token of [key, SERVICE_KEY, `${key}x`]) {
      await this.call('GET', `/api/service/readers/${id}/background`, { token });
      await this.call('POST', '/api/service/backgrounds', { token, body: { ids: [id] } });
    }
  }

  async administrators({ id, email }) {
    const words = ['user', 'create', newEmail('chief'), '--role', 'admin', '--json'];
    const made = await this.command(words, 'a password');
    const { password } = JSON.parse(made.stdout);
    this.secrets.keep('a password', password);
    const admin = await this.browser({ email: words[2], password });
    const post = (what, body) =>
      this.call('POST', `/api/auth/admin/${what}`, { body, ...admin });
    const newPassword = this.secrets.keep('a password', mark('given'));
    given(await post('set-user-password', { userId: id, newPassword }));
    const session = given(await post('impersonate-user', { userId: id }));
    this.secrets.keep('a session', session.session.token);
    given(await this.call('GET', `/api/admin/profile?user_id=${id}`, admin));
    return { id, email, password: newPassword };
  }

  async commands({ id }) {
    await this.command(['user', 'list', '--json']);
    await this.command(['user', 'show', id]);
    await this.command(['user', 'show', id, '--answers'], 'an answer');
    await this.command(['user', 'export', id], 'an answer', 'a place', 'a page');
    await this.command(['session', 'list', id, '--json']);
    await this.command(['service', 'list', '--json']);
    await this.command(['service', 'revoke', 'grader']);
    await this.command(['key', 'list', '--json']);
    await this.command(['key', 'rotate', '--new']);
    await this.command(['key', 'rotate', '--signing']);
    await this.command(['audit', 'show', '--json']);
    await this.command(['audit', 'verify']);
    await this.command(['check']);
    await this.command(['user', 'show', 'nobody']);
  }

  /** What cannot be opened is told in the log, and not what it would be. */
  async damage({ id, token }) {
    await this.book.sql(
      `UPDATE bookplate_profile SET answers = $1 WHERE user_id = $2`,
      ['AAAA', id],
    );
    const answer = await this.call('GET', '/api/profile', { token });
    assert.equal(answer.status, 500, answer.text);
  }
}

async function wholePlay(t, engine) {
  const mailFolder = join(folderFor(t), 'mails');
  mkdirSync(mailFolder);
  const book = await openBook(t, {
    engine,
    settings: {
      ...settingsFor(t),
      LOG_LEVEL: 'debug',
      MAIL_SPOOL: mailFolder,
      MAIL_FROM: 'book@example.com',
      SERVICE_KEYS: `book:${SERVICE_KEY}`,
      DATA_KEYS: `1:${DATA_KEY}`,
    },
  });
  const play = new Play(t, book, mailFolder);
  let reader = await play.signUp();
  const browser = await play.sessions(reader);
  await play.telling(reader);
  await play.service(reader);
  reader = { ...(await play.passwords(reader, browser)) };
  const { password } = await play.administrators(reader);
  await play.commands(reader);
  const other = await play.signUp();
  await play.damage(other);
  const own = await play.browser({ ...reader, password });
  given(await play.call('POST', '/api/auth/delete-user', { body: { password }, ...own }));
  return play;
}

for (const engine of ENGINES) {
  describe(`a whole run on ${engine}`, { skip: SKIP }, () => {
    test('S090: tells nobody what is secret', async (t) => {
      const play = await wholePlay(t, engine);
      const { book, secrets, said } = play;
      assert.ok(secrets.size > 25, `${secrets.size}`);
      const answered = book.events().filter(({ event }) => event === 'answered');
      assert.ok(answered.length > 45, `${answered.length} lines of the log`);
      assert.ok(book.stderr.includes('UNREADABLE'));
      assert.deepEqual(secrets.in(book.stdout + book.stderr), []);
      for (const [words, output, ...business] of said) {
        assert.ok(output.length > 0, words);
        assert.deepEqual(secrets.in(output, ...business), [], words);
      }
      const shown = said.find(([words]) => words.endsWith('--answers'));
      assert.ok(secrets.in(shown[1]).length > 0, 'answers are found where they are');
    });
  });
}

/** Starts the server as somebody who is not root, so that /proc can tell. */
async function startAsNobody(t, env) {
  const folder = folderFor(t);
  const binary = join(folder, 'bookplate');
  copyFileSync(serverBinary(), binary);
  const cwd = join(folder, 'home');
  mkdirSync(cwd);
  chmodSync(folder, 0o755);
  chmodSync(cwd, 0o777);
  const become = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`;
  const own = process.getuid() === 0 ? become : '';
  const shell = `ulimit -c unlimited; exec ${own} '${binary}' "$@"`;
  const server = await start(t, { cwd, env, shell });
  return Object.assign(server, { folder: cwd });
}

describe('the memory of the server', { skip: SKIP }, () => {
  test('S090: is open to nobody, and left in no file', async (t) => {
    const server = await startAsNobody(t, { LOG_LEVEL: 'debug' });
    await until(async () => (await ask(server.port, 'GET', '/readyz')).status === 200, 'up');
    // Of a process whose memory others of its user may read it would be theirs.
    assert.equal(statSync(`/proc/${server.child.pid}/environ`).uid, 0);
    server.signal('SIGSEGV');
    assert.match(`${await server.exit}`, /SIGSEGV|1/);
    assert.deepEqual(readdirSync(server.folder).filter((name) => /core/.test(name)), []);
  });
});
