// SPDX-License-Identifier: Apache-2.0
// What lies in the database, its log, backups and the server's log says
// nothing of readers, and opens nowhere but where it was sealed (S094).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createDecipheriv, hkdfSync } from 'node:crypto';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

import { postgresPrograms } from '../contract/postgres.mjs';
import { until } from '../process/program.mjs';
import { writeQuestionnaire } from './goal.mjs';
import { asked, begin } from './operator.mjs';
import { given, PASSWORD, serve } from './site.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bookplate-rest-'));
const QUESTIONNAIRE = writeQuestionnaire(folder);
const site = serve({ settings: { LOG_LEVEL: 'debug', QUESTIONNAIRE } });
after(() => rmSync(folder, { recursive: true, force: true }));

const NEEDLE = 'zyzzyva-quokka-numbat';

/** As any client: an answer that is no success is looked at as it is. */
async function get(reader, path) {
  const answer = await fetch(site.server.url + path, {
    headers: { authorization: `Bearer ${reader.token}` },
  });
  return { status: answer.status, json: await answer.json() };
}

const answersOf = async (reader) =>
  (
    await site.sql('SELECT id, answers FROM bookplate_profile WHERE user_id = $1', [
      reader.id,
    ])
  )[0];

const setAnswers = (id, answers) =>
  site.sql('UPDATE bookplate_profile SET answers = $1 WHERE id = $2', [answers, id]);

async function expectUnreadable(reader) {
  const { status, json } = await get(reader, '/api/profile');
  assert.equal(status, 500);
  assert.equal(json.error.code, 'UNREADABLE');
  assert.ok(!JSON.stringify(json).includes('expert'));
}

const logged = () =>
  site.server.process.events().filter((line) => line.status === 'UNREADABLE');

const LEVELS = { software_experience: 'expert', hardware_knowledge: 'basic' };

test('values swapped between two readers do not open', async () => {
  const [a, b, c] = [
    await site.reader({ background: LEVELS }),
    await site.reader({ background: { ...LEVELS, software_experience: 'beginner' } }),
    await site.reader({ background: LEVELS }),
  ];
  const [rowA, rowB] = [await answersOf(a), await answersOf(b)];
  await setAnswers(rowA.id, rowB.answers);
  await setAnswers(rowB.id, rowA.answers);
  await expectUnreadable(a);
  await expectUnreadable(b);
  await until(() => logged().length >= 2, 'it is in the log');
  // Nobody else is touched, and what is damaged is not written over.
  assert.deepEqual(given(await c.get('/api/profile')).answers, LEVELS);
  const put = await fetch(`${site.server.url}/api/profile`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${a.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ answers: { hardware_knowledge: 'none' } }),
  });
  assert.equal(put.status, 500);
  const [{ key }] = await asked(site, ['service', 'add', 'swap']);
  const service = { token: key };
  const one = await get(service, `/api/service/readers/${a.id}/background`);
  assert.equal(one.status, 500);
  const batch = site.caller(service);
  const { backgrounds } = given(
    await batch.post('/api/service/backgrounds', { body: { ids: [a.id, c.id] } }),
  );
  assert.equal(backgrounds[0].error, 'UNREADABLE');
  assert.deepEqual(backgrounds[0].background, {});
  assert.deepEqual(backgrounds[1].background, LEVELS);
  await setAnswers(rowA.id, rowA.answers);
  await setAnswers(rowB.id, rowB.answers);
  assert.deepEqual(given(await a.get('/api/profile')).answers, LEVELS);
});

test('one changed character, another key or nothing: none opens', async () => {
  const reader = await site.reader({ background: LEVELS });
  const { id, answers } = await answersOf(reader);
  const turned = (at) =>
    answers.slice(0, at) + (answers[at] === 'A' ? 'B' : 'A') + answers.slice(at + 1);
  const wrong = ['', 'AAAA', '{}', answers.slice(4), turned(2), turned(30)];
  for (const value of [...wrong, turned(answers.length - 6)]) {
    await setAnswers(id, value);
    await expectUnreadable(reader);
  }
  await setAnswers(id, answers);
  assert.deepEqual(given(await reader.get('/api/profile')).answers, LEVELS);
});

