// SPDX-License-Identifier: Apache-2.0
// Accounts and sessions.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { PASSWORD, WRONG, given, refused } from '../people.mjs';
import {
  GARBAGE,
  REQUIRED,
  answers,
  asBrowser,
  asDevice,
  at,
  isProfile,
  mark,
  server,
  shut,
  who,
  wrongAnswer,
} from './parts.mjs';

export const accountSteps = {
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
      if (did === null) {
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
      if (did === null) {
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
      if (did === null) {
        return;
      }
      isProfile(did.reader, did.answer);
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
      if (did === null) {
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
      if (did !== null) {
        given(did.answer);
        did.reader.leave();
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
