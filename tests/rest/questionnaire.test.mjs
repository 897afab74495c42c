// SPDX-License-Identifier: Apache-2.0
// What readers are asked: in which words, for whom, how long it keeps, and
// what a mistake in an author's file does to the start.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { atEnd, folderFor, run } from '../process/program.mjs';
import { Site, given, refused, serve } from './site.mjs';

const PATH = '/api/questionnaire';
const LEVELS = {
  software_experience: ['beginner', 'intermediate', 'expert'],
  programming_background: ['none', 'basic', 'intermediate', 'advanced'],
  hardware_knowledge: ['none', 'basic', 'intermediate', 'advanced'],
};
const URDU = /[\u0600-\u06ff]/;

const questionsOf = ({ steps }) => steps.flatMap(({ questions }) => questions);
const text = (id, more = {}) => ({ id, kind: 'text', label: id, ...more });
const pick = (id, ids, more = {}) => ({
  id,
  kind: 'single',
  label: id,
  choices: ids.map((choice) => ({ id: choice, label: choice })),
  ...more,
});
const ask = (...questions) => ({
  id: 'mine',
  steps: [{ id: 'only', title: 'Only', questions }],
});

describe('the default', () => {
  const site = serve();

  test('is for anybody, and keeps for a minute', async () => {
    const answer = await site.api.get(PATH);
    const all = given(answer);
    assert.equal(answer.headers['cache-control'], 'public, max-age=60');
    assert.match(answer.headers.etag, /^"[0-9a-f]{16}"$/);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.equal(all.id, 'default');
    assert.deepEqual(all.locales, ['en', 'ur']);
    assert.equal(all.consent.required, false);
  });

  test('has the levels and the contexts, and needs the levels', async () => {
    const all = given(await site.api.get(`${PATH}?locale=en`));
    const questions = questionsOf(all);
    for (const { questions: some } of all.steps) {
      assert.ok(some.length >= 3 && some.length <= 5);
    }
    for (const [id, words] of Object.entries(LEVELS)) {
      const { choices, kind } = questions.find((one) => one.id === id);
      assert.equal(kind, 'single');
      assert.deepEqual(choices.map((choice) => choice.id), words);
      assert.equal(choices.at(-1).level, 3);
    }
    assert.deepEqual(
      questions.filter((one) => one.required).map((one) => one.id),
      Object.keys(LEVELS),
    );
    assert.deepEqual(
      questions.filter((one) => !one.required).map((one) => one.id),
      ['languages', 'experience_level', 'tools', 'devices', 'gpu', 'memory',
        'constraints'],
    );
  });

  test('says everything in either language', async () => {
    const both = questionsOf(given(await site.api.get(PATH)));
    const urdu = given(await site.api.get(`${PATH}?locale=ur`));
    assert.equal(urdu.locale, 'ur');
    assert.match(urdu.consent.text, URDU);
    questionsOf(urdu).forEach((one, i) => {
      for (const word of ['label', 'why']) {
        assert.match(one[word], URDU);
        assert.equal(one[word], both[i][word].ur);
        assert.ok(!URDU.test(both[i][word].en));
      }
      for (const choice of one.choices) {
        assert.match(choice.label, URDU);
      }
    });
  });

  test('is English where a language lacks', async () => {
    const english = (await site.api.get(`${PATH}?locale=en`)).text;
    const others = ['fr', 'en-GB', 'x', '-', '../../etc/passwd', '%C3%BC'];
    for (const locale of [...others, 'u'.repeat(4000)]) {
      const answer = await site.api.get(`${PATH}?locale=${locale}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, english, locale);
    }
    const urdu = (await site.api.get(`${PATH}?locale=ur`)).text;
    assert.equal((await site.api.get(`${PATH}?locale=ur-PK`)).text, urdu);
    const all = (await site.api.get(PATH)).text;
    assert.equal((await site.api.get(`${PATH}?locale=`)).text, all);
  });

  test('is not sent again to who has it', async () => {
    const { headers } = await site.api.get(PATH);
    const again = await site.api.get(PATH, {
      headers: { 'if-none-match': `"other", W/${headers.etag}` },
    });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    assert.equal(again.headers.etag, headers.etag);
    assert.equal(again.headers['cache-control'], 'public, max-age=60');
    const other = await site.api.get(`${PATH}?locale=ur`, {
      headers: { 'if-none-match': headers.etag },
    });
    assert.equal(other.status, 200);
    assert.notEqual(other.headers.etag, headers.etag);
  });

  test('is read, not written', async () => {
    const { headers } = await site.api.get(PATH);
    const head = await site.api.head(PATH, { unchecked: true });
    assert.equal(head.status, 200);
    assert.equal(head.headers.etag, headers.etag);
    for (const method of ['put', 'post', 'delete']) {
      const answer = await site.api[method](PATH, { unchecked: true });
      assert.equal(answer.status, 405);
    }
  });

  test('is the same for readers', async () => {
    const reader = await site.reader();
    const answer = await reader.get(PATH);
    assert.equal(answer.text, (await site.api.get(PATH)).text);
    const stranger = site.caller({ token: 'no.such.token' });
    assert.equal((await stranger.get(PATH)).status, 200);
  });

  test('is what answers are held against', async () => {
    const reader = await site.reader();
    for (const one of questionsOf(given(await site.api.get(PATH)))) {
      for (const { id } of one.choices) {
        const answer = one.kind === 'multi' ? [id] : id;
        const body = { background: { [one.id]: answer } };
        const { background } = given(await reader.put('/auth/profile', { body }));
        assert.deepEqual(background[one.id], answer);
      }
    }
  });

  test('refuses other answers in words', async () => {
    const error = refused(
      await site.api.post('/auth/signup', {
        body: {
          email: 'someone@example.org',
          password: 'a quiet harbour at dusk',
          background: {
            software_experience: 'wizard',
            tools: ['ros', 'ros'],
            shoe_size: 44,
          },
        },
      }),
      422,
      'VALIDATION_ERROR',
      'background.software_experience',
    );
    const said = JSON.stringify(error.fields);
    assert.match(said, /\\"wizard\\" is not one of: beginner, intermediate, expert/);
    assert.match(said, /\\"ros\\" is there twice/);
    assert.match(said, /background\.shoe_size/);
  });
});

describe('the presets', () => {
  for (const id of ['seed-levels', 'seed-contexts']) {
    const site = serve({ settings: { QUESTIONNAIRE: id } });

    test(`${id} is part of the default`, async () => {
      const own = given(await site.api.get(PATH));
      assert.equal(own.id, id);
      assert.equal(own.consent, undefined);
      const names = questionsOf(own).map((one) => one.id);
      assert.equal(names.includes('hardware_knowledge'), id === 'seed-levels');
      assert.equal(names.includes('devices'), id === 'seed-contexts');
    });
  }
});

describe("an author's file", () => {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-questions-'));
  const file = join(folder, 'questions.json');
  after(() => rmSync(folder, { recursive: true, force: true }));

  const first = ask(
    pick('device', ['jetson', 'laptop'], { required: true }),
    text('goal'),
  );
  const second = ask(
    pick('device', ['laptop', 'robot'], { required: true }),
    text('city', { required: true, maxLength: 3 }),
  );
  writeFileSync(file, JSON.stringify(first));
  const site = serve({ settings: { QUESTIONNAIRE: file } });
  let reader;
  let version;

  before(async () => {
    version = given(await site.api.get(PATH)).version;
    reader = await site.reader({
      background: { device: 'jetson', goal: 'a robot' },
    });
  });

  test('is what is asked', async () => {
    assert.equal(reader.made.profile_complete, true);
    const all = given(await site.api.get(PATH));
    assert.deepEqual(questionsOf(all)[1].label, { en: 'goal' });
    refused(
      await reader.put('/auth/profile', { body: { background: { city: 'x' } } }),
      422,
      'VALIDATION_ERROR',
      'background.city',
    );
  });

  test('may change: answers stay, and are asked for anew', async (t) => {
    writeFileSync(file, JSON.stringify(second));
    const later = new Site({
      settings: { QUESTIONNAIRE: file },
      database: site.server.database,
    });
    atEnd(t, () => later.close());
    await later.open();
    assert.notEqual(given(await later.api.get(PATH)).version, version);
    // A server at another address signs tokens of its own.
    const { email, password } = reader;
    const signIn = { body: { email, password } };
    const { session_token: token } = given(
      await later.api.post('/auth/signin', signIn),
    );
    const same = later.caller({ token });
    const before = given(await same.get('/auth/profile'));
    assert.deepEqual(before.background, { device: 'jetson', goal: 'a robot' });
    // What was given to a question that is gone is kept, not given again.
    refused(
      await same.put('/auth/profile', { body: { background: { goal: 'x' } } }),
      422,
      'VALIDATION_ERROR',
      'background.goal',
    );
    const after = given(
      await same.put('/auth/profile', {
        body: { background: { device: 'robot', city: 'Khi' } },
      }),
    );
    assert.deepEqual(after.background, {
      device: 'robot',
      goal: 'a robot',
      city: 'Khi',
    });
  });
});

test("the manual's example is one", async (t) => {
  const page = new URL('../../docs/questionnaire.md', import.meta.url);
  const [, example] = /```json\n(.*?)```/s.exec(readFileSync(page, 'utf8'));
  const cwd = folderFor(t);
  writeFileSync(join(cwd, 'q.json'), example);
  const env = { QUESTIONNAIRE: 'q.json' };
  const { code, stdout, stderr } = await run(['check'], { cwd, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /robotics-course, .* questions: 5, required: 1/);
});

describe('a mistake in it', () => {
  const mistakes = [
    ['{"id": "q",\n "steps": [],\n}', '3: the JSON has a comma behind the last'],
    ['{"id": "q",\n "steps": []}', '2: the questionnaire has no steps'],
    [
      JSON.stringify(ask(pick('gpu', ['yes', 'yes'])), null, 1),
      '18: question "gpu": choice "yes" is there twice',
    ],
  ];

  for (const [content, said] of mistakes) {
    test(`stops the start: ${said}`, async (t) => {
      const cwd = folderFor(t);
      writeFileSync(join(cwd, 'q.json'), content);
      const env = { QUESTIONNAIRE: 'q.json', PORT: '0' };
      for (const word of ['serve', 'check']) {
        const { code, stdout, stderr } = await run([word], { cwd, env });
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, /^bookplate: [^\n]+\n$/);
        assert.ok(stderr.includes(`: q.json:${said}`), stderr);
      }
    });
  }
});
