// SPDX-License-Identifier: Apache-2.0
// Commands that cannot do what they are asked: each says so in one line, ends
// with the right code, and has done nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { serverBinary } from '../wire/raw.mjs';
import { ENGINES, SKIP, lines, openHouse, run, stopCluster } from './house.mjs';

after(stopCluster);

function folderFor(t) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-commands-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function isRefusal({ code, out, err }, expected, ...words) {
  assert.equal(code, expected, err);
  assert.equal(out, '');
  assert.match(err, /^bookplate: [^\n]+\n$/);
  assert.ok(!/[\x00-\x09\x0b-\x1f\x7f]/.test(err), JSON.stringify(err));
  for (const word of words) {
    assert.ok(err.includes(word), `${word} in ${err}`);
  }
}

/** One of each that needs the database. */
const COMMANDS = [
  'user list', 'user show a@example.org', 'user create a@example.org',
  'user ban a@example.org', 'user unban a@example.org',
  'user set-role a@example.org admin', 'user delete a@example.org --yes',
  'user export a@example.org', 'user import - --format csv',
  'session list a@example.org', 'session revoke x', 'session revoke --all --yes',
].map((line) => line.split(' '));

describe('without a database that fits', { skip: SKIP }, () => {
  test('none is made', async (t) => {
    const cwd = folderFor(t);
    for (const words of COMMANDS) {
      isRefusal(await run(words, { cwd, input: 'email\n' }), 1, 'bookplate migrate');
    }
    assert.deepEqual(readdirSync(cwd), []);
  });

  test('a file that is none is named and left alone', async (t) => {
    const cwd = folderFor(t);
    const file = join(cwd, 'notes.txt');
    const text = 'not a database\n'.repeat(500);
    writeFileSync(file, text);
    const env = { DATABASE_URL: `sqlite:${file}` };
    for (const words of COMMANDS) {
      isRefusal(await run(words, { cwd, env, input: 'email\n' }), 1, 'DATABASE_URL');
    }
    assert.deepEqual(readdirSync(cwd), ['notes.txt']);
  });

  test('a server that is not there is told without its password', async () => {
    const env = {
      DATABASE_URL: 'postgresql://u:hidden-word@127.0.0.1:1/book',
      BETTER_AUTH_SECRET: 'x'.repeat(40),
    };
    for (const words of COMMANDS) {
      const told = await run(words, { env, input: 'email\n' });
      assert.equal(told.code, 1);
      assert.ok(!told.err.includes('hidden-word'), told.err);
    }
  });
});

for (const engine of ENGINES) {
  describe(`on ${engine}`, { skip: SKIP }, () => {
    test('a database of another version is not touched', async (t) => {
      const house = await openHouse(t, engine);
      await house.signUp('a@example.org');
      const set = (text) => house.sql(text);
      await set('UPDATE bookplate_migration SET version = version + 50');
      for (const words of COMMANDS) {
        isRefusal(await house.run(words, { input: 'email\n' }), 1, 'newer bookplate');
      }
      await set('UPDATE bookplate_migration SET version = version - 50');
      await set('ALTER TABLE "user" RENAME COLUMN "banReason" TO gone');
      for (const words of COMMANDS) {
        isRefusal(await house.run(words, { input: 'email\n' }), 1,
          'not up to date', 'banReason', 'bookplate migrate');
      }
      await set('ALTER TABLE "user" RENAME COLUMN gone TO "banReason"');
      assert.equal(lines((await house.run('user list --json')).out).length, 1);
    });

    test('whatever is typed, it is one line and no crash', async (t) => {
      const house = await openHouse(t, engine);
      await house.signUp('a@example.org');
      const texts = ['', ' ', "' OR 1=1 --", '../../etc/passwd', '%s%n%x',
        '\u001b[2J', 'a\nb', '\u202e', '@', 'a@', '@b', '-', '--', '--x',
        '0', '-1', '9'.repeat(40), 'x'.repeat(4096), 'x'.repeat(5000),
        `${'a'.repeat(4000)}@example.org`, 'İ@example.org', '\ud83d\ude00',
        'NULL', '$1', '{user.email}', '\\', '*'];
      const takers = [['user', 'show'], ['user', 'ban'], ['user', 'unban'],
        ['user', 'export'], ['session', 'list'], ['session', 'revoke'],
        ['session', 'revoke', '--user'], ['user', 'delete', '--yes'],
        ['user', 'set-role', 'a@example.org']];
      for (const text of texts) {
        for (const words of takers) {
          const told = await house.run([...words, text]);
          if (words[1] === 'set-role' && told.code === 0) {
            assert.match(text, /^[\w-]+$/);
            continue;
          }
          assert.ok([1, 2].includes(told.code), `${words} ${text}: ${told.err}`);
          isRefusal(told, told.code);
        }
      }
      await house.run('user set-role a@example.org user');
      assert.equal(lines((await house.run('user list --json')).out).length, 1);
    });

    test('ids of every kind and other names of columns', async (t) => {
      for (const settings of [
        { ID_TYPE: 'uuid' }, { ID_TYPE: 'serial' },
        { COLUMN_NAMES: 'snake', ID_TYPE: 'serial' },
      ]) {
        const house = await openHouse(t, engine, { settings });
        const { id } = await house.signUp('a@example.org', 'Ann');
        assert.match(id, settings.ID_TYPE === 'uuid' ? /-/ : /^\d+$/);
        const [one] = lines((await house.run(`user show ${id} --json`)).out);
        assert.equal(one.email, 'a@example.org');
        isRefusal(await house.run('user show nonsense'), 1, "no user 'nonsense'");
        const input = `email,name${settings.ID_TYPE === 'uuid' ? ',id' : ''}\n` +
          `b@example.org,Ben${settings.ID_TYPE === 'uuid'
            ? ',6f6a2c1e-7d3f-4b1a-9c58-0d8a4c1b2e3f' : ''}\n`;
        const told = await house.run('user import - --format csv --json', { input });
        assert.equal(lines(told.out)[0].imported, 1, told.err);
        const counted = await house.run('user import - --format csv',
          { input: 'email,id\nc@example.org,x7\n' });
        assert.equal(counted.code, engine === 'sqlite' && settings.ID_TYPE === 'uuid'
          ? counted.code : 1);
        const [session] = lines((await house.run(`session list ${id} --json`)).out);
        assert.equal((await house.run(`session revoke ${session.id}`)).code, 0);
        assert.equal((await house.run(`user ban ${id} --expires 1h`)).code, 0);
        assert.equal((await house.run(`user list --search BEN --json`)).code, 0);
        assert.equal((await house.run(`user export ${id}`)).code, 0);
        assert.equal((await house.run(`user delete ${id} --yes`)).code, 0);
        isRefusal(await house.run(`session revoke ${session.id}`), 1, 'no session');
      }
    });

    test('without the admin plugin there are no roles and no bans', async (t) => {
      const house = await openHouse(t, engine, {
        settings: { AUTH_PLUGINS: 'bearer,jwt' },
      });
      await house.signUp('a@example.org');
      for (const line of ['user ban a@example.org', 'user unban a@example.org',
        'user set-role a@example.org admin', 'user list --role admin',
        'user list --banned', 'user create b@example.org --role admin']) {
        isRefusal(await house.run(line), 2, 'AUTH_PLUGINS');
      }
      const [user] = lines((await house.run('user list --json')).out);
      assert.deepEqual(Object.keys(user),
        ['id', 'email', 'name', 'emailVerified', 'createdAt']);
      assert.equal((await house.run('user create b@example.org')).code, 0);
      assert.equal((await house.run('user show b@example.org')).code, 0);
    });
  });
}

