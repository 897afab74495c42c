// SPDX-License-Identifier: Apache-2.0
// The seeds' own shape: a FastAPI backend beside the accounts. It does the
// whole contract as a client, its models refuse an answer with a member more
// or less, and it adapts a chapter to the reader by what the profile says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { NO_PYTHON, startBackend } from './backend.mjs';
import {
  BACKGROUND,
  ENGINES,
  LATER_BACKGROUND,
  PASSWORD,
  SKIP,
  WRONG,
  given,
  newEmail,
  openBook,
  refused,
  stopPostgres,
  suite,
} from './people.mjs';

after(stopPostgres);

function adapting(engine) {
  const scope = suite();
  const email = newEmail();
  let book;
  let call;
  let token;

  before(async () => {
    book = await openBook(scope, { engine });
    ({ call } = await startBackend(scope, book));
  });

  const chapter = (mine) => call('GET', '/chapters/servo', { token: mine });

  test('a reader signs up with a background', async () => {
    const body = { email, password: PASSWORD, background: BACKGROUND };
    const made = given(await call('POST', '/sign-up', { body }), 201);
    assert.equal(made.email, email);
    assert.equal(made.profile_complete, true);
    assert.deepEqual(made.background, BACKGROUND);
    token = made.session_token;
  });

  test('and gets the chapter that fits', async () => {
    const { reader, level, text } = given(await chapter(token));
    assert.equal(reader, email);
    assert.equal(level, 'intermediate');
    assert.match(text, /position loop/);
  });

  test('a change is in the next chapter', async () => {
    const body = LATER_BACKGROUND;
    const profile = given(await call('PUT', '/background', { token, body }));
    assert.deepEqual(profile.background, LATER_BACKGROUND);
    assert.equal(given(await chapter(token)).level, 'advanced');
  });

  test('a second device', async () => {
    const body = { email, password: PASSWORD };
    const answer = given(await call('POST', '/sign-in', { body }));
    assert.deepEqual(answer.background, LATER_BACKGROUND);
    const renewed = given(
      await call('POST', '/renew', { token: answer.session_token }),
    );
    assert.equal(given(await chapter(renewed.session_token)).level, 'advanced');
  });

  test('who answered nothing reads what is for everybody', async () => {
    const body = { email: newEmail(), password: PASSWORD };
    const made = given(await call('POST', '/sign-up', { body }), 201);
    assert.equal(made.profile_complete, false);
    const { level, text } = given(await chapter(made.session_token));
    assert.equal(level, null);
    assert.match(text, /turns an axis/);
  });

  test('what the accounts refuse, it passes on', async () => {
    const body = { email, password: PASSWORD };
    const taken = await call('POST', '/sign-up', { body });
    assert.deepEqual(Object.keys(refused(taken, 409, 'EMAIL_TAKEN')), ['email']);
    const wrong = { email, password: WRONG };
    const answer = await call('POST', '/sign-in', { body: wrong });
    refused(answer, 401, 'INVALID_EMAIL_OR_PASSWORD');
    const levels = { hardware_knowledge: 'guru' };
    const put = await call('PUT', '/background', { token, body: levels });
    const fields = refused(put, 422, 'VALIDATION_ERROR');
    assert.deepEqual(Object.keys(fields), ['background.hardware_knowledge']);
  });

  test('after sign-out the token is a name and nothing more', async () => {
    given(await call('POST', '/leave', { token }));
    // Statelessly it is good for its quarter of an hour, as documented ...
    assert.equal(given(await call('GET', '/me', { token })).iss, book.origin);
    // ... but nothing is told to its bearer.
    refused(await chapter(token), 401, 'UNAUTHORIZED');
    refused(await call('POST', '/renew', { token }), 401, 'UNAUTHORIZED');
  });
}

for (const engine of ENGINES) {
  const name = `a FastAPI backend on ${engine}`;
  describe(name, { skip: SKIP || NO_PYTHON }, () => adapting(engine));
}
