// SPDX-License-Identifier: Apache-2.0
// /api/profile: what a reader answers is merged, versioned, remembered, and
// never half written, whoever else writes at the same time.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Contract } from './conform.mjs';
import { NAUGHTY } from './naughty.mjs';
import {
  ENGINES,
  PASSWORD,
  SKIP,
  countRows,
  folderFor,
  given,
  jose,
  newEmail,
  openBook,
  openReplica,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';
import { run } from '../process/program.mjs';

after(stopPostgres);

const INVALID = [422, 'VALIDATION_ERROR'];
const CROWD = 20;

const LEVELS = ['none', 'basic', 'advanced'];
const choices = (ids) => ids.map((id) => ({ id, label: `It is ${id}` }));
const ladder = (ids) => choices(ids).map((one, level) => ({ ...one, level }));
const single = (id, more) => ({
  id,
  kind: 'single',
  label: id,
  choices: more.axis ? ladder(LEVELS) : choices(LEVELS),
  ...more,
});
const goal = { id: 'goal', kind: 'text', label: 'Goal', maxLength: 1024 };
const QUESTIONS = [
  single('software', { axis: 'software', required: true }),
  single('hardware', { axis: 'hardware' }),
  { id: 'tools', kind: 'multi', label: 'Tools', choices: choices(LEVELS) },
  { id: 'years', kind: 'number', label: 'Years', min: 0, max: 80 },
  goal,
];
const NAMES = QUESTIONS.map(({ id }) => id);

/** A file of these questions. */
function questionnaire(t, questions = QUESTIONS, more = {}) {
  const file = join(folderFor(t), 'questions.json');
  const steps = [{ id: 'one', title: 'One', questions }];
  writeFileSync(file, JSON.stringify({ id: 'test', steps, ...more }));
  return file;
}

const open = (t, engine, questions, more) =>
  openBook(t, {
    engine,
    settings: {
      QUESTIONNAIRE: questionnaire(t, questions, more),
      DELETE_USER: 'on',
    },
  });

/** What one caller does with one profile; answers are as they are described. */
function profileOf(server, options, path = '/api/profile') {
  const call = async (method, more) => {
    const answer = await server.call(method, path, { ...options, ...more });
    server.contract?.check({ method, path }, answer);
    return answer;
  };
  return {
    get: (headers) => call('GET', { headers }),
    put: (body, headers) => call('PUT', { body, headers }),
    read: async () => given(await call('GET')),
    answer: async (answers) => given(await call('PUT', { body: { answers } })),
    async tag() {
      const answer = await call('GET');
      given(answer);
      return answer.headers.etag;
    },
    async history() {
      const answer = await server.call('GET', `${path}/history`, options);
      const request = { method: 'GET', path: `${path}/history` };
      server.contract?.check(request, answer);
      return given(answer).history;
    },
  };
}

async function newReader(server, fields) {
  const reader = await server.reader(fields);
  return Object.assign(reader, profileOf(server, { token: reader.token }));
}

const times = (count, make) => Promise.all(Array.from({ length: count }, make));

/** The audit's rows about a reader, oldest first: "event detail". */
async function audit(server, events) {
  const rows = await server.sql(
    'SELECT event, detail, actor FROM bookplate_audit ORDER BY created_at',
  );
  return rows.filter(({ event }) => events.includes(event));
}

for (const engine of ENGINES) {
  describe(`profiles on ${engine}`, { skip: SKIP }, () => {
    const scope = suite();
    let server;
    before(async () => {
      server = await open(scope, engine);
      const document = await server.call('GET', '/api/openapi.json');
      server.contract = new Contract(given(document));
    });

    test('begin empty', async () => {
      const reader = await newReader(server);
      const profile = await reader.read();
      const { user, created_at, updated_at, questionnaire: asked, ...rest } = profile;
      assert.deepEqual(user, {
        id: reader.id,
        email: reader.email,
        name: reader.email.split('@')[0],
        image: null,
        email_verified: false,
        role: 'user',
      });
      assert.deepEqual(rest, {
        answers: {},
        unused: {},
        complete: false,
        open: NAMES,
        levels: { software: null, hardware: null },
        version: 0,
        consent: null,
        profile_updated: null,
      });
      assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(updated_at, created_at);
      assert.ok(asked.length > 0);
      assert.deepEqual(await reader.history(), []);
    });

    test('are answered step by step', async () => {
      const reader = await newReader(server);
      const first = await reader.answer({ years: 2.5, tools: ['basic'] });
      assert.equal(first.complete, false);
      assert.deepEqual(first.open, ['software', 'hardware', 'goal']);
      const second = await reader.answer({ software: 'advanced' });
      assert.equal(second.complete, true);
      assert.equal(second.version, 2);
      assert.deepEqual(second.levels, { software: 2, hardware: null });
      assert.deepEqual(second.answers, {
        software: 'advanced',
        tools: ['basic'],
        years: 2.5,
      });
      const again = await reader.answer({ years: 2.5 });
      assert.equal(again.version, 2);
      const put = given(await reader.put({ answers: { goal: 'g' }, remove: ['years'] }));
      assert.deepEqual(Object.keys(put.answers), ['software', 'tools', 'goal']);
      assert.deepEqual(await reader.read(), put);
      assert.equal(given(await reader.put({})).version, 3);
    });

    test('refuse what is not asked, and write nothing', async () => {
      const reader = await newReader(server);
      await reader.answer({ goal: 'kept' });
      const keys = Array.from({ length: 1000 }, (_, i) => [`key${i}`, 'none']);
      const bad = [
        [{ answers: { nope: 'none' } }, 'answers.nope'],
        [{ answers: { software: 'nope' } }, 'answers.software'],
        [{ answers: { software: null } }, 'answers.software'],
        [{ answers: { software: ['none'] } }, 'answers.software'],
        [{ answers: { tools: 'none' } }, 'answers.tools'],
        [{ answers: { tools: ['none', 'none'] } }, 'answers.tools'],
        [{ answers: { years: '3' } }, 'answers.years'],
        [{ answers: { years: 81 } }, 'answers.years'],
        [{ answers: { goal: 'a'.repeat(1025) } }, 'answers.goal'],
        [{ answers: { goal: { $gt: '' } } }, 'answers.goal'],
        [{ answers: Object.fromEntries(keys) }, 'answers.key0'],
        [{ answers: [] }, 'answers'],
        [{ answers: null }, 'answers'],
        [{ answers: 'software' }, 'answers'],
        [{ remove: ['nope'] }, 'remove'],
        [{ remove: ['goal'], merge: 'b' }, 'remove'],
        [{ remove: ['goal'], answers: { goal: 'x' } }, 'remove'],
        [{ remove: [1] }, 'remove[0]'],
        [{ remove: 'goal' }, 'remove'],
        [{ merge: '' }, 'merge'],
        [{ merge: 'b'.repeat(65) }, 'merge'],
        [{ merge: 1 }, 'merge'],
        [{ consent: 'c1' }, 'consent'],
        [{ answer: {} }, 'answer'],
      ];
      for (const [body, field] of bad) {
        const good = { years: 1, ...body.answers };
        const whole =
          body.answers?.constructor === Object ? { ...body, answers: good } : body;
        const fields = refused(await reader.put(whole), ...INVALID);
        assert.ok(field in fields, `${field}: ${JSON.stringify(fields)}`);
      }
      const { answers, version } = await reader.read();
      assert.deepEqual({ answers, version }, { answers: { goal: 'kept' }, version: 1 });
      const twice = '{"answers":{"years":1,"years":2}}';
      const odd = { token: reader.token };
      for (const raw of ['', '{', '[]', 'null', twice, '{"answers":{"goal":"\\u0000"}}']) {
        const answer = await server.call('PUT', '/api/profile', { ...odd, raw });
        assert.ok([400, 415, 422].includes(answer.status), `${raw}: ${answer.text}`);
      }
      assert.equal((await reader.read()).version, 1);
    });

    test('know the reader by the session alone', async () => {
      const [ann, bob] = [await newReader(server), await newReader(server)];
      for (const name of ['user_id', 'userId', 'id', 'user', 'email', 'role', 'version']) {
        const value = name === 'email' ? bob.email : bob.id;
        const body = { answers: { goal: 'theirs' }, [name]: value };
        assert.ok(name in refused(await ann.put(body), ...INVALID));
      }
      const query = `/api/profile?user_id=${bob.id}`;
      const body = { answers: { goal: 'own' } };
      const put = await server.call('PUT', query, { token: ann.token, body });
      assert.equal(given(put).user.id, ann.id);
      assert.deepEqual((await bob.read()).answers, {});
      for (const options of [{}, { token: 'x' }, { token: `${ann.token}x` }]) {
        for (const path of ['/api/profile', '/api/profile/history']) {
          const answer = await server.call('GET', path, options);
          refused(answer, 401, 'UNAUTHORIZED');
        }
        const answer = await server.call('PUT', '/api/profile', { ...options, body });
        refused(answer, 401, 'UNAUTHORIZED');
      }
    });

    test('take the cookie from our own pages only', async () => {
      const reader = await newReader(server);
      const { cookie } = await server.browser(reader.email);
      const own = profileOf(server, { cookie });
      const body = { answers: { goal: 'g' } };
      given(await own.put(body, { origin: server.origin }));
      assert.equal((await own.read()).user.id, reader.id);
      for (const origin of ['https://evil.example', 'null']) {
        const answer = await own.put({ answers: { goal: 'e' } }, { origin });
        assert.equal(answer.status, 403, answer.text);
      }
      assert.equal((await reader.read()).answers.goal, 'g');
    });

    test('take a guest\'s answers over once', async () => {
      const reader = await newReader(server, { background: { software: 'none' } });
      const guest = { answers: { software: 'advanced', years: 3 }, merge: 'browser-1' };
      const merged = await times(CROWD, () => reader.put(guest));
      for (const answer of merged) {
        assert.deepEqual(given(answer).answers, { software: 'none', years: 3 });
        assert.equal(answer.json.version, 2);
      }
      given(await reader.put({ remove: ['years'] }));
      const late = given(await reader.put(guest));
      assert.deepEqual(late.answers, { software: 'none' });
      const other = given(await reader.put({ ...guest, merge: 'browser-2' }));
      assert.deepEqual(other.answers, { software: 'none', years: 3 });
      const history = await reader.history();
      assert.deepEqual(
        history.map(({ version }) => version),
        [4, 3, 2, 1],
      );
    });

    test('let one of many have the version', async () => {
      const reader = await newReader(server, { background: { years: 40 } });
      const tag = await reader.tag();
      const answers = await times(CROWD, (_, i) =>
        reader.put({ answers: { years: i } }, { 'if-match': tag }),
      );
      const won = answers.filter(({ status }) => status === 200);
      assert.equal(won.length, 1);
      const now = await reader.get();
      assert.equal(given(now).answers.years, won[0].json.answers.years);
      assert.equal(now.headers.etag, won[0].headers.etag);
      for (const answer of answers.filter((one) => one !== won[0])) {
        refused(answer, 412, 'PRECONDITION_FAILED');
        assert.equal(answer.headers.etag, now.headers.etag);
      }
    });

    test('compare entity-tags exactly', async () => {
      const reader = await newReader(server, { background: { years: 1 } });
      const tag = await reader.tag();
      const body = { answers: { years: 2 } };
      const wrong = [
        `W/${tag}`,
        tag.slice(1, -1),
        tag.replace('v1', 'v01'),
        tag.replace('v1', 'v2'),
        `${tag.slice(0, -2)}"`,
        tag.toUpperCase(),
        '"*"',
        '""',
        '',
        `${tag} ${tag}`,
      ];
      for (const value of wrong) {
        const answer = await reader.put(body, { 'if-match': value });
        assert.equal(answer.status, 412, `${value}: ${answer.text}`);
        assert.equal(answer.headers.etag, tag);
      }
      const none = await reader.put(body, { 'if-none-match': '*' });
      refused(none, 412, 'PRECONDITION_FAILED');
      assert.equal((await reader.read()).version, 1);
      given(await reader.put(body, { 'if-match': `"other", ${tag}` }));
      given(await reader.put({ answers: { years: 3 } }, { 'if-match': '*' }));
      refused(await reader.put(body, { 'if-match': tag }), 412, 'PRECONDITION_FAILED');
    });

    test('say that nothing changed', async () => {
      const reader = await newReader(server, { background: { years: 1 } });
      const tag = await reader.tag();
      const same = await reader.get({ 'if-none-match': `"a", W/${tag}` });
      assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', tag]);
      const browser = await server.browser(reader.email);
      given(await browser.post('/update-user', { name: 'Another' }));
      const named = await reader.get({ 'if-none-match': tag });
      assert.equal(given(named).user.name, 'Another');
      await reader.answer({ years: 2 });
      const answered = await reader.get({ 'if-none-match': named.headers.etag });
      assert.equal(given(answered).answers.years, 2);
    });

    test('are the same on another server at once', async (t) => {
      const replica = await openReplica(t, server);
      const reader = await newReader(server);
      const there = profileOf(replica, { token: reader.token });
      for (let years = 0; years < 10; years += 1) {
        const here = await reader.answer({ years });
        assert.deepEqual(await there.read(), here);
        const back = await there.answer({ goal: `after ${years}` });
        assert.deepEqual(await reader.read(), back);
      }
    });

    test('lose nothing when many write, on two servers', async (t) => {
      const replica = await openReplica(t, server);
      const reader = await newReader(server);
      const there = profileOf(replica, { token: reader.token });
      const wishes = [
        { software: 'none' },
        { hardware: 'basic' },
        { tools: ['none', 'advanced'] },
        { years: 7 },
        { goal: 'all of it' },
      ];
      await Promise.all(
        wishes.flatMap((wish) => [reader.answer(wish), there.answer(wish)]),
      );
      const { answers, version } = await there.read();
      assert.deepEqual(answers, Object.assign({}, ...wishes));
      assert.equal(version, wishes.length);
      assert.equal((await reader.history()).length, wishes.length);
    });

    test('tell who changed what, and when', async () => {
      const reader = await newReader(server);
      await reader.answer({ goal: 'a', years: 1 });
      await reader.answer({ goal: 'b' });
      given(await reader.put({ remove: ['goal'] }));
      const history = await reader.history();
      assert.deepEqual(
        history.map(({ version, actor, changes }) => [version, actor, changes]),
        [
          [3, 'self', { goal: ['b', null] }],
          [2, 'self', { goal: ['a', 'b'] }],
          [1, 'self', { goal: [null, 'a'], years: [null, 1] }],
        ],
      );
      for (const { at } of history) {
        assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000, at);
      }
      for (let i = 0; i < 52; i += 1) {
        await reader.answer({ years: i });
      }
      const last = await reader.history();
      assert.equal(last.length, 50);
      assert.equal(last[0].version, (await reader.read()).version);
    });

    test('are seen and changed by administrators', async () => {
      const reader = await newReader(server, { background: { goal: 'mine' } });
      const admin = await server.admin();
      const path = `/api/admin/profile?user_id=${reader.id}`;
      const { origin } = server;
      const office = profileOf(server, { cookie: admin.cookie, headers: { origin } }, path);
      const seen = await office.get();
      assert.deepEqual(given(seen), await reader.read());
      const put = await office.put(
        { answers: { years: 5 }, remove: ['goal'] },
        { origin, 'if-match': seen.headers.etag },
      );
      assert.deepEqual(given(put).answers, { years: 5 });
      assert.deepEqual(await reader.read(), put.json);
      const [newest] = await reader.history();
      assert.equal(newest.actor, 'admin');
      assert.deepEqual(newest.changes, { years: [null, 5], goal: ['mine', null] });
      const late = await office.put(
        { answers: { years: 6 } },
        { origin, 'if-match': seen.headers.etag },
      );
      refused(late, 412, 'PRECONDITION_FAILED');
      for (const [body, field] of [
        [{ consent: 'c1' }, 'consent'],
        [{ merge: 'b' }, 'merge'],
        [{ answers: { years: -1 } }, 'answers.years'],
      ]) {
        const fields = refused(await office.put(body, { origin }), ...INVALID);
        assert.ok(field in fields);
      }
      const acts = await audit(server, ['admin']);
      assert.ok(acts.some(({ detail }) => detail === 'profile'));
      for (const id of ['nobody', '0', "' OR 1=1", 'x'.repeat(999)]) {
        const other = `/api/admin/profile?user_id=${encodeURIComponent(id)}`;
        const answer = await server.call('GET', other, { cookie: admin.cookie });
        refused(answer, 404, 'USER_NOT_FOUND');
      }
      const bare = await server.call('GET', '/api/admin/profile', admin);
      refused(bare, ...INVALID);
    });

    test('say so when an administrator acts as the reader', async () => {
      const reader = await newReader(server, { background: { goal: 'mine' } });
      const admin = await server.admin();
      const posed = await admin.post('/admin/impersonate-user', { userId: reader.id });
      given(posed);
      const cookie = posed.headers['set-cookie']
        .filter((line) => !/Max-Age=0/i.test(line))
        .map((line) => line.split(';')[0])
        .join('; ');
      const acting = profileOf(server, { cookie, headers: { origin: server.origin } });
      const own = { origin: server.origin };
      const put = given(await acting.put({ answers: { goal: 'theirs' } }, own));
      assert.equal(put.user.id, reader.id);
      const [newest, first] = await reader.history();
      assert.deepEqual([newest.actor, first.actor], ['admin', 'self']);
      const fields = refused(await acting.put({ consent: 'c1' }, own), ...INVALID);
      assert.match(fields.consent, /only the reader/i);
    });

    test('are nobody else\'s business', async () => {
      const [ann, bob] = [await newReader(server), await newReader(server)];
      await bob.answer({ goal: 'secret' });
      const path = `/api/admin/profile?user_id=${bob.id}`;
      const get = await server.call('GET', path, { token: ann.token });
      assert.equal(get.status, 403, get.text);
      const body = { answers: { goal: 'x' } };
      const put = await server.call('PUT', path, { token: ann.token, body });
      assert.equal(put.status, 403, put.text);
      assert.ok(!`${get.text}${put.text}`.includes('secret'));
      refused(await server.call('GET', path), 401, 'UNAUTHORIZED');
      assert.deepEqual((await bob.read()).answers, { goal: 'secret' });
    });

    test('stay gone when a reader is erased', async () => {
      for (let round = 0; round < 10; round += 1) {
        const reader = await newReader(server, { background: { years: 0 } });
        const browser = await server.browser(reader.email);
        const writes = times(8, (_, i) => reader.put({ answers: { years: i } }));
        const gone = browser.post('/delete-user', { password: PASSWORD });
        const late = times(8, (_, i) => reader.put({ answers: { years: 9 + i } }));
        for (const { status, text } of [...(await writes), ...(await late)]) {
          assert.ok([200, 401].includes(status), `${status} ${text}`);
        }
        given(await gone);
        for (const table of ['bookplate_profile', 'bookplate_profile_history']) {
          const rows = await server.sql(
            `SELECT id FROM ${table} WHERE user_id = $1`,
            [reader.id],
          );
          assert.equal(rows.length, 0, table);
        }
      }
    });

    test('keep any text as it is', async () => {
      const reader = await newReader(server);
      for (const text of NAUGHTY) {
        const answer = await reader.put({ answers: { goal: text } });
        if (answer.status === 422) {
          assert.match(text, /^\s*$/, JSON.stringify(text));
          continue;
        }
        assert.equal(given(answer).answers.goal, text);
        assert.equal((await reader.read()).answers.goal, text);
      }
      const lone = '{"answers":{"goal":"\\ud800"}}';
      const token = { token: reader.token };
      const answer = await server.call('PUT', '/api/profile', { ...token, raw: lone });
      assert.equal(answer.status, 400, answer.text);
      const id = { merge: '\u{1f600}"\\\u0001'.repeat(16), answers: {} };
      given(await reader.put(id));
      given(await reader.put(id));
    });

    test('are not legible in the database', async () => {
      const reader = await newReader(server);
      await reader.answer({ goal: 'xylophonist' });
      const rows = [
        ...(await server.sql('SELECT answers AS text FROM bookplate_profile')),
        ...(await server.sql('SELECT changes AS text FROM bookplate_profile_history')),
        ...(await server.sql('SELECT detail AS text FROM bookplate_audit')),
      ];
      assert.ok(rows.length > 2);
      assert.ok(rows.every(({ text }) => !text.includes('xylophonist')));
    });
  });

  describe(`profiles on ${engine}, over the years`, { skip: SKIP }, () => {
    test('keep answers to what is asked no more', async (t) => {
      const old = await open(t, engine);
      const reader = await newReader(old);
      const before = await reader.answer({ software: 'basic', goal: 'g', years: 1 });
      const questions = [
        single('robots', { required: true }),
        goal,
        { ...QUESTIONS[0], choices: ladder(['none', 'expert']) },
      ];
      const { PORT, ...env } = old.env;
      const now = await openBook(t, {
        database: old.database,
        settings: { ...env, QUESTIONNAIRE: questionnaire(t, questions) },
      });
      const later = profileOf(now, { token: reader.token });
      const first = await later.read();
      assert.notEqual(first.questionnaire, before.questionnaire);
      assert.equal(first.version, before.version);
      assert.deepEqual(first.unused, { years: 1 });
      assert.deepEqual(first.answers, { software: 'basic', goal: 'g' });
      assert.deepEqual(first.open, ['robots', 'software']);
      assert.equal(first.complete, false);
      assert.notEqual(await later.tag(), await reader.tag());
      const stale = await later.put(
        { answers: { robots: 'none' } },
        { 'if-match': await reader.tag() },
      );
      refused(stale, 412, 'PRECONDITION_FAILED');
      const refusal = await later.put({ answers: { years: 2 } });
      assert.ok('answers.years' in refused(refusal, ...INVALID));
      const second = await later.answer({ robots: 'none' });
      assert.deepEqual(second.unused, { years: 1 });
      const merged = given(
        await later.put({ answers: { software: 'expert', goal: 'x' }, merge: 'b' }),
      );
      assert.deepEqual(merged.answers, { robots: 'none', goal: 'g', software: 'expert' });
      assert.equal(merged.complete, true);
      assert.deepEqual(given(await later.put({ remove: ['years'] })).unused, {});
      assert.equal((await reader.read()).answers.years, undefined);
    });

    test('ask for consent, and note it', async (t) => {
      const consent = { version: 'c1', text: 'May we?', required: true };
      const server = await open(t, engine, QUESTIONS, { consent });
      const reader = await newReader(server);
      const answers = { goal: 'g' };
      const lacking = refused(await reader.put({ answers }), 422, 'CONSENT_REQUIRED');
      assert.match(lacking.consent, /c1/);
      const wrong = refused(await reader.put({ answers, consent: 'c0' }), ...INVALID);
      assert.match(wrong.consent, /c1/);
      const before = await countRows(server);
      const email = newEmail();
      const body = { email, password: PASSWORD, background: answers };
      const refusal = await server.call('POST', '/auth/signup', { body });
      assert.match(refused(refusal, 422, 'CONSENT_REQUIRED').consent, /c1/);
      assert.deepEqual(await countRows(server), before);
      const agreed = given(await reader.put({ answers, consent: 'c1' }));
      assert.equal(agreed.consent.version, 'c1');
      const age = Date.now() - Date.parse(agreed.consent.accepted_at);
      assert.ok(Math.abs(age) < 60_000);
      given(await reader.put({ answers: { goal: 'h' } }));
      const [noted, ...more] = await audit(server, ['consent']);
      assert.deepEqual([noted.detail, more], ['c1', []]);
      const other = await newReader(server, { background: answers, consent: 'c1' });
      assert.equal((await other.read()).consent.version, 'c1');
      const put = { token: other.token, body: { background: { years: 1 } } };
      given(await server.call('PUT', '/auth/profile', put));
    });

    test('belong to readers whose ids are counted or UUIDs', async (t) => {
      for (const ID_TYPE of ['serial', 'uuid']) {
        const settings = { QUESTIONNAIRE: questionnaire(t), ID_TYPE };
        const server = await openBook(t, { engine, settings });
        await server.reader();
        const reader = await newReader(server, { background: { years: 1 } });
        const profile = await reader.answer({ goal: 'g' });
        assert.deepEqual(profile.answers, { years: 1, goal: 'g' });
        assert.equal(profile.user.id, reader.id);
        assert.equal((await reader.history()).length, 2);
        const admin = await server.admin();
        const path = `/api/admin/profile?user_id=${reader.id}`;
        const { cookie } = admin;
        const seen = given(await server.call('GET', path, { cookie }));
        assert.deepEqual(seen, profile);
        for (const id of ['abc', '1e3', '99999999999999999999', '-1', '1 OR 1']) {
          const other = `/api/admin/profile?user_id=${encodeURIComponent(id)}`;
          const answer = await server.call('GET', other, { cookie });
          refused(answer, 404, 'USER_NOT_FOUND');
        }
      }
    });

    test('do not tell whether an address is taken', async (t) => {
      const server = await openBook(t, {
        engine,
        settings: {
          QUESTIONNAIRE: questionnaire(t),
          REQUIRE_EMAIL_VERIFICATION: 'on',
          MAIL_SPOOL: folderFor(t),
          JWT_ANSWERS: 'years',
        },
      });
      const background = { years: 1, software: 'none' };
      const body = { email: newEmail(), password: PASSWORD, background };
      const sign = () => server.call('POST', '/auth/signup', { body });
      const first = given(await sign(), 201);
      const rows = await countRows(server);
      const second = given(await sign(), 201);
      assert.notEqual(second.user_id, first.user_id);
      assert.deepEqual({ ...second, user_id: first.user_id }, first);
      assert.deepEqual(first.background, background);
      assert.equal(first.profile_complete, true);
      assert.deepEqual(await countRows(server), rows);
    });

    test('put named answers into tokens', async (t) => {
      const settings = {
        QUESTIONNAIRE: questionnaire(t),
        JWT_ANSWERS: 'software, years',
      };
      const server = await openBook(t, { engine, settings });
      const reader = await newReader(server, {
        background: { software: 'basic', goal: 'mine' },
      });
      const claims = (token) => jose.decodeJwt(token).background;
      assert.deepEqual(claims(reader.token), { software: 'basic' });
      await reader.answer({ years: 3 });
      const again = await server.signIn(reader.email);
      assert.deepEqual(claims(again.token), { software: 'basic', years: 3 });
      given(await reader.put({ remove: ['software'] }));
      const refreshed = await server.call('POST', '/auth/refresh', again);
      assert.deepEqual(claims(given(refreshed).session_token), { years: 3 });
      const bare = await server.reader();
      assert.deepEqual(claims(bare.token), {});
    });
  });
}

test('tokens cannot name what is not asked', { skip: SKIP }, async (t) => {
  const env = {
    DATABASE_URL: `sqlite:${join(folderFor(t), 'test.db')}`,
    BETTER_AUTH_SECRET: 'secret-of-the-readers-0123456789-abcdefgh',
    QUESTIONNAIRE: questionnaire(t),
    JWT_ANSWERS: 'software,shoe_size',
    PORT: '0',
  };
  for (const command of ['serve', 'check']) {
    const { code, stderr } = await run([command], { env });
    assert.notEqual(code, 0, command);
    assert.match(stderr, /JWT_ANSWERS.*shoe_size/);
  }
  const good = { ...env, JWT_ANSWERS: 'software' };
  const { code, stderr } = await run(['check'], { env: good });
  assert.equal(code, 0, stderr);
});
