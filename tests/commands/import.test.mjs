// SPDX-License-Identifier: Apache-2.0
// user import, beside a server that runs: what comes in can sign in, what is
// refused is told, and a program that is killed leaves nothing half done.
import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { ENGINES, SKIP, lines, openHouse, stopCluster } from './house.mjs';

after(stopCluster);

const SALT = '000102030405060708090a0b0c0d0e0f';
const PASSWORD = 'correct horse 42';
const SCRYPT = `${SALT}:${scryptSync(PASSWORD.normalize('NFKC'), SALT, 64, {
  N: 16384, r: 16, p: 1, maxmem: 64 << 20,
}).toString('hex')}`;
// Of the set every bcrypt is tested with: the password is U*U.
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

function fileFor(t, name, text) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-import-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const counts = (out) => {
  const { seconds, ...rest } = lines(out)[0];
  assert.equal(typeof seconds, 'number');
  return rest;
};

const csvOf = (count, from = 0) =>
  `email,name,password\n${Array.from({ length: count }, (_, i) =>
    `reader${from + i}@example.net,"Reader, ${from + i}",${SCRYPT}\n`).join('')}`;

/** Users without their account, or the other way round. */
async function halves(house) {
  const rows = await house.sql(`
    SELECT u.id, a.id AS account, b.id AS audit FROM "user" u
    LEFT JOIN account a ON a."userId" = u.id
    LEFT JOIN bookplate_audit b ON b.detail = 'import'
    WHERE a.id IS NULL OR a.password IS NULL LIMIT 5`);
  const [{ n }] = await house.sql(
    'SELECT count(*) AS n FROM account WHERE "userId" NOT IN (SELECT id FROM "user")');
  return rows.length + Number(n);
}

const userCount = async (house) =>
  Number((await house.sql('SELECT count(*) AS n FROM "user"'))[0].n);

