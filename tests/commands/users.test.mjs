// SPDX-License-Identifier: Apache-2.0
// Users and sessions by command, while a server runs on the same database and
// sees each change at its next request.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { ENGINES, PASSWORD, SKIP, lines, openHouse, shape, stopCluster }
  from './house.mjs';

after(stopCluster);

const done = ({ code, out, err }) => {
  assert.equal(code, 0, err);
  assert.equal(err, '');
  return out;
};

/** One line on standard error and nothing else. */
const failed = ({ code, out, err }, expected, words) => {
  assert.equal(code, expected, err);
  assert.equal(out, '');
  assert.match(err, /^bookplate: [^\n]+\n$/);
  assert.ok(err.includes(words), err);
};

for (const engine of ENGINES) {
  describe(`on ${engine}`, { skip: SKIP }, () => {
    test('a made user signs in with the password that was shown', async (t) => {
      const house = await openHouse(t, engine);
      const made = lines(
        done(await house.run(['user', 'create', 'Ann@Example.org', '--name',
          'Ann B.', '--role', 'admin', '--verified', '--json'])),
      );
      assert.equal(made.length, 1);
      const [{ id, email, role, password }] = made;
      assert.deepEqual([email, role], ['ann@example.org', 'admin']);
      assert.match(password, /^[A-Za-z0-9]{24}$/);
      const answer = await house.signIn('ann@example.org', password);
      assert.equal(answer.status, 200);
      assert.equal(answer.json.user.id, id);
      assert.equal(answer.json.user.name, 'Ann B.');
      assert.equal(answer.json.user.emailVerified, true);
      const all = await house.get('/api/auth/admin/list-users', answer);
      assert.equal(all.status, 200);
      failed(await house.run('user create ann@example.org'), 1,
        'ann@example.org has an account already');
    });

    test('a given password is one line, and checked', async (t) => {
      const house = await openHouse(t, engine, {
        settings: { PASSWORD_BLOCKLIST: 'on' },
      });
      const create = (email, input) =>
        house.run(['user', 'create', email, '--password-stdin'], { input });
      failed(await create('a@example.org', ''), 2, 'has no password');
      failed(await create('a@example.org', 'short\n'), 2, 'MIN_PASSWORD_LENGTH');
      failed(await create('a@example.org', 'password123\n'), 1, 'password');
      failed(await create('a@example.org', Buffer.from([0xff, 0x41])), 2, 'UTF-8');
      const out = done(await create('a@example.org', `${PASSWORD}\r\nmore\n`));
      assert.ok(!out.includes(PASSWORD));
      assert.equal((await house.signIn('a@example.org')).status, 200);
    });

    test('a ban ends sessions at once and holds until it is over', async (t) => {
      const house = await openHouse(t, engine);
      const ann = await house.signUp('ann@example.org');
      assert.ok((await house.session(ann)).json.user);
      assert.match(
        done(await house.run(['user', 'ban', 'ANN@example.org', '--reason',
          'too loud', '--expires', '7d'])),
        /^banned ann@example\.org until \S+ \S+ UTC; all their sessions ended\n$/,
      );
      assert.equal((await house.session(ann)).json, null);
      assert.equal((await house.signIn('ann@example.org')).status, 403);
      const [shown] = lines(done(await house.run(`user show ${ann.id} --json`)));
      assert.equal(shown.banned, true);
      assert.equal(shown.banReason, 'too loud');
      const days = (Date.parse(shown.banExpires) - Date.now()) / 86_400_000;
      assert.ok(days > 6.9 && days < 7.1, `${days}`);
      assert.equal(lines(done(await house.run('user list --banned --json'))).length, 1);
      assert.equal(done(await house.run('user unban ann@example.org')),
        'ann@example.org may sign in again\n');
      assert.equal(done(await house.run('user unban ann@example.org')),
        'ann@example.org is not banned\n');
      assert.equal((await house.signIn('ann@example.org')).status, 200);
    });

    test('a role counts from the next request', async (t) => {
      const house = await openHouse(t, engine);
      const ann = await house.signUp('ann@example.org');
      const mayList = async () =>
        (await house.get('/api/auth/admin/list-users', ann)).status;
      assert.equal(await mayList(), 403);
      assert.equal(done(await house.run('user set-role ann@example.org admin')),
        'ann@example.org now has the role admin\n');
      assert.equal(await mayList(), 200);
      const [found] = lines(done(await house.run('user list --role admin --json')));
      assert.equal(found.id, ann.id);
      done(await house.run('user set-role ann@example.org user,writer'));
      assert.equal(await mayList(), 403);
      assert.equal(done(await house.run('user list --role adm --json')), '');
      failed(await house.run(['user', 'set-role', 'ann@example.org', 'a b']), 2,
        'is no role');
      failed(await house.run(['user', 'set-role', 'ann@example.org', 'admin,']), 2,
        'is no role');
    });

    test('sessions are listed without tokens and end one by one', async (t) => {
      const house = await openHouse(t, engine);
      const one = await house.signUp('ann@example.org');
      const two = await house.signIn('ann@example.org');
      const page = done(await house.run('session list ann@example.org --json'));
      const [{ token }] = await house.sql('SELECT token FROM session LIMIT 1');
      assert.ok(!page.includes(token));
      const sessions = lines(page);
      assert.equal(sessions.length, 2);
      done(await house.run(`session revoke ${sessions[0].id}`));
      assert.equal((await house.session(one)).json, null);
      assert.ok((await house.session(two)).json.user);
      failed(await house.run(`session revoke ${sessions[0].id}`), 1,
        'there is no session');
      assert.equal(done(await house.run('session revoke --user ann@example.org')),
        'ended 1 session of ann@example.org\n');
      assert.equal((await house.session(two)).json, null);
    });

    test('everybody is signed out only when it is meant', async (t) => {
      const house = await openHouse(t, engine);
      const ann = await house.signUp('ann@example.org');
      const ben = await house.signUp('ben@example.org');
      for (const words of ['', ' x --all', ' --all --user ann@example.org']) {
        failed(await house.run(`session revoke${words}`), 2, 'either an ID');
      }
      failed(await house.run('session revoke --all'), 2, '--yes');
      assert.ok((await house.session(ann)).json.user);
      assert.equal(done(await house.run('session revoke --all --yes')),
        'ended 2 sessions\n');
      assert.equal((await house.session(ann)).json, null);
      assert.equal((await house.session(ben)).json, null);
    });

    test('a deleted user leaves nothing', async (t) => {
      const house = await openHouse(t, engine);
      const ann = await house.signUp('ann@example.org');
      await house.signUp('ben@example.org');
      failed(await house.run('user delete ann@example.org'), 2, '--yes');
      assert.ok((await house.session(ann)).json.user);
      assert.equal(done(await house.run('user delete ann@example.org --yes')),
        'deleted ann@example.org\n');
      assert.equal((await house.session(ann)).json, null);
      assert.equal((await house.signIn('ann@example.org')).status, 401);
      for (const table of ['"user"', 'account', 'session']) {
        const [{ n }] = await house.sql(`SELECT count(*) AS n FROM ${table}`);
        assert.equal(Number(n), 1, table);
      }
      failed(await house.run('user delete ann@example.org --yes'), 1,
        "there is no user 'ann@example.org'");
    });

    test('each act is in the audit, by the command', async (t) => {
      const house = await openHouse(t, engine);
      done(await house.run('user create a@example.org'));
      done(await house.run('user set-role a@example.org admin'));
      done(await house.run('user ban a@example.org'));
      done(await house.run('user unban a@example.org'));
      done(await house.run('session revoke --user a@example.org'));
      done(await house.run('session revoke --all --yes'));
      done(await house.run('user delete a@example.org --yes'));
      const rows = await house.sql(
        'SELECT event, actor FROM bookplate_audit ORDER BY created_at, id');
      assert.ok(rows.every((row) => row.actor === 'command'), JSON.stringify(rows));
      const events = rows.map((row) => row.event);
      assert.ok(events.length >= 7, events.join());
      assert.ok(events.includes('erasure'), events.join());
    });

    test('answers are shown when asked for, and the audit says so', async (t) => {
      const house = await openHouse(t, engine);
      const background = { software_experience: 'beginner' };
      const made = await house.post('/auth/signup', {
        email: 'ann@example.org', password: PASSWORD, background });
      assert.equal(made.status, 201);
      await house.signUp('ben@example.org');
      const show = async (line) => lines(done(await house.run(`user show ${line}`)))[0];
      const plain = await show('ann@example.org --json');
      assert.equal(plain.profile, 'begun');
      assert.ok(Math.abs(Date.parse(plain.profileUpdatedAt) - Date.now()) < 60_000);
      assert.equal(plain.answers, undefined);
      assert.equal((await show('ben@example.org --json')).profile, 'none');
      const seen = () => house.sql(
        `SELECT actor FROM bookplate_audit WHERE detail = 'answers read'`);
      assert.deepEqual(await seen(), []);
      const open = await show('ann@example.org --answers --json');
      assert.deepEqual(open.answers, background);
      assert.deepEqual(await seen(), [{ actor: 'command' }]);
      // With other keys there is an account, but no word about answers.
      const env = { ...house.env, BETTER_AUTH_SECRET: 'another secret'.repeat(4) };
      const blind = await house.run('user show ann@example.org --json', { env });
      assert.equal(lines(done(blind))[0].profile, 'unreadable');
      failed(await house.run('user show ann@example.org --answers', { env }), 1,
        'DATA_KEYS');
    });

    test('an export is what the reader would get', async (t) => {
      const house = await openHouse(t, engine);
      const { json } = await house.post('/auth/signup', {
        email: 'ann@example.org', password: PASSWORD,
        background: { software_experience: 'expert' } });
      const own = await house.get('/api/export', { token: json.session_token });
      assert.equal(own.status, 200);
      const out = done(await house.run('user export ann@example.org'));
      assert.equal(out.split('\n').length, 2);
      const theirs = JSON.parse(out);
      assert.deepEqual(Object.keys(theirs), Object.keys(own.json));
      for (const part of ['account', 'sign_in_methods', 'profile', 'progress']) {
        assert.deepEqual(theirs[part], own.json[part], part);
      }
      const last = await house.sql(
        `SELECT actor FROM bookplate_audit WHERE event = 'export'`);
      assert.ok(last.some((row) => row.actor === 'command'));
      failed(await house.run('user export nobody@example.org'), 1, 'no user');
    });

    test('a search takes every letter as it is', async (t) => {
      const house = await openHouse(t, engine);
      await house.signUp('ann_b@example.org', 'Ann 100%');
      await house.signUp('annxb@example.org', "O'Neill; DROP TABLE user");
      const found = async (text) =>
        lines(done(await house.run(['user', 'list', '--search', text, '--json'])))
          .map((user) => user.email).sort();
      const both = ['ann_b@example.org', 'annxb@example.org'];
      assert.deepEqual(await found('ANN'), both);
      assert.deepEqual(await found('n_b'), both.slice(0, 1));
      assert.deepEqual(await found('0%'), both.slice(0, 1));
      assert.deepEqual(await found('%'), both.slice(0, 1));
      assert.deepEqual(await found("O'Neill;"), both.slice(1));
      assert.deepEqual(await found('!'), []);
      assert.deepEqual(await found("' OR 1=1 --"), []);
    });

    test('pages look as they should', async (t) => {
      const house = await openHouse(t, engine);
      await house.signUp('ann@example.org', 'Ann');
      const evil = 'Eve\u001b[31m\u202e 李明';
      await house.sql(`UPDATE "user" SET name = $1`, [evil]);
      const id = 'I'.repeat(32);
      const time = 'T'.repeat(19);
      assert.equal(shape(done(await house.run('user list'))), `\
ID                                ADDRESS          NAME            VERIFIED  ROLE  BANNED  CREATED
${id}  ann@example.org  Eve?[31m? 李明  no        user  no      ${time}
`);
      const [user] = lines(done(await house.run('user list --json')));
      assert.deepEqual(Object.keys(user), ['id', 'email', 'name',
        'emailVerified', 'role', 'banned', 'createdAt']);
      assert.equal(user.name, evil);
      assert.equal(shape(done(await house.run('user show ann@example.org'))), `\
id           ${id}
address      ann@example.org
name         Eve?[31m? 李明
verified     no
role         user
banned       no
created      ${time}
changed      ${time}
signs in by  password
sessions     1
profile      none
`);
      assert.match(shape(done(await house.run('session list ann@example.org'))),
        /^ID {32}BEGUN {16}EXTENDED {13}ENDS {17}FROM {7}BROWSER {2}ACTED BY\nI{32}( {2}T{19}){3} {2}127\.0\.0\.1 {2}node {5}-\n$/);
    });

    test('no call over HTTP makes the first administrator', async (t) => {
      const house = await openHouse(t, engine);
      const wish = { role: 'admin' };
      for (const more of [wish, { data: wish }, { user: wish }]) {
        await house.post('/api/auth/sign-up/email', { name: 'Eve',
          email: `eve${Math.random()}@example.org`, password: PASSWORD, ...more });
        await house.post('/auth/signup', {
          email: `eve${Math.random()}@example.org`, password: PASSWORD, ...more });
      }
      const eve = await house.signUp('eve@example.org', 'Eve');
      for (const path of ['update-user', 'admin/set-role', 'admin/create-user',
        'admin/update-user', 'admin/impersonate-user']) {
        await house.post(`/api/auth/${path}`, { role: 'admin', userId: eve.id,
          data: wish, email: 'new@example.org', password: PASSWORD,
          name: 'New' }, eve);
      }
      const admins = await house.sql(
        `SELECT email FROM "user" WHERE role <> 'user'`);
      assert.deepEqual(admins, []);
      assert.equal(done(await house.run('user list --role admin --json')), '');
    });
  });
}
