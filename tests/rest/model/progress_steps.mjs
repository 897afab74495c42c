// SPDX-License-Identifier: Apache-2.0
// How far readers got.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { given, refused } from '../people.mjs';
import { DAY_MS, asDevice, at, mark } from './parts.mjs';
import { byPage } from './scene.mjs';

const CLOCKS_MS = 2000; // two processes of one machine

export const progressSteps = {
  read: {
    weight: 8,
    make: { ...at, marks: fc.array(mark, { minLength: 1, maxLength: 4 }) },
    async run(scene, step) {
      const body = { progress: step.marks };
      const did = await asDevice(scene, step, 'PUT', '/api/progress', { body });
      if (did === null) {
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
      if (did === null) {
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
      if (did === null) {
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
      if (did === null) {
        return;
      }
      const { progress } = given(did.answer);
      assert.deepEqual(byPage(progress), did.reader.account.pages);
      const times = progress.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted((a, b) => b - a), 'newest first');
    },
  },
};
