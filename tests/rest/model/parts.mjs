// SPDX-License-Identifier: Apache-2.0
// What steps are made of: who does it where, with what values, and what the
// answers have to look like.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { given, refused } from '../people.mjs';

export const DAY_MS = 86_400_000;
const BEGAN = Date.now() - DAY_MS; // of what devices say they have read
export const GARBAGE = 'e30.e30.e30';

const WORDS = {
  software_experience: ['beginner', 'intermediate', 'expert'],
  programming_background: ['none', 'basic', 'intermediate', 'advanced'],
  hardware_knowledge: ['none', 'basic', 'intermediate', 'advanced'],
  gpu: ['none', 'nvidia_small', 'unknown'],
};
const LISTS = { languages: ['python', 'cpp', 'c', 'rust'] };
export const REQUIRED = Object.keys(WORDS).slice(0, 3);
export const QUESTIONS = Object.keys({ ...WORDS, ...LISTS });

/** Objects like those that JSON gives. */
export const PLAIN = { noNullPrototype: true };

const arbitraries = (values, arbitrary) =>
  Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, arbitrary(list)]),
  );
export const answers = fc.record(
  {
    ...arbitraries(WORDS, (list) => fc.constantFrom(...list)),
    ...arbitraries(LISTS, (list) => fc.subarray(list, { minLength: 1 })),
  },
  { ...PLAIN, requiredKeys: [] },
);
export const wrongAnswer = fc.constantFrom(
  { hardware_knowledge: 'expert' },
  { software_experience: 'none' },
  { programming_background: null },
  { programming_background: ['basic'] },
  { languages: 'python' },
  { languages: ['cobol'] },
  { shoe_size: 42 },
  { __proto__: null, constructor: 'x' },
);
export const who = fc.nat(3);
export const device = fc.nat(3);
export const server = fc.nat(1);
export const at = { who, device, server };

export const mark = fc.record(
  {
    page: fc.constantFrom('/docs/intro', '/docs/servo', '/docs/ros 2'),
    state: fc.constantFrom('unread', 'visited', 'reading', 'read'),
    place: fc.constantFrom('', 'wiring', 'é 😀'),
    seconds: fc.nat(300),
    at: fc.nat(9).map((n) => BEGAN + n * 1000),
  },
  PLAIN,
);

export const shut = (answer) => refused(answer, 401, 'UNAUTHORIZED');

/** A call of a device. Null when it has no good token, and was refused. */
export async function asDevice(scene, step, method, path, options) {
  const { who, device, server } = step;
  const reader = scene.reader(who);
  const session = reader.session(device);
  const token =
    session?.tokens.at(device % 2 ? -1 : 0) ?? reader.ended.at(-1) ?? GARBAGE;
  const answer = await scene.call(server, method, path, { token, ...options });
  if (session === undefined) {
    shut(answer);
    return null;
  }
  return { reader, session, answer };
}

/** A call of Better Auth's by the browser of that session, or null. */
export async function asBrowser(scene, { who, device, server }, path, body) {
  const reader = scene.reader(who);
  const session = reader.session(device);
  if (session === undefined) {
    return null;
  }
  const answer = await scene.call(server, 'POST', `/api/auth${path}`, {
    body,
    cookie: await scene.cookie(session.tokens[0]),
    headers: { origin: scene.origin },
  });
  return { reader, session, answer };
}

export function isProfile(reader, answer) {
  const { user_id, email, background, created_at, updated_at } = given(answer);
  assert.equal(user_id, reader.account.id);
  assert.equal(email, reader.email);
  assert.deepEqual(background, reader.account.answers);
  assert.ok(created_at <= updated_at);
}

export const putAnswers = (scene, step, path, body, headers) =>
  asDevice(scene, step, 'PUT', path, { body, headers });

export function isReaderProfile(reader, answer) {
  const { answers, version } = given(answer);
  assert.deepEqual(answers, reader.account.answers);
  assert.equal(version, reader.account.version);
}