describe('on a terminal', { skip: SKIP }, () => {
  const script = existsSync('/usr/bin/script');

  /** Runs it on a terminal of that many columns; `typed` goes in. */
  const onTerminal = (house, line, typed = '', columns = 80) =>
    spawnSync('script', ['-qec',
      `stty cols ${columns} -echo; exec ${serverBinary()} ${line}`, '/dev/null'],
    { input: typed, env: { PATH: process.env.PATH, ...house.env }, encoding: 'utf8' });

  test('it asks, and only yes is yes', { skip: !script }, async (t) => {
    const house = await openHouse(t, 'sqlite');
    await house.signUp('a@example.org');
    for (const typed of ['no\n', '\n', 'y\n', 'YES\n', ' yes\n', '\u0004']) {
      const told = onTerminal(house, 'user delete a@example.org', typed);
      assert.equal(told.status, 1, told.stdout);
      assert.match(told.stdout, /Delete a@example\.org .*for good\? Type yes: /);
    }
    assert.equal(lines((await house.run('user list --json')).out).length, 1);
    const told = onTerminal(house, 'user delete a@example.org', 'yes\n');
    assert.match(told.stdout, /deleted a@example\.org/);
    assert.equal(told.status, 0);
  });

  test('lines are cut to its width', { skip: !script }, async (t) => {
    const house = await openHouse(t, 'sqlite');
    await house.signUp('a@example.org', 'A name that is '.repeat(8));
    for (const columns of [120, 110]) {
      const { stdout } = onTerminal(house, 'user list', '', columns);
      const rows = stdout.split(/\r?\n/).filter(Boolean);
      assert.equal(rows.length, 2, stdout);
      assert.ok(rows.every((row) => [...row].length <= columns), stdout);
      assert.ok(stdout.includes('…'));
    }
    const { out } = await house.run('user list');
    assert.ok(out.includes('A name that is '.repeat(8).trim()));
  });

  test('a bar shows how far an import is', { skip: !script }, async (t) => {
    const house = await openHouse(t, 'sqlite');
    const file = join(folderFor(t), 'many.csv');
    writeFileSync(file, `email\n${Array.from({ length: 20_000 },
      (_, i) => `r${i}@example.org\n`).join('')}nobody\n`);
    const { stdout, status } = onTerminal(house, `user import ${file}`);
    assert.equal(status, 1);
    assert.match(stdout, /\r\x1b\[K\[#* *\] +\d+% {2}\d+ imported, \d+ refused/);
    assert.match(stdout, /\x1b\[Kline 20002: email is not an address\r?\n/);
    assert.match(stdout, /imported +20000\r?\n/);
  });

  test('a page nobody can read is a failure', async (t) => {
    const house = await openHouse(t, 'sqlite');
    await house.signUp('a@example.org');
    const shell = (line) => spawnSync('sh', ['-c', `exec ${serverBinary()} ${line}`],
      { env: { PATH: process.env.PATH, ...house.env }, encoding: 'utf8' });
    for (const line of ['user list >/dev/full', 'user list >&-', 'user list --json >/dev/full']) {
      const told = shell(line);
      assert.equal(told.status, 1, line);
      assert.match(told.stderr, /standard output/);
    }
  });
});
