// SPDX-License-Identifier: Apache-2.0
// Ours against the original, request by request. DIFFERENTIAL_ENGINE=postgres
// runs both on PostgreSQL. What differs without being accepted fails, with
// the two answers as a diff.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACCEPTED } from './accepted.mjs';
import { summary } from './compare.mjs';
import { allScenarios, harness, report, runScenarios } from './run.mjs';

const ENGINE = process.env.DIFFERENTIAL_ENGINE ?? 'sqlite';
const FEWEST = 400;

/** Which rows of the list were used, and on which requests. */
function useOf(results) {
  const used = new Map(ACCEPTED.map(({ id }) => [id, 0]));
  for (const id of results.flatMap((result) => result.used)) {
    used.set(id, used.get(id) + 1);
  }
  return used;
}

test('ours answers as the original', async (t) => {
  const { startOriginal, startOurs, stopCluster } = await harness();
  t.after(stopCluster);
  const outcomes = await runScenarios(await allScenarios(), {
    left: startOriginal,
    right: startOurs,
    engine: ENGINE,
  });
  for (const outcome of outcomes) {
    await t.test(outcome.scenario.name, () => {
      const differences = report(outcome);
      assert.ok(differences === '', `\n${differences}`);
    });
  }
  const results = outcomes.flatMap((outcome) => outcome.results);
  await t.test('enough was compared', () => {
    assert.ok(results.length >= FEWEST, `${results.length} requests`);
  });
  await t.test('each accepted difference is needed', () => {
    const idle = [...useOf(results)].filter(([, count]) => count === 0);
    assert.deepEqual(idle, []);
  });
  console.log(`# ${summary(results)}`);
});
