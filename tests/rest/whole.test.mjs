// SPDX-License-Identifier: Apache-2.0
// A call that writes several rows writes all of them or none: a trigger in the
// database refuses the row of one table, and nothing of the others is there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
  BACKGROUND,
  ENGINES,
  LATER_BACKGROUND,
  PASSWORD,
  SKIP,
  countRows,
  given,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

const MARK = { page: '/docs/intro', state: 'read', place: 'end', seconds: 9 };

/** What each call writes to, all of it at once. */
const WRITES = {
  'sign-up': [
    'user',
    'account',
    'session',
    'bookplate_profile',
    'bookplate_profile_history',
    'bookplate_progress',
    'bookplate_audit',
  ],
  'sign-in': ['session', 'bookplate_audit'],
  'the profile': [
    'bookplate_profile',
    'bookplate_profile_history',
    'bookplate_audit',
  ],
  'a first answer': ['bookplate_profile', 'bookplate_profile_history'],
};
const ALL = [...new Set(Object.values(WRITES).flat())];

// No constraint, which would be the caller's fault: something is broken.
const BROKEN = 'BEGIN SELECT abs(-9223372036854775807 - 1); END';
const SQLITE = {
  lock: (table) => `CREATE TRIGGER locked BEFORE INSERT ON "${table}" ${BROKEN}`,
  lockUpdates: (table) =>
    `CREATE TRIGGER locked BEFORE UPDATE ON "${table}" ${BROKEN}`,
  unlock: () => 'DROP TRIGGER locked',
};
const LOCKED = `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger
  LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'locked'; END $$`;
const POSTGRES = {
  lock: (table) => `CREATE TRIGGER locked BEFORE INSERT ON "${table}"
    FOR EACH ROW EXECUTE FUNCTION refuse()`,
  lockUpdates: (table) => `CREATE TRIGGER locked BEFORE UPDATE ON "${table}"
    FOR EACH ROW EXECUTE FUNCTION refuse()`,
  unlock: (table) => `DROP TRIGGER locked ON "${table}"`,
};

function refusingRows(engine) {
  const scope = suite();
  const triggers = engine === 'sqlite' ? SQLITE : POSTGRES;
  let book;

  before(async () => {
    book = await openBook(scope, { engine });
    if (engine === 'postgres') {
      await book.sql(LOCKED);
    }
  });

  const unchecked = true; // no document promises a broken database
  const call = {
    'sign-up': async (reader, email) =>
      book.call('POST', '/auth/signup', {
        unchecked,
        body: {
          email,
          password: PASSWORD,
          background: BACKGROUND,
          progress: [MARK],
        },
      }),
    'sign-in': async ({ email }) =>
      book.call('POST', '/auth/signin', {
        unchecked,
        body: { email, password: PASSWORD },
      }),
    'the profile': async ({ token }) =>
      book.call('PUT', '/auth/profile', {
        token,
        unchecked,
        body: { background: LATER_BACKGROUND },
      }),
  };
  call['a first answer'] = call['the profile'];
  const good = { 'sign-up': 201 };

  for (const [what, tables] of Object.entries(WRITES)) {
    for (const table of tables) {
      test(`${what}, without a row of ${table}`, async () => {
        const background = what === 'a first answer' ? {} : BACKGROUND;
        const reader = await book.reader({ background });
        const email = newEmail();
        const isUpdate = what === 'the profile' && table === 'bookplate_profile';
        const before = await countRows(book, ALL);
        await book.sql(triggers[isUpdate ? 'lockUpdates' : 'lock'](table));
        const answer = await call[what](reader, email).finally(() =>
          book.sql(triggers.unlock(table)),
        );
        refused(answer, 500, 'INTERNAL_ERROR');
        assert.doesNotMatch(answer.text, /locked|overflow|sql/i);
        assert.deepEqual(await countRows(book, ALL), before);
        const profile = given(await book.profile(reader.token));
        assert.deepEqual(profile.background, background);
        // Once the row is taken again, the same call goes through.
        given(await call[what](reader, email), good[what] ?? 200);
      });
    }
  }
}

for (const engine of ENGINES) {
  const name = `all rows or none on ${engine}`;
  describe(name, { skip: SKIP }, () => refusingRows(engine));
}
