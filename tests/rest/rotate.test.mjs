// SPDX-License-Identifier: Apache-2.0
// Data keys are rotated while readers write and read: nothing is lost, nobody
// is refused, and nothing stays under an old key, even when the command is
// killed at any moment and run again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { until } from '../process/program.mjs';
import { asked, begin, command } from './operator.mjs';
import { given, serve, Site } from './site.mjs';

const KILLS = process.env.RELIABILITY === '1' ? 20 : 6;
const READERS = 24;
const LEVELS = ['beginner', 'intermediate', 'expert'];
const PLACES = ['bookplate_profile', 'bookplate_profile_history'];

const site = serve({
  settings: { QUESTIONNAIRE: 'seed-levels', RATE_LIMIT: 'off' },
});

/** A second server on the same database; closed with the first. */
function openOther() {
  const { database, secret } = site.server;
  const settings = { QUESTIONNAIRE: 'seed-levels', RATE_LIMIT: 'off' };
  const { engine } = site;
  return new Site({ database, engine, options: { secret }, settings }).open();
}

const number = async (sql, params) =>
  Number(Object.values((await site.sql(sql, params))[0])[0]);
const newest = () => number('SELECT MAX(id) FROM bookplate_key');
const count = (table, where = '1 = 1', params = []) =>
  number(`SELECT COUNT(*) FROM ${table} WHERE ${where}`, params);

/** How many values are sealed with other keys than the newest. */
async function left() {
  const key = await newest();
  let all = 0;
  for (const table of PLACES) {
    all += await count(table, 'key_id <> $1', [key]);
  }
  return all;
}

/** Readers who answer, and look at what they answered, until told to stop. */
class Load {
  constructor(readers) {
    this.readers = readers;
    this.failures = [];
    this.calls = 0;
    this.going = true;
    this.done = Promise.all(readers.map((reader, i) => this.#run(reader, i)));
  }

  async #run(reader, i) {
    try {
      for (let n = 0; this.going; n += 1) {
        const answer = LEVELS[(n + i) % 3];
        const body = { answers: { software_experience: answer } };
        // What one server sealed the other opens.
        const [writes, reads] = n % 2 === 0 ? reader.sides : [...reader.sides].reverse();
        given(await writes.put('/api/profile', { body }));
        reader.expected = answer;
        const read = given(await reads.get('/api/profile'));
        assert.equal(read.answers.software_experience, answer);
        this.calls += 2;
        await delay(2);
      }
    } catch (error) {
      this.failures.push(error);
    }
  }

  async stop() {
    this.going = false;
    await this.done;
    assert.deepEqual(this.failures, []);
  }
}

let people;
async function readers() {
  if (!people) {
    const other = await openOther();
    people = [];
    for (let i = 0; i < READERS; i += 1) {
      const background = { programming_background: 'advanced' };
      const reader = await site.reader({ background });
      reader.sides = [reader, await other.browser(reader)];
      people.push(reader);
    }
  }
  return people;
}

async function everybodyReads() {
  for (const reader of await readers()) {
    const { answers } = given(await reader.get('/api/profile'));
    assert.equal(answers.programming_background, 'advanced');
    if (reader.expected) {
      assert.equal(answers.software_experience, reader.expected);
    }
    const { history } = given(await reader.get('/api/profile/history'));
    assert.ok(history.length > 0);
  }
}

test('a rotation under load refuses nobody and loses nothing', async () => {
  const load = new Load(await readers());
  const before = await newest();
  const rotated = await begin(site, ['key', 'rotate']).exit;
  await load.stop();
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.match(rotated.stdout, new RegExp(`data key ${before + 1} made`));
  assert.equal(await newest(), before + 1);
  assert.equal(await left(), 0);
  await everybodyReads();
  assert.ok(load.calls > 100, `${load.calls} calls`);
});

test('killed in the middle again and again, it goes on', async (t) => {
  const load = new Load(await readers());
  const step = site.engine === 'sqlite' ? 6 : 30;
  let stopped = 0;
  for (let n = 0; n < KILLS; n += 1) {
    const makesOne = n % 3 === 0;
    const before = await newest();
    const rotation = begin(site, ['key', 'rotate', ...(makesOne ? ['--new'] : [])]);
    if (makesOne) {
      await until(async () => (await newest()) > before, 'a new key');
    }
    await delay(makesOne ? n : 10 + n * step);
    rotation.child.kill('SIGKILL');
    const { code } = await rotation.exit;
    assert.equal(code, 'SIGKILL');
    stopped += (await left()) > 0 ? 1 : 0;
  }
  const last = await begin(site, ['key', 'rotate']).exit;
  await load.stop();
  assert.equal(last.code, 0, last.stderr);
  assert.equal(await left(), 0);
  await everybodyReads();
  assert.ok(stopped > 0, 'one was killed in the middle of its work');
  t.diagnostic(
    `${KILLS} killed, ${stopped} with values left, ${load.calls} calls meanwhile`,
  );
});

test('keys are listed with what they seal', async () => {
  const rows = await asked(site, ['key', 'list']);
  const data = rows.filter((row) => row.kind === 'data');
  assert.equal(data[0].state, 'seals');
  assert.equal(
    Number(data[0].values),
    (await count(PLACES[0])) + (await count(PLACES[1])),
  );
  assert.ok(data.slice(1).every((row) => Number(row.values) === 0));
  const masters = rows.filter((row) => row.kind === 'master');
  assert.equal(masters[0].state, 'seals');
  assert.equal(data[0].sealedUnder, masters[0].id);
  assert.equal(rows.filter((row) => row.state === 'signs').length, 1);
});

test('keys that seal nothing go an hour after the next was made', async () => {
  await site.sql('UPDATE bookplate_key SET created_at = created_at - 7200000');
  const { code, stdout, stderr } = await begin(site, ['key', 'rotate']).exit;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\d+ data keys? removed/);
  const rows = await site.sql('SELECT id FROM bookplate_key ORDER BY id');
  assert.equal(rows.length, 2, JSON.stringify(rows));
  await everybodyReads();
});

test('every act is in the audit', async () => {
  const rows = await site.sql(
    "SELECT detail, actor FROM bookplate_audit WHERE event = 'key'",
  );
  assert.ok(rows.every((row) => row.actor === 'command'));
  assert.ok(rows.some((row) => /^data key \d+ made$/.test(row.detail)));
  assert.ok(rows.some((row) => /values sealed anew under data key/.test(row.detail)));
});

test('flags that mean nothing together are refused', async () => {
  for (const flags of [['--now'], ['--signing', '--new']]) {
    const { code } = await command(site, ['key', 'rotate', ...flags]);
    assert.equal(code, 2);
  }
});
