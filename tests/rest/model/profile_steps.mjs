// SPDX-License-Identifier: Apache-2.0
// What readers say of themselves.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { given, refused } from '../people.mjs';
import {
  QUESTIONS,
  answers,
  asDevice,
  at,
  isProfile,
  isReaderProfile,
  putAnswers,
  server,
  wrongAnswer,
} from './parts.mjs';
import { byPage } from './scene.mjs';

const tagOf = ({ headers }) => {
  assert.match(headers.etag, /^"[^"]+"$/);
  return headers.etag;
};

function countEvents(audit) {
  const times = {};
  for (const { event } of audit) {
    times[event] = (times[event] ?? 0) + 1;
  }
  return times;
}

/** What the answers are by what changed, one after the other. */
function replay(history) {
  const answers = {};
  let last = 0;
  for (const { version, at, changes } of history.toReversed()) {
    assert.ok(version > last, 'versions rise');
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    last = version;
    for (const [name, [before, after]] of Object.entries(changes)) {
      assert.deepEqual(before, answers[name] ?? null, name);
      assert.notDeepEqual(after, before, name);
      answers[name] = after;
    }
  }
  const given = Object.entries(answers).filter(([, value]) => value !== null);
  return Object.fromEntries(given);
}

export const profileSteps = {
  'look at the profile': {
    weight: 5,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', '/api/profile');
      if (did === null) {
        return;
      }
      isReaderProfile(did.reader, did.answer);
    },
  },
  'look back': {
    weight: 3,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', '/api/profile/history');
      if (did === null) {
        return;
      }
      const { history } = given(did.answer);
      const { account } = did.reader;
      assert.equal(history.length, account.history);
      assert.deepEqual(replay(history), account.answers);
    },
  },
  'take everything along': {
    weight: 2,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', '/api/export');
      if (did === null) {
        return;
      }
      const { reader } = did;
      const all = given(did.answer);
      reader.note('export');
      assert.equal(all.account.id, reader.account.id);
      assert.equal(all.sign_in_methods.length, 1);
      assert.equal(all.sessions.length, reader.sessions.length);
      assert.deepEqual(all.profile.answers, reader.account.answers);
      assert.deepEqual(all.profile.merged_from, reader.account.merges);
      assert.equal(all.profile_history.length, reader.account.history);
      assert.deepEqual(byPage(all.progress), reader.account.pages);
      assert.deepEqual(countEvents(all.audit), reader.account.noted);
    },
  },
  answer: {
    weight: 10,
    make: { ...at, answers, plain: fc.boolean() },
    async run(scene, step) {
      const { plain, answers } = step;
      const did = await (plain
        ? putAnswers(scene, step, '/auth/profile', { background: answers })
        : putAnswers(scene, step, '/api/profile', { answers }));
      if (did === null) {
        return;
      }
      did.reader.answer(answers);
      (plain ? isProfile : isReaderProfile)(did.reader, did.answer);
    },
  },
  'answer wrongly': {
    weight: 4,
    make: { ...at, answers, wrongAnswer, plain: fc.boolean() },
    async run(scene, step) {
      const given = { ...step.answers, ...step.wrongAnswer };
      const did = await (step.plain
        ? putAnswers(scene, step, '/auth/profile', { background: given })
        : putAnswers(scene, step, '/api/profile', { answers: given }));
      if (did === null) {
        return;
      }
      refused(did.answer, 422, 'VALIDATION_ERROR');
      did.reader.refuseAnswers(step.answers);
    },
  },
  'answer what was seen': {
    weight: 5,
    make: { ...at, answers, between: fc.option(answers), later: server },
    async run(scene, step) {
      const seen = await asDevice(scene, step, 'GET', '/api/profile');
      if (seen === null) {
        return;
      }
      const { reader } = seen;
      const headers = { 'if-match': tagOf(seen.answer) };
      const { version } = reader.account;
      if (step.between !== null) {
        const body = { answers: step.between };
        const elsewhere = { ...step, server: step.later };
        given((await putAnswers(scene, elsewhere, '/api/profile', body)).answer);
        reader.answer(step.between);
      }
      const body = { answers: step.answers };
      const did = await putAnswers(scene, step, '/api/profile', body, headers);
      if (reader.account.version !== version) {
        refused(did.answer, 412, 'PRECONDITION_FAILED');
        return;
      }
      reader.answer(step.answers);
      isReaderProfile(reader, did.answer);
    },
  },
  'take answers back': {
    weight: 3,
    make: { ...at, names: fc.subarray(QUESTIONS, { minLength: 1 }) },
    async run(scene, step) {
      const body = { remove: step.names };
      const did = await putAnswers(scene, step, '/api/profile', body);
      if (did === null) {
        return;
      }
      did.reader.takeBack(step.names);
      isReaderProfile(did.reader, did.answer);
    },
  },
  'two answer at once': {
    weight: 4,
    make: { ...at, answers, other: answers },
    async run(scene, step) {
      const put = (server, answers) =>
        putAnswers(scene, { ...step, server }, '/api/profile', { answers });
      const both = await Promise.all([put(0, step.answers), put(1, step.other)]);
      if (both[0] === null) {
        return;
      }
      const { reader } = both[0];
      both.forEach(({ answer }) => given(answer));
      const inOrder = (...list) =>
        reader.imagine((twin) => list.forEach((one) => twin.answer(one)));
      await scene.adopt(reader, [
        inOrder(step.answers, step.other),
        inOrder(step.other, step.answers),
      ]);
    },
  },
  'bring what a guest said': {
    weight: 9,
    make: { ...at, browser: fc.constantFrom('browser-1', 'browser-2'), answers },
    async run(scene, step) {
      const body = { answers: step.answers, merge: step.browser };
      const did = await putAnswers(scene, step, '/api/profile', body);
      if (did === null) {
        return;
      }
      did.reader.takeOver(step.browser, step.answers);
      isReaderProfile(did.reader, did.answer);
    },
  },
};
