// SPDX-License-Identifier: Apache-2.0
// Sends every request of the scenarios to the original and to ours, and tells
// where the answers differ.
//
//   node tests/differential/run.mjs [--only TEXT] [--against original]
//       [--engine postgres] [--record FILE] [--verbose]
//
// --only takes the scenarios whose name has TEXT in it; --against original
// compares the original with itself; --record writes the original's answers
// as the scenarios left them, normalised.
import { readdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { compare, summary } from './compare.mjs';
import { normalise } from './normalise.mjs';
import { play } from './play.mjs';

const AT_ONCE = 3; // each waits for two servers to start
const REQUESTS = new URL('requests/', import.meta.url);
const HARNESS = new URL('../contract/servers.mjs', import.meta.url);

/** startOriginal() and startOurs(), or null when they are not installed. */
export async function harness() {
  return import(process.env.DIFFERENTIAL_HARNESS ?? HARNESS);
}

/** Every scenario, in the order of the files. */
export async function allScenarios(only = '') {
  const files = (await readdir(REQUESTS)).filter((f) => f.endsWith('.mjs'));
  const lists = await Promise.all(
    files.sort().map((file) => import(new URL(file, REQUESTS))),
  );
  const scenarios = lists.flatMap(({ default: list }) => list);
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new Error(`two scenarios are named ${twice}`);
  }
  return scenarios.filter(({ name }) => name.includes(only));
}

/** Scenarios that can share servers: those with the same options. */
function groupsOf(scenarios) {
  const groups = new Map();
  for (const scenario of scenarios) {
    const key = scenario.alone
      ? scenario.name
      : JSON.stringify(scenario.options);
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  // The longest first, so that none is left over when the others are done.
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** A play of a server that did not start: it shows as one difference. */
function notStarted(error) {
  const answer = { status: 0, headers: [], cookies: [], body: `${error}` };
  return [{ name: 'the server starts', request: null, answer }];
}

async function playAll(start, group, engine) {
  let server;
  try {
    server = await start({ options: group[0].options, engine });
  } catch (error) {
    return group.map(() => notStarted(error));
  }
  try {
    const plays = [];
    for (const scenario of group) {
      plays.push(normalise(await play(server, scenario)));
    }
    return plays;
  } finally {
    await server.stop();
  }
}

async function runGroup(group, { left, right, engine, rows }) {
  const [a, b] = await Promise.all(
    [left, right].map((start) => playAll(start, group, engine)),
  );
  return group.map((scenario, at) => ({
    scenario,
    recorded: a[at],
    results: compare(scenario, a[at], b[at], rows),
  }));
}

/**
 * Plays scenarios on two kinds of server: [{scenario, recorded, results}].
 * `left` is what is taken for right.
 */
export async function runScenarios(scenarios, options) {
  const waiting = groupsOf(scenarios);
  const done = new Map();
  const work = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      for (const outcome of await runGroup(group, options)) {
        done.set(outcome.scenario, outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return scenarios.map((scenario) => done.get(scenario));
}

/** What differs in a scenario, as text; '' when nothing does. */
export function report({ scenario, results }, verbose = false) {
  const shown = results.filter(
    ({ kind }) => kind === 'different' || (verbose && kind === 'accepted'),
  );
  return shown
    .map(({ name, target, kind, used, diff }) => {
      const by = used.length ? ` (${used.join(', ')})` : '';
      return `=== ${scenario.name} / ${name}: ${kind}${by}\n${target}\n${diff}\n`;
    })
    .join('\n');
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      against: { type: 'string', default: 'ours' },
      engine: { type: 'string', default: 'sqlite' },
      record: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { startOriginal, startOurs, stopCluster } = await harness();
  const outcomes = await runScenarios(await allScenarios(values.only), {
    left: startOriginal,
    right: values.against === 'ours' ? startOurs : startOriginal,
    engine: values.engine,
  });
  await stopCluster();
  for (const outcome of outcomes) {
    const text = report(outcome, values.verbose);
    const line = summary(outcome.results);
    console.log(`${text}${outcome.scenario.name}: ${line}\n`);
  }
  if (values.record !== undefined) {
    const recorded = outcomes.map(({ scenario, recorded: all }) => ({
      scenario: scenario.name,
      answers: all.map(({ name, request, answer }) => ({
        name,
        request,
        ...answer,
      })),
    }));
    await writeFile(values.record, JSON.stringify(recorded, null, 1));
  }
  const results = outcomes.flatMap((outcome) => outcome.results);
  console.log(summary(results));
  process.exitCode = results.some((r) => r.kind === 'different') ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main();
}
