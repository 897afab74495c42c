// SPDX-License-Identifier: Apache-2.0
// Files the program makes are for whom it runs as, whatever the shell it was
// started from would give away, and files of others are not taken (S093).
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { run, start, until } from '../process/program.mjs';
import { BACKGROUND, PASSWORD, SKIP, caller, folderFor, given } from './people.mjs';

/** As an operator's shell that hides nothing. */
const OPEN_SHELL = 'umask 0; exec "$0" "$@"';
const modeOf = (path) => (lstatSync(path).mode & 0o7777).toString(8);

/** Where a server keeps everything, as it is first started. */
function place(t) {
  const folder = folderFor(t);
  const data = join(folder, 'data');
  const file = join(data, 'book.db');
  const env = {
    DATABASE_URL: `sqlite:${file}`,
    MAIL_SPOOL: join(folder, 'mails'),
    MAIL_FROM: 'book@example.com',
  };
  return { folder, data, file, secret: join(data, 'book.secret'), env };
}

function modesBelow(folder) {
  const modes = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.path, entry.name);
    modes[path.slice(folder.length + 1)] = modeOf(path);
  }
  return modes;
}

/** What is made while a reader comes, writes and wants a new password. */
async function use(server) {
  const call = caller(server.port);
  const body = { email: 'ann@example.com', password: PASSWORD, background: BACKGROUND };
  given(await call('POST', '/auth/signup', { body }), 201);
  const reset = { email: body.email, redirectTo: '/' };
  given(await call('POST', '/api/auth/request-password-reset', { body: reset }));
  call.close();
}

describe('files', { skip: SKIP }, () => {
  test('S093: are the owner’s alone under any umask', async (t) => {
    const { folder, data, file, secret, env } = place(t);
    const server = await start(t, { env, shell: OPEN_SHELL });
    await use(server);
    const mails = () => readdirSync(env.MAIL_SPOOL).filter((name) => /\.eml$/.test(name));
    await until(() => mails().length > 0, 'a mail');
    const modes = modesBelow(folder);
    for (const name of ['book.db', 'book.db-wal', 'book.db-shm', 'book.secret']) {
      assert.equal(modes[`data/${name}`], '600', name);
    }
    assert.equal(modeOf(data), '700');
    assert.equal(modeOf(env.MAIL_SPOOL), '700');
    for (const name of mails()) {
      assert.equal(modeOf(join(env.MAIL_SPOOL, name)), '600', name);
    }
    for (const [name, mode] of Object.entries(modes)) {
      assert.match(mode, /^[67]00$/, name);
    }
    assert.match(readFileSync(secret, 'utf8'), /^[A-Za-z0-9+/]{43}=\n$/);
    assert.ok(lstatSync(file).isFile());
  });

  test('S093: so is the report of an import, with its addresses', async (t) => {
    const { folder, env } = place(t);
    const list = join(folder, 'import.csv');
    const report = join(folder, 'refused.txt');
    writeFileSync(list, 'email,name\nann@example.net,Ann\nann@example.net,Ann\n');
    const words = ['user', 'import', list, '--report', report];
    assert.equal((await run(['migrate'], { env })).code, 0);
    await run(words, { env, shell: OPEN_SHELL });
    assert.equal(modeOf(report), '600');
    assert.match(readFileSync(report, 'utf8'), /ann@example.net/);
  });

  /** How the place is spoilt before a second start, and what is said. */
  const LINK = /book\.db(-wal)? is not a file of its own/;
  const WRITABLE = /data\S* is a (file|folder) others may write/;
  const SPOILT = [
    ['a database others may write', WRITABLE, ({ file }) => chmodSync(file, 0o660)],
    ['a database all may write', WRITABLE, ({ file }) => chmodSync(file, 0o602)],
    ['a folder others may write', WRITABLE, ({ data }) => chmodSync(data, 0o770)],
    [
      'a link for a database',
      LINK,
      ({ folder, file }) => {
        renameSync(file, join(folder, 'elsewhere.db'));
        symlinkSync(join(folder, 'elsewhere.db'), file);
      },
    ],
    [
      'a link that leads nowhere yet',
      LINK,
      ({ folder, file }) => {
        renameSync(file, join(folder, 'elsewhere.db'));
        symlinkSync(join(folder, 'new.db'), file);
      },
    ],
    [
      'a link for the log of the database',
      LINK,
      ({ folder, file }) => {
        writeFileSync(join(folder, 'theirs'), '');
        symlinkSync(join(folder, 'theirs'), `${file}-wal`);
      },
    ],
    [
      'a secret others may read',
      /book\.secret: can be read by others/,
      ({ secret }) => chmodSync(secret, 0o640),
    ],
    [
      'a link for a secret',
      /book\.secret: Too many levels of symbolic links/,
      ({ folder, secret }) => {
        renameSync(secret, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), secret);
      },
    ],
  ];
  for (const [what, words, spoil] of SPOILT) {
    test(`S093: ${what} keeps it from starting`, async (t) => {
      const at = place(t);
      const { env } = at;
      mkdirSync(at.data, { mode: 0o700 });
      const first = await start(t, { env });
      first.signal('SIGTERM');
      assert.equal(await first.exit, 0);
      spoil(at);
      const { code, stdout, stderr } = await run(['serve'], {
        env: { HOST: '127.0.0.1', PORT: '0', ...env },
      });
      assert.ok(code > 0, `${code} ${stdout}`);
      assert.equal(stdout, '');
      assert.match(stderr, /^bookplate: [^\n]*\n$/);
      assert.match(stderr, words);
      assert.ok(!readdirSync(at.folder).includes('new.db'), 'nothing was made');
    });
  }
});
