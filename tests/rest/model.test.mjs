// SPDX-License-Identifier: Apache-2.0
// Several readers at several devices and two servers do whatever comes to
// mind; a plain model says what each has to be told. After each step the rows
// are counted, at the end everything is compared.
//
// MODEL_RUNS sequences in all (600; make reliability: 2000), MODEL_SEED for the
// same ones again; a failure prints the seed and the shortest sequence that
// still fails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as fc from 'fast-check';

import { isSanitized } from '../accounts/house.mjs';
import { ROUGH_STEPS, STEPS, anyStep } from './model/steps.mjs';
import { Scene } from './model/scene.mjs';
import { RULES } from './model/truth.mjs';
import { World } from './model/world.mjs';
import { SKIP, stopPostgres, suite } from './people.mjs';

const SEED = Number(process.env.MODEL_SEED ?? Date.now() & 0x7fffffff);
const RUNS = Number(process.env.MODEL_RUNS ?? (!SKIP && isSanitized() ? 100 : 600));
const STEPS_MAX = 25;
const READERS = { minLength: 2, maxLength: 4 };
const MISTAKE_RUNS = 400; // within so many a wrong model has to be noticed

/** Where, how much of it all, by how many at once, and whether servers die. */
const PLACES = [
  { engine: 'sqlite', share: 0.72, lanes: 12 },
  { engine: 'postgres', share: 0.22, lanes: 6 },
  { engine: 'sqlite', share: 0.04, lanes: 1, rough: true },
  { engine: 'postgres', share: 0.02, lanes: 1, rough: true },
];

after(stopPostgres);

/** Most readers have an account already: a sign-up costs a password hash. */
const readers = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  READERS,
);

function sequences(world, kinds, { rules, onEnd } = {}) {
  const steps = fc.array(anyStep(kinds), {
    minLength: 1,
    maxLength: STEPS_MAX,
    size: 'max',
  });
  return fc.asyncProperty(readers, steps, async (isPrepared, list) => {
    const scene = new Scene(world, rules);
    await scene.open(isPrepared);
    for (const step of list) {
      await scene.take(step, kinds);
    }
    await scene.check();
    onEnd?.(scene);
  });
}

function agreeing({ engine, share, lanes, rough = false }, place) {
  const scope = suite();
  const kinds = rough ? ROUGH_STEPS : STEPS;
  let world;

  before(async () => {
    world = await World.open(scope, engine);
  });

  test('no answer, session or row ever disagrees', async (t) => {
    const began = performance.now();
    const numRuns = Math.ceil((RUNS * share) / lanes);
    const noted = await world.noted();
    let steps = 0;
    let ended = 0;
    const onEnd = (scene) => {
      steps += scene.steps;
      ended += 1;
      for (const reader of scene.readers) {
        for (const [event, times] of Object.entries(reader.noted)) {
          noted[event] = (noted[event] ?? 0) + times;
        }
      }
    };
    await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        fc.assert(sequences(world, kinds, { onEnd }), {
          seed: SEED + 100 * place + lane,
          numRuns,
          endOnFailure: false,
        }),
      ),
    );
    assert.equal(ended, numRuns * lanes);
    assert.deepEqual(await world.noted(), noted, 'what the audit says');
    await world.checkFiles();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    t.diagnostic(
      `${ended} sequences, ${steps} steps in ${seconds} s, MODEL_SEED=${SEED}`,
    );
  });
}

describe('readers as they should be', { skip: SKIP, concurrency: true }, () => {
  for (const [i, place] of PLACES.entries()) {
    const how = place.rough ? ', whose servers die' : '';
    describe(`on ${place.engine}${how}`, () => agreeing(place, i));
  }
});

/** The comparison is worth something: it notices each of these. */
describe('a model that is wrong', { skip: SKIP, concurrency: true }, () => {
  const scope = suite();
  let world;

  before(async () => {
    world = await World.open(scope, 'sqlite');
  });

  function check(name, more, kinds = STEPS) {
    const rules = { ...RULES, [name]: false };
    return fc.check(sequences(world, kinds, { rules }), {
      seed: SEED,
      numRuns: MISTAKE_RUNS,
      ...more,
    });
  }

  for (const name of Object.keys(RULES)) {
    test(`is found out: ${name}`, async (t) => {
      const { failed, numRuns } = await check(name, { endOnFailure: true });
      assert.ok(failed, `not within ${MISTAKE_RUNS} sequences`);
      t.diagnostic(`after ${numRuns}`);
    });
  }

  test('is found out by a few steps', async (t) => {
    const kinds = { read: STEPS.read, answer: STEPS.answer };
    const { counterexample } = await check('newerWins', {}, kinds);
    const [, steps] = counterexample;
    t.diagnostic(JSON.stringify(steps));
    assert.ok(steps.length <= 3, `${steps.length} steps`);
  });
});
