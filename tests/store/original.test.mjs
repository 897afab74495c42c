// SPDX-License-Identifier: Apache-2.0
// Our migrator against the original's: the same tables to the letter, and
// neither finds anything to do on what the other made.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import {
  ENGINES,
  SKIP,
  OWN,
  bookplate,
  databaseFor,
  migrateOriginal,
  stopPostgres,
} from './databases.mjs';

const FIELDS = {
  level: { type: 'string', defaultValue: "it's" },
  age: { type: 'number', required: false, index: true },
  nick: { type: 'string', unique: true, fieldName: 'nick_name' },
  tags: { type: 'string[]' },
  marks: { type: 'number[]', required: false },
  extra: { type: 'json', required: false },
  mood: { type: ['low', 'high'], required: true },
  steps: { type: 'number', bigint: true, defaultValue: 7 },
  born: { type: 'date' },
  wants: { type: 'boolean', defaultValue: true },
};

const LONG = 'a_table_whose_name_is_so_long_that_its_indexes_are_cut';

/** Parts of AUTH_SCHEMA, which are the original's options as they stand. */
const SCHEMAS = {
  plain: {},
  renamed: {
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'made' },
      additionalFields: FIELDS,
    },
    session: {
      modelName: LONG,
      fields: { userId: 'the_user_that_it_is_the_session_of' },
      additionalFields: { place: { type: 'string', required: false } },
    },
    account: { fields: { userId: 'user_id' } },
    verification: {
      modelName: 'links',
      additionalFields: { note: { type: 'string', required: false } },
    },
    rateLimit: { modelName: 'rates', fields: { lastRequest: 'last' } },
    jwks: { modelName: 'keys', fields: { publicKey: 'public_key' } },
  },
};

const IDS = ['text', 'uuid', 'serial'];

const options = (schema, id) => ({ schema, id, plugins: true });

const settings = (schema, id) => ({
  AUTH_SCHEMA: JSON.stringify(schema),
  AUTH_PLUGINS: 'jwt,admin',
  RATE_LIMIT: 'database',
  ID_TYPE: id,
});

const WITHOUT = { AUTH_PLUGINS: 'bearer' };

async function migrate(t, database, env) {
  const { code, stdout, stderr } = await bookplate(t, database, ['migrate'], env);
  assert.equal(code, 0, stderr);
  return stdout;
}

after(stopPostgres);

for (const engine of Object.keys(ENGINES)) {
  describe(`the original's tables, ${engine}`, { skip: SKIP }, () => {
    for (const [name, schema] of Object.entries(SCHEMAS)) {
      for (const id of IDS) {
        test(`${name} with ${id} ids, to the letter`, async (t) => {
          const theirs = await databaseFor(t, engine);
          const ours = await databaseFor(t, engine);
          await migrateOriginal(theirs, options(schema, id));
          await migrate(t, ours, settings(schema, id));
          assert.equal(await ours.schema(), await theirs.schema());

          const left = await migrateOriginal(ours, {
          ...options(schema, id),
          dry: true,
        });
          assert.deepEqual(left, { created: [], added: [], problems: [] });
          assert.equal(
            await migrate(t, theirs, settings(schema, id)),
            ['create table bookplate_migration', ...OWN.map(({ line }) => line), '']
              .join('\n'),
          );
          const check = await bookplate(
            t,
            theirs,
            ['check'],
            settings(schema, id),
          );
          assert.equal(check.code, 0, check.stdout);
          assert.doesNotMatch(check.stdout, /^(problem|warning|to do):/m);
        });
      }
    }

    test('without plugins', async (t) => {
      const theirs = await databaseFor(t, engine);
      const ours = await databaseFor(t, engine);
      await migrateOriginal(theirs);
      await migrate(t, ours, WITHOUT);
      assert.equal(await ours.schema(), await theirs.schema());
    });

    test('columns added later, to the letter', async (t) => {
      const fields = { level: FIELDS.level, age: FIELDS.age };
      fields.steps = FIELDS.steps;
      fields.wants = FIELDS.wants;
      fields.extra = FIELDS.extra;
      fields.badge = { type: 'string', required: false, unique: true };
      const schema = { user: { additionalFields: fields } };
      const [theirs, ours] = [
        await databaseFor(t, engine),
        await databaseFor(t, engine),
      ];
      await migrateOriginal(theirs);
      await migrate(t, ours, WITHOUT);
      await migrateOriginal(theirs, options(schema, 'text'));
      await migrate(t, ours, settings(schema, 'text'));
      assert.equal(await ours.schema(), await theirs.schema());
    });

    test('a column that older rows cannot fill stays optional', async (t) => {
      const schema = { user: { additionalFields: { born: FIELDS.born } } };
      const database = await databaseFor(t, engine);
      await migrate(t, database, WITHOUT);
      const said = await migrate(t, database, settings(schema, 'text'));
      assert.match(said, /^add column born to user, not required/m);
      const left = await migrateOriginal(database, {
          ...options(schema, 'text'),
          dry: true,
        });
      assert.deepEqual(left, { created: [], added: [], problems: [] });
    });
  });
}