for (const engine of ENGINES) {
  describe(`on ${engine}`, { skip: SKIP }, () => {
    test('imported users sign in with the passwords they had', async (t) => {
      const house = await openHouse(t, engine);
      const file = fileFor(t, 'users.csv', `\ufeffemail,Name,password_hash,\
email_verified,role,created_at,image\r
Ann@Example.org,"Ann ""B"", C",${SCRYPT},true,admin,2020-02-29T10:00:00Z,https://example.org/a.png\r
ben@example.org,Ben,${BCRYPT},0,,2024-03-01 10:00:00.123+00,\r
bea@example.org,Béa,${BCRYPT.replace('$2a', '$2y')},f,,,\r
cat@example.org,,,yes,"user,writer",,\r
`);
      const { code, out, err } = await house.run(['user', 'import', file, '--json']);
      assert.equal(code, 0, err);
      assert.deepEqual(counts(out), { imported: 4, existing: 0, refused: 0 });
      const ann = await house.signIn('ann@example.org', PASSWORD);
      assert.equal(ann.status, 200);
      const { user } = ann.json;
      assert.deepEqual(
        [user.name, user.emailVerified, user.role, user.createdAt, user.image],
        ['Ann "B", C', true, 'admin', '2020-02-29T10:00:00.000Z',
          'https://example.org/a.png']);
      for (const email of ['ben@example.org', 'bea@example.org']) {
        const answer = await house.signIn(email, 'U*U');
        assert.equal(answer.status, 200, email);
        assert.equal((await house.signIn(email, 'U*V')).status, 401);
        // And again, with the hash it was replaced by.
        assert.equal((await house.signIn(email, 'U*U')).status, 200);
      }
      const [ben] = lines((await house.run('user show ben@example.org --json')).out);
      assert.equal(ben.createdAt, '2024-03-01T10:00:00.123Z');
      assert.equal(ben.role, 'user');
      const [cat] = lines((await house.run('user show cat@example.org --json')).out);
      assert.deepEqual([cat.name, cat.role, cat.signsInBy, cat.emailVerified],
        ['cat', 'user,writer', '', true]);
      assert.equal((await house.signIn('cat@example.org', '')).status, 401);
    });

    test('what is wrong is told in the order of the file', async (t) => {
      const house = await openHouse(t, engine);
      await house.signUp('ann@example.org');
      const file = fileFor(t, 'users.csv', `email,name,password,emailVerified
x1@example.net,One,,yes
X1@example.net,Twice,,yes
nobody,None,,yes
x2@example.net,"open,,yes
x3@example.net,Plain,hunter2hunter2,yes
x4@example.net,Maybe,,maybe
x5@example.net,Short

ANN@example.org,Taken,,no
x6@example.net,Last,,no`);
      const told = [
        'line 3: x1@example.net: has an account already',
        'line 4: email is not an address',
        'line 5: a quote is left open, or stands where none may',
        'line 6: x3@example.net: password is no hash known here (scrypt as ' +
          'Better Auth writes it, or bcrypt)',
        'line 7: x4@example.net: emailVerified is neither true nor false',
        'line 8: 2 values, but the first line has 4',
        'line 10: ann@example.org: has an account already',
      ];
      const dry = await house.run(['user', 'import', file, '--dry-run', '--json']);
      assert.equal(dry.code, 1);
      assert.equal(await userCount(house), 1);
      // Twice in the file is seen by the database alone.
      assert.deepEqual(dry.err.trim().split('\n'), told.slice(1));
      const real = await house.run(['user', 'import', file, '--json']);
      assert.equal(real.code, 1);
      assert.deepEqual(real.err.trim().split('\n'), told);
      assert.ok(!real.err.includes('hunter2'));
      assert.deepEqual(counts(real.out), { imported: 2, existing: 0, refused: 7 });
      const report = `${file}.report`;
      const again = await house.run(['user', 'import', file, '--json',
        '--skip-existing', '--report', report]);
      assert.equal(again.err, '');
      assert.deepEqual(counts(again.out), { imported: 0, existing: 4, refused: 5 });
      assert.equal(readFileSync(report, 'utf8').trim().split('\n').length, 5);
      assert.equal(statSync(report).mode & 0o777, 0o600);
    });

    test('JSON comes a line each, in an array, or from a pipe', async (t) => {
      const house = await openHouse(t, engine, {
        options: { user: { additionalFields: {
          level: { type: 'number', required: false },
          tags: { type: 'string[]', required: false },
          word: { type: ['a', 'b'], required: false },
        } } },
      });
      const given = async (input, ...more) =>
        house.run(['user', 'import', '-', '--format', 'json', '--json', ...more],
          { input });
      const first = await given(`{"email":"j1@example.net","name":"J } \\" 1",\
"level":3,"tags":["x","y"],"word":"b"}
{"email":"j2@example.net","image":null,"role":"admin","bogus":1}
"text"
{"email":"j3@example.net","word":"c"}
{"email":"j3@example.net","email":"j4@example.net"}
{"email":"j5@example.net","name":"${'n'.repeat(70_000)}"}
{"name":"nobody"}
{"email":"j6@example.net","emailVerified":true,"createdAt":"2026-02-30"}
{"email":"j7@example.net"}`);
      assert.deepEqual(counts(first.out), { imported: 2, existing: 0, refused: 7 },
        first.err);
      assert.deepEqual(first.err.match(/^line \d+/gm),
        [2, 3, 4, 5, 6, 7, 8].map((n) => `line ${n}`));
      const [row] = await house.sql(
        `SELECT level, tags, word FROM "user" WHERE email = 'j1@example.net'`);
      assert.deepEqual([Number(row.level), JSON.parse(JSON.stringify(row.tags)), row.word],
        [3, typeof row.tags === 'string' ? '["x","y"]' : ['x', 'y'], 'b']);
      const array = await given(
        '[{"email":"k1@example.net"},\n  {"email":"k2@example.net"},{"email":"k3@example.net"}]\n');
      assert.deepEqual(counts(array.out), { imported: 3, existing: 0, refused: 0 });
      // What a list prints can be read again.
      const list = await house.run('user list --json');
      const back = await given(list.out, '--skip-existing');
      assert.deepEqual(counts(back.out), { imported: 0, existing: 5, refused: 0 });
    });

    test('a file that is none is refused before anything is done', async (t) => {
      const house = await openHouse(t, engine);
      const refuse = async (args, input, words) => {
        const { code, out, err } = await house.run(['user', 'import', ...args],
          { input });
        assert.equal(code, 2, err);
        assert.equal(out, '');
        assert.match(err, /^bookplate: [^\n]+\n$/);
        assert.ok(err.includes(words), err);
      };
      const csv = ['-', '--format', 'csv'];
      await refuse(csv, '', 'no first line');
      await refuse(csv, 'name\nx\n', 'no column email');
      await refuse(csv, 'email,shoe size\n', "no column 'shoe size'; there are: id, name");
      await refuse(csv, 'email,E-Mail\n', 'twice');
      await refuse(csv, 'email;name\n', "no column 'email;name'");
      await refuse(csv, 'email,"name\n', 'not CSV');
      await refuse(csv, 'email,"name\na,b\n', 'a quote is left open');
      await refuse(csv, `email${',x'.repeat(200)}\n`, 'not CSV');
      await refuse(['-'], '', '--format csv');
      await refuse(['-', '--format', 'xml'], '', '--format csv');
      await refuse(['/nonexistent.csv'], '', '/nonexistent.csv: No such file');
      await refuse(['/', '--format', 'csv'], '', '/: Is a directory');
      await refuse([...csv, '--report', '/nonexistent/r'], 'email\n', '/nonexistent/r');
      assert.equal(await userCount(house), 0);
    });

    test('a line without an end stops nothing behind it', async (t) => {
      const house = await openHouse(t, engine);
      const long = `"${'x'.repeat(300_000)}`;
      const input = `email,name\na@example.net,${long}\nb@example.net,B\n` +
        `c@example.net,"open\nd@example.net,D\n${'#'.repeat(200_000)}\n` +
        `\0@example.net,E\n\xff,F\ne@example.net,"E\nE"\n`;
      const { out, err } = await house.run(
        ['user', 'import', '-', '--format', 'csv', '--json'],
        { input: Buffer.from(input, 'latin1') });
      assert.deepEqual(counts(out), { imported: 3, existing: 0, refused: 5 }, err);
      assert.deepEqual(err.match(/^line \d+/gm), [2, 4, 6, 7, 8].map((n) => `line ${n}`));
    });

    test('killed at any time, nothing is half there, and it goes on', async (t) => {
      const house = await openHouse(t, engine);
      const total = 6000;
      const file = fileFor(t, 'many.csv', csvOf(total));
      let kills = 0;
      for (const wait of [60, 150, 250, 400]) {
        const started = house.launch(['user', 'import', file, '--skip-existing']);
        const before = await userCount(house);
        await delay(wait);
        started.child.kill('SIGKILL');
        const { code } = await started.ended();
        kills += code === 'SIGKILL' ? 1 : 0;
        assert.ok((await userCount(house)) >= before);
        assert.equal(await halves(house), 0);
      }
      assert.ok(kills > 0, 'it was faster than every kill');
      const { code, out, err } = await house.run(
        ['user', 'import', file, '--skip-existing', '--json']);
      assert.equal(code, 0, err);
      const { imported, existing, refused } = counts(out);
      assert.equal(refused, 0);
      assert.equal(imported + existing, total);
      assert.equal(await userCount(house), total);
      assert.equal(await halves(house), 0);
      const answer = await house.signIn('reader5999@example.net', PASSWORD);
      assert.equal(answer.status, 200);
    });

    test('the server answers while many come in', async (t) => {
      const house = await openHouse(t, engine);
      const file = fileFor(t, 'many.csv', csvOf(8000));
      const started = house.launch(['user', 'import', file, '--json']);
      let running = true;
      const ended = started.ended().finally(() => (running = false));
      const times = [];
      for (let i = 0; running; i += 1) {
        const began = performance.now();
        const { status } = await house.signUp(`visitor${i}@example.org`);
        times.push(performance.now() - began);
        assert.equal(status, 200);
      }
      const { code, out, err } = await ended;
      assert.equal(code, 0, err);
      assert.equal(counts(out).imported, 8000);
      t.diagnostic(`${times.length} sign-ups meanwhile, the slowest ` +
        `${Math.max(...times).toFixed()} ms; import ${lines(out)[0].seconds} s`);
    });
  });
}