test('a value of another column of the same reader does not open', async () => {
  const reader = await site.reader({ background: LEVELS });
  const { id, answers } = await answersOf(reader);
  const rows = await site.sql(
    'SELECT changes FROM bookplate_profile_history WHERE user_id = $1',
    [reader.id],
  );
  await setAnswers(id, rows[0].changes);
  await expectUnreadable(reader);
  await setAnswers(id, answers);
});

/** The data keys, opened as docs/keys.md says. */
async function dataKeys() {
  const master = hkdfSync(
    'sha256',
    site.server.secret,
    'bookplate',
    'bookplate data keys, version 1',
    32,
  );
  const rows = await site.sql('SELECT id, sealed FROM bookplate_key');
  return rows.map(({ id, sealed }) => {
    const bytes = Buffer.from(sealed, 'base64url');
    const open = createDecipheriv('aes-256-gcm', Buffer.from(master), bytes.subarray(5, 17));
    open.setAAD(
      Buffer.concat([bytes.subarray(0, 5), Buffer.from(`bookplate_key.sealed\0${id}`)]),
    );
    open.setAuthTag(bytes.subarray(-16));
    const key = Buffer.concat([open.update(bytes.subarray(17, -16)), open.final()]);
    assert.equal(key.length, 32);
    return key;
  });
}

/** Every file below, as { name, bytes }; one that has just gone is left out. */
function* filesOf(path) {
  const about = statSync(path, { throwIfNoEntry: false });
  if (about?.isDirectory()) {
    for (const name of readdirSync(path)) {
      yield* filesOf(join(path, name));
    }
  } else if (about?.isFile()) {
    try {
      yield { name: path, bytes: readFileSync(path) };
    } catch (error) {
      assert.equal(error.code, 'ENOENT');
    }
  }
}

async function backup() {
  const file = join(folder, 'backup');
  const { database, engine } = site.server;
  if (engine === 'sqlite') {
    await site.sql(`VACUUM INTO '${file}'`);
  } else {
    execFileSync(join(postgresPrograms(), 'pg_dump'), [database, '-f', file]);
  }
  return file;
}

/** Where the engine keeps its files: tables and log. */
async function databaseFolder() {
  const { database, engine } = site.server;
  return engine === 'sqlite'
    ? dirname(database.slice('sqlite:'.length))
    : (await site.sql('SHOW data_directory'))[0].data_directory;
}

const forms = (bytes) => [
  bytes,
  Buffer.from(bytes.toString('hex')),
  Buffer.from(bytes.toString('base64')),
  Buffer.from(bytes.toString('base64url')),
];

test('no answer, key or password lies anywhere', async () => {
  const reader = await site.reader({ background: { ...LEVELS, goal: NEEDLE } });
  const body = { answers: { goal: `${NEEDLE}, twice` } };
  given(await reader.put('/api/profile', { body }));
  const [{ key }] = await asked(site, ['service', 'add', 'grep']);
  given(
    await site.caller({ token: key }).get(`/api/service/readers/${reader.id}/background`),
  );
  const before = await dataKeys();
  assert.equal((await begin(site, ['key', 'rotate']).exit).code, 0);
  const keys = [...before, ...(await dataKeys())];
  const needles = {
    answer: [Buffer.from(NEEDLE), Buffer.from('"expert"')],
    'service key': [Buffer.from(key), Buffer.from(key.slice(4))],
    secret: [Buffer.from(site.server.secret)],
    password: [Buffer.from(PASSWORD)],
    'data key': keys.flatMap(forms),
    'private key': ['PRIVATE KEY', '"d":"', '\\"d\\":\\"'].map((text) => Buffer.from(text)),
  };
  const places = [await databaseFolder(), await backup()];
  const seen = [{ name: 'the log', bytes: Buffer.from(site.server.process.stderr) }];
  for (const place of places) {
    seen.push(...filesOf(place));
  }
  // What is there is found: else nothing was looked at.
  const shown = Buffer.from(reader.id);
  assert.ok(seen.filter(({ bytes }) => bytes.includes(shown)).length >= 2);
  for (const { name, bytes } of seen) {
    for (const [what, all] of Object.entries(needles)) {
      for (const needle of all) {
        assert.ok(!bytes.includes(needle), `${what} in ${name}`);
      }
    }
  }
});
