// SPDX-License-Identifier: Apache-2.0
// What an administrator does to readers.
import * as fc from 'fast-check';

import { given, refused } from '../people.mjs';
import { answers, isReaderProfile, server, who } from './parts.mjs';

export const adminSteps = {
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
};
