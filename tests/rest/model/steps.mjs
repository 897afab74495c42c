// SPDX-License-Identifier: Apache-2.0
// What readers do, one call each: `make` says with what, `run` makes the call,
// holds the answer against the truth, and tells the truth what happened. Every
// step can be taken at any moment: what has to be refused is part of it.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { PASSWORD, WRONG, given, refused } from '../people.mjs';
import { byPage } from './scene.mjs';

const DAY_MS = 86_400_000;
const BEGAN = Date.now() - DAY_MS; // of what devices say they have read
const CLOCKS_MS = 2000; // two processes of one machine
const GARBAGE = 'e30.e30.e30';

const WORDS = {
  software_experience: ['beginner', 'intermediate', 'expert'],
  programming_background: ['none', 'basic', 'intermediate', 'advanced'],
  hardware_knowledge: ['none', 'basic', 'intermediate', 'advanced'],
  gpu: ['none', 'nvidia_small', 'unknown'],
};
const LISTS = { languages: ['python', 'cpp', 'c', 'rust'] };
const REQUIRED = Object.keys(WORDS).slice(0, 3);
const QUESTIONS = Object.keys({ ...WORDS, ...LISTS });

/** Objects like those that JSON gives. */
const PLAIN = { noNullPrototype: true };

const arbitraries = (values, arbitrary) =>
  Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, arbitrary(list)]),
  );
const answers = fc.record(
  {
    ...arbitraries(WORDS, (list) => fc.constantFrom(...list)),
    ...arbitraries(LISTS, (list) => fc.subarray(list, { minLength: 1 })),
  },
  { ...PLAIN, requiredKeys: [] },
);
const wrongAnswer = fc.constantFrom(
  { hardware_knowledge: 'expert' },
  { software_experience: 'none' },
  { programming_background: null },
  { programming_background: ['basic'] },
  { languages: 'python' },
  { languages: ['cobol'] },
  { shoe_size: 42 },
  { __proto__: null, constructor: 'x' },
);
const who = fc.nat(3);
const device = fc.nat(3);
const server = fc.nat(1);
const at = { who, device, server };

const mark = fc.record(
  {
    page: fc.constantFrom('/docs/intro', '/docs/servo', '/docs/ros 2'),
    state: fc.constantFrom('unread', 'visited', 'reading', 'read'),
    place: fc.constantFrom('', 'wiring', 'é 😀'),
    seconds: fc.nat(300),
    at: fc.nat(9).map((n) => BEGAN + n * 1000),
  },
  PLAIN,
);

const shut = (answer) => refused(answer, 401, 'UNAUTHORIZED');

/** A call with the token of a device, which may have none that is good. */
async function asDevice(scene, { who, device, server }, method, path, options) {
  const reader = scene.reader(who);
  const session = reader.session(device);
  const token =
    session?.tokens.at(device % 2 ? -1 : 0) ?? reader.ended.at(-1) ?? GARBAGE;
  const answer = await scene.call(server, method, path, { token, ...options });
  return { reader, session, token, answer };
}

/** A session of the browser, by which Better Auth's own calls are made. */
async function asBrowser(scene, { who, device, server }, path, body) {
  const reader = scene.reader(who);
  const session = reader.session(device);
  if (session === undefined) {
    return { reader };
  }
  const answer = await scene.call(server, 'POST', `/api/auth${path}`, {
    body,
    cookie: await scene.cookie(session.tokens[0]),
    headers: { origin: scene.origin },
  });
  return { reader, session, answer };
}

function isProfile(reader, answer) {
  const { user_id, email, background, created_at, updated_at } = given(answer);
  assert.equal(user_id, reader.account.id);
  assert.equal(email, reader.email);
  assert.deepEqual(background, reader.account.answers);
  assert.ok(created_at <= updated_at);
}

async function putAnswers(scene, step, path, body, headers) {
  return asDevice(scene, step, 'PUT', path, { body, headers });
}

const tagOf = ({ headers }) => {
  assert.match(headers.etag, /^"[^"]+"$/);
  return headers.etag;
};

