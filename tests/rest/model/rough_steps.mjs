// SPDX-License-Identifier: Apache-2.0
// What happens to servers; nobody else is on them then.
import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  answers,
  asDevice,
  at,
  mark,
  putAnswers,
  server,
  who,
} from './parts.mjs';

const isDone = ({ answer }) => {
  assert.ok([200, 503].includes(answer.status), answer.text);
  return answer.status === 200;
};

export const roughSteps = {
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
