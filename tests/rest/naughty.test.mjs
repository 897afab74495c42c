// SPDX-License-Identifier: Apache-2.0
// Texts that broke other programs, in every place a reader can put one: each
// comes back as it was sent, or was refused; never changed, never a 5xx.
//
// The long list lies beside the project (../shared/data/corpora); without it
// those of naughty.mjs are all.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { isSanitized } from '../accounts/house.mjs';
import { NAUGHTY } from './naughty.mjs';
import { ENGINE, PASSWORD, Site, given, newEmail } from './site.mjs';

const ENGINES = process.env.ENGINE ? [ENGINE] : ['sqlite', 'postgres'];
const QUESTIONNAIRE = fileURLToPath(new URL('all-kinds.json', import.meta.url));
const LIST = 'data/corpora/naughty-strings.json';

function theList() {
  const root =
    process.env.PROJECT_ROOT ?? fileURLToPath(new URL('../..', import.meta.url));
  const file = join(root, '..', 'shared', LIST);
  if (!existsSync(file)) {
    console.log('# skipped: the long list of strings is not there');
    return NAUGHTY;
  }
  return [...new Set([...NAUGHTY, ...JSON.parse(readFileSync(file, 'utf8'))])];
}

// With a sanitizer the program takes five times as long.
const STEP = isSanitized() ? 5 : 1;
const STRINGS = theList().filter((_, i) => i % STEP === 0);
const READERS = 6;
const shown = (text) => JSON.stringify(text.slice(0, 60));

/** Neither can be in JSON that a database keeps as text. */
const isText = (text) => text.isWellFormed() && !text.includes('\0');

/** The first question that takes any text. */
function textQuestion({ components }) {
  const { properties } = components.schemas.Answers;
  const found = Object.entries(properties).find(
    ([, schema]) => schema.type === 'string' && !schema.enum,
  );
  return { id: found[0], longest: found[1].maxLength };
}

for (const engine of ENGINES) {
  describe(`naughty strings on ${engine}`, () => {
    let site;
    let readers; // who share the work
    before(async () => {
      site = await new Site({ engine, settings: { QUESTIONNAIRE } }).open();
      const all = Array.from({ length: READERS }, () => site.reader());
      readers = await Promise.all(all);
    });
    after(() => site?.close());

    /** Sends each, looks at what is kept; enough were taken. */
    async function each({ send, read, mustTake }) {
      let taken = 0;
      const one = async (reader, text) => {
        const answer = await send(reader, text);
        if (answer.status >= 300) {
          assert.ok([400, 413, 422].includes(answer.status), answer.text);
          assert.ok(!mustTake(text), `refused: ${shown(text)}: ${answer.text}`);
          return;
        }
        assert.equal(await read(reader, text), text, `changed: ${shown(text)}`);
        taken += 1;
      };
      const share = async (reader, nth) => {
        for (const text of STRINGS.filter((_, i) => i % READERS === nth)) {
          await one(reader, text);
        }
      };
      await Promise.all(readers.map(share));
      assert.ok(taken > 20, `${taken} taken`);
    }

    test('as an answer', async () => {
      const { id, longest } = textQuestion(site.contract.document);
      await each({
        send: (reader, text) =>
          reader.put('/api/profile', { body: { answers: { [id]: text } } }),
        read: async (reader) => given(await reader.get('/api/profile')).answers[id],
        mustTake: (text) => isText(text) && text.length > 0 && text.length <= longest,
      });
    });

    test('as a background by /auth/profile', async () => {
      const { id, longest } = textQuestion(site.contract.document);
      await each({
        send: (reader, text) =>
          reader.put('/auth/profile', { body: { background: { [id]: text } } }),
        read: async (reader) => given(await reader.get('/auth/me')).background[id],
        mustTake: (text) => isText(text) && text.length > 0 && text.length <= longest,
      });
    });

    test('as a place on a page', () =>
      each({
        send: (reader, place) =>
          reader.put('/api/progress', {
            body: { page: '/docs/a', state: 'reading', place, at: Date.now() },
          }),
        read: async (reader) =>
          given(await reader.get('/api/progress')).progress[0].place,
        mustTake: (text) => /^[\x20-\x7e]{0,256}$/.test(text),
      }));

    test('as a page', () =>
      each({
        send: (reader, text) =>
          reader.put('/api/progress', {
            body: { page: `/${text}`, state: 'read' },
          }),
        read: async (reader, text) => {
          const { progress } = given(await reader.get('/api/progress'));
          return progress.find(({ page }) => page === `/${text}`)?.page.slice(1);
        },
        mustTake: (text) => /^[\w.~-]{0,500}$/.test(text),
      }));

    test('as a name', async () => {
      const browsers = new Map();
      for (const reader of readers) {
        browsers.set(reader, await site.browser(reader));
      }
      await each({
        send: (reader, name) =>
          browsers
            .get(reader)
            .post('/api/auth/update-user', { body: { name }, unchecked: true }),
        read: async (reader) => given(await reader.get('/api/profile')).user.name,
        mustTake: (text) => /^[\w ]{1,100}$/.test(text),
      });
    });

    test('as a name when signing up', async () => {
      for (const name of STRINGS.filter((_, i) => i % 25 === 7)) {
        const email = newEmail();
        const body = { email, name, password: PASSWORD };
        const answer = await site.api.post('/auth/signup', { body });
        if (answer.status !== 201) {
          assert.ok(!isText(name), `refused: ${shown(name)}: ${answer.text}`);
          continue;
        }
        const { session_token: token } = answer.json;
        const { user } = given(await site.api.get('/api/profile', { token }));
        assert.equal(user.name, name || email.split('@')[0]);
      }
    });

    test('as a question, a field, an address of ours', async () => {
      const ask = async (reader, text) => {
        const name = text.toWellFormed();
        for (const [path, body] of [
          ['/api/profile', { answers: { [`${name}!`]: 'x' } }],
          ['/auth/profile', { [`${name}!`]: 'x' }],
        ]) {
          const answer = await reader.put(path, { body });
          assert.ok([400, 422].includes(answer.status), `${shown(text)}: ${answer.text}`);
        }
        const part = encodeURIComponent([...name].slice(0, 200).join(''));
        await reader.get(`/api/progress?since=${part}`);
        await reader.get(`/api/questionnaire?locale=${part}`);
        const nowhere = await reader.get(`/api/${part}x`);
        // An encoded NUL is in no address at all.
        const expected = part.includes('%00') ? 400 : 404;
        assert.equal(nowhere.status, expected, shown(text));
      };
      await Promise.all(
        readers.map(async (reader, nth) => {
          for (const text of STRINGS.filter((_, i) => i % READERS === nth)) {
            await ask(reader, text);
          }
        }),
      );
    });
  });
}