function isReaderProfile(reader, answer) {
  const { answers, version } = given(answer);
  assert.deepEqual(answers, reader.account.answers);
  assert.equal(version, reader.account.version);
}

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

const isDone = ({ answer }) => {
  assert.ok([200, 503].includes(answer.status), answer.text);
  return answer.status === 200;
};

/** Weight, what with, and what happens. */
export const STEPS = {
  'sign-up': {
    weight: 3,
    make: {
      who,
      server,
      answers: fc.option(answers, { nil: undefined }),
      marks: fc.option(fc.array(mark, { maxLength: 3 }), { nil: undefined }),
    },
    async run(scene, { who, server, answers, marks }) {
      const reader = scene.reader(who);
      const body = {
        email: reader.email,
        password: PASSWORD,
        background: answers,
        progress: marks,
      };
      const answer = await scene.call(server, 'POST', '/auth/signup', { body });
      if (reader.isKnown) {
        refused(answer, 409, 'EMAIL_TAKEN');
        return;
      }
      const made = given(answer, 201);
      assert.deepEqual(made.background, answers ?? {});
      const isWhole = REQUIRED.every((name) => answers?.[name]);
      assert.equal(made.profile_complete, isWhole);
      const session = { tokens: [made.session_token] };
      reader.signUp(made.user_id, PASSWORD, session, { answers, marks });
    },
  },
  'sign-up refused': {
    weight: 2,
    make: {
      who,
      server,
      wrong: fc.oneof(
        wrongAnswer.map((background) => ({ background })),
        fc.constant({ progress: [{ page: '//evil', state: 'read' }] }),
      ),
    },
    async run(scene, { who, server, wrong }) {
      const { email } = scene.reader(who);
      const body = { email, password: PASSWORD, ...wrong };
      const answer = await scene.call(server, 'POST', '/auth/signup', { body });
      refused(answer, 422, 'VALIDATION_ERROR');
    },
  },
  'sign-in': {
    weight: 3,
    make: { who, server },
    async run(scene, { who, server }) {
      const reader = scene.reader(who);
      const password = reader.account?.password ?? PASSWORD;
      const body = { email: reader.email, password };
      const answer = await scene.call(server, 'POST', '/auth/signin', { body });
      if (!reader.isKnown) {
        refused(answer, 401, 'INVALID_EMAIL_OR_PASSWORD');
        reader.failToSignIn();
        return;
      }
      if (reader.account.banned) {
        refused(answer, 403, 'BANNED_USER');
        reader.failToSignIn();
        return;
      }
      const { user_id, background, session_token } = given(answer);
      assert.equal(user_id, reader.account.id);
      assert.deepEqual(background, reader.account.answers);
      reader.signIn({ tokens: [session_token] });
    },
  },
  'wrong sign-in': {
    weight: 1,
    make: { who, server },
    async run(scene, { who, server }) {
      const reader = scene.reader(who);
      const body = { email: reader.email, password: WRONG };
      const answer = await scene.call(server, 'POST', '/auth/signin', { body });
      refused(answer, 401, 'INVALID_EMAIL_OR_PASSWORD');
      reader.failToSignIn();
    },
  },
  'sign-out': {
    weight: 3,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'POST', '/auth/signout');
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      given(did.answer);
      did.reader.endSession(did.session);
    },
  },
  refresh: {
    weight: 4,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'POST', '/auth/refresh');
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      did.reader.renew(did.session, given(did.answer).session_token);
    },
  },
  'look at the account': {
    weight: 5,
    make: { ...at, path: fc.constantFrom('/auth/profile', '/auth/me') },
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', step.path);
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      isProfile(did.reader, did.answer);
    },
  },
  'look at the profile': {
    weight: 5,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', '/api/profile');
      if (did.session === undefined) {
        shut(did.answer);
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
      if (did.session === undefined) {
        shut(did.answer);
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
      if (did.session === undefined) {
        shut(did.answer);
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
      if (did.session === undefined) {
        shut(did.answer);
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
      if (did.session === undefined) {
        shut(did.answer);
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
      if (seen.session === undefined) {
        shut(seen.answer);
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
      if (did.session === undefined) {
        shut(did.answer);
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
      const { reader, session } = both[0];
      if (session === undefined) {
        both.forEach(({ answer }) => shut(answer));
        return;
      }
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
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      did.reader.takeOver(step.browser, step.answers);
      isReaderProfile(did.reader, did.answer);
    },
  },
  read: {
    weight: 8,
    make: { ...at, marks: fc.array(mark, { minLength: 1, maxLength: 4 }) },
    async run(scene, step) {
      const body = { progress: step.marks };
      const did = await asDevice(scene, step, 'PUT', '/api/progress', { body });
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      did.reader.read(step.marks);
      const { pages } = did.reader.account;
      const named = step.marks.map(({ page }) => [page, pages.get(page)]);
      assert.deepEqual(byPage(given(did.answer).progress), new Map(named));
    },
  },
  'read by a wrong clock': {
    weight: 2,
    make: {
      ...at,
      mark: mark.map(({ at, ...more }) => more),
      ahead: fc.constantFrom(undefined, DAY_MS, 1000 * DAY_MS),
    },
    async run(scene, step) {
      const began = Date.now();
      const at = step.ahead && began + step.ahead;
      const body = { ...step.mark, at };
      const did = await asDevice(scene, step, 'PUT', '/api/progress', { body });
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      // A device that is ahead is read as if it had said: now.
      const { progress } = given(did.answer);
      assert.equal(progress.length, 1);
      const [stored] = progress;
      assert.ok(stored.at >= began - CLOCKS_MS, `${stored.at - began}`);
      assert.ok(stored.at <= Date.now() + CLOCKS_MS, `${stored.at - began}`);
      did.reader.read([{ ...step.mark, at: stored.at }]);
      const { page, ...more } = stored;
      assert.deepEqual(more, did.reader.account.pages.get(page));
    },
  },
  'read wrongly': {
    weight: 2,
    make: { ...at, marks: fc.array(mark, { maxLength: 2 }) },
    async run(scene, step) {
      const body = { progress: [...step.marks, { page: '//evil', state: 'read' }] };
      const did = await asDevice(scene, step, 'PUT', '/api/progress', { body });
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      refused(did.answer, 422, 'VALIDATION_ERROR');
    },
  },
  'look how far': {
    weight: 5,
    make: at,
    async run(scene, step) {
      const did = await asDevice(scene, step, 'GET', '/api/progress');
      if (did.session === undefined) {
        shut(did.answer);
        return;
      }
      const { progress } = given(did.answer);
      assert.deepEqual(byPage(progress), did.reader.account.pages);
      const times = progress.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted((a, b) => b - a), 'newest first');
    },
  },
  'change the password': {
    weight: 1,
    make: { ...at, others: fc.boolean() },
    async run(scene, step) {
      const reader = scene.reader(step.who);
      const currentPassword = reader.account?.password;
      const newPassword = `${PASSWORD} ${(reader.changes = (reader.changes ?? 0) + 1)}`;
      const did = await asBrowser(scene, step, '/change-password', {
        currentPassword,
        newPassword,
        revokeOtherSessions: step.others,
      });
      if (did.session === undefined) {
        return;
      }
      given(did.answer);
      if (!step.others) {
        reader.changePassword(newPassword);
        return;
      }
      const [cookie] = did.answer.headers['set-cookie'];
      const renewed = await scene.call(step.server, 'POST', '/auth/refresh', {
        cookie: cookie.split(';')[0],
        headers: { origin: scene.origin },
      });
      const { session_token } = given(renewed);
      reader.changePassword(newPassword, { tokens: [session_token] });
    },
  },
  'delete the account': {
    weight: 1,
    make: at,
    async run(scene, step) {
      const did = await asBrowser(scene, step, '/delete-user', {});
      if (did.session !== undefined) {
        given(did.answer);
        did.reader.leave();
      }
    },
  },
  ban: {
    weight: 1,
    make: { who },
    async run(scene, { who }) {
      const reader = scene.reader(who);
      if (reader.isKnown) {
        const { id: userId } = reader.account;
        given(await scene.admin.post('/admin/ban-user', { userId }));
        reader.ban();
      }
    },
  },
  unban: {
    weight: 1,
    make: { who },
    async run(scene, { who }) {
      const reader = scene.reader(who);
      if (reader.isKnown) {
        const { id: userId } = reader.account;
        given(await scene.admin.post('/admin/unban-user', { userId }));
        reader.unban();
      }
    },
  },
  'an administrator looks and answers': {
    weight: 2,
    make: { who, server, answers: fc.option(answers) },
    async run(scene, { who, server, answers }) {
      const reader = scene.reader(who);
      const path = `/api/admin/profile?user_id=${reader.account?.id ?? 'nobody'}`;
      const look = await scene.asAdmin(server, 'GET', path);
      if (!reader.isKnown) {
        refused(look, 404, 'USER_NOT_FOUND');
        return;
      }
      isReaderProfile(reader, look);
      if (answers !== null) {
        const body = { answers };
        const put = await scene.asAdmin(server, 'PUT', path, body);
        reader.isAnsweredFor(answers);
        isReaderProfile(reader, put);
      }
    },
  },
  'be taken away': {
    weight: 1,
    make: { who, server },
    async run(scene, { who, server }) {
      const reader = scene.reader(who);
      if (reader.isKnown) {
        const body = { userId: reader.account.id };
        const path = '/api/auth/admin/remove-user';
        given(await scene.asAdmin(server, 'POST', path, body));
        reader.leave('admin');
      }
    },
  },
  'try an ended token': {
    weight: 3,
    make: { who, server, which: fc.nat(9) },
    async run(scene, { who, server, which }) {
      const { ended } = scene.reader(who);
      const token = ended[which % ended.length] ?? GARBAGE;
      shut(await scene.call(server, 'GET', '/auth/profile', { token }));
      shut(await scene.call(server, 'POST', '/auth/refresh', { token }));
    },
  },
};

/** What happens to servers; nobody else is on them then. */
export const ROUGH_STEPS = {
  restart: {
    weight: 4,
    make: { server },
    run: (scene, { server }) => scene.restart(server, 'SIGTERM'),
  },
  'kill -9': {
    weight: 4,
    make: { server },
    run: (scene, { server }) => scene.restart(server, 'SIGKILL'),
  },
  'kill -9 at work': {
    weight: 8,
    make: { ...at, answers, marks: fc.array(mark, { minLength: 1, maxLength: 3 }) },
    async run(scene, step) {
      const reader = scene.reader(step.who);
      if (reader.session(step.device) === undefined) {
        return;
      }
      const { answers, marks } = step;
      const calls = [
        putAnswers(scene, step, '/api/profile', { answers }),
        asDevice(scene, step, 'PUT', '/api/progress', {
          body: { progress: marks },
        }),
      ];
      const ends = calls.map((call) => call.then(isDone, () => false));
      await scene.restart(step.server, 'SIGKILL');
      const [hasAnswered, hasRead] = await Promise.all(ends);
      // What was acknowledged is there; the rest is there or is not.
      const outcomes = [];
      for (const answered of hasAnswered ? [true] : [false, true]) {
        for (const read of hasRead ? [true] : [false, true]) {
          const act = (twin) => {
            answered && twin.answer(answers);
            read && twin.read(marks);
          };
          outcomes.push(reader.imagine(act));
        }
      }
      await scene.adopt(reader, outcomes);
    },
  },
};

/** One step of these kinds, by weight. */
export const anyStep = (steps) =>
  fc.oneof(
    ...Object.entries(steps).map(([kind, { weight, make }]) => ({
      weight,
      arbitrary: fc.record({ kind: fc.constant(kind), ...make }, PLAIN),
    })),
  );
