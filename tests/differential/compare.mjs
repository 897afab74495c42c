// SPDX-License-Identifier: Apache-2.0
// Two normalised answers against each other: the list of differences, which of
// them are accepted, and a unified diff for whoever reads the log.
import { ACCEPTED } from './accepted.mjs';

/** A difference of one field: {field, original, ours}, undefined if absent. */
function differencesOf(original, ours) {
  const found = [];
  const check = (field, a, b) => {
    if (a !== b) {
      found.push({ field, original: a, ours: b });
    }
  };
  check('status', original.status, ours.status);
  const valueOf = ({ headers }, name) => {
    const values = headers.filter(([key]) => key === name);
    return values.length ? values.map(([, v]) => v).join(', ') : undefined;
  };
  const names = [...original.headers, ...ours.headers].map(([name]) => name);
  for (const name of new Set(names)) {
    check(`header ${name}`, valueOf(original, name), valueOf(ours, name));
  }
  check('cookies', original.cookies.join('\n'), ours.cookies.join('\n'));
  check('body', original.body, ours.body);
  return found;
}

function bodyLines(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).split('\n');
  } catch {
    return body.split('\n');
  }
}

function linesOf({ status, headers, cookies, body }, plain) {
  return [
    `${status}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...cookies.map((line) => `set-cookie: ${line}`),
    '',
    ...(plain ? [body] : bodyLines(body)),
  ];
}

/** The longest common lines of a and b, as a table of lengths. */
function commonTable(a, b) {
  const table = Array.from({ length: a.length + 1 }, () =>
    new Array(b.length + 1).fill(0),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] =
        a[i] === b[j]
          ? table[i + 1][j + 1] + 1
          : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function diffLines(a, b) {
  const table = commonTable(a, b);
  const out = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(` ${a[i++]}`);
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && table[i + 1][j] >= table[i][j + 1])
    ) {
      out.push(`-${a[i++]}`);
    } else {
      out.push(`+${b[j++]}`);
    }
  }
  return out;
}

const WIDTH = 400;

/** "-" is the original, "+" is ours. */
export function unifiedDiff(original, ours) {
  let lines = diffLines(linesOf(original, false), linesOf(ours, false));
  if (lines.every((line) => line.startsWith(' '))) {
    lines = diffLines(linesOf(original, true), linesOf(ours, true));
  }
  return lines
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}...` : line))
    .join('\n');
}

function targetOf(request) {
  return request === null ? '' : `${request.method} ${request.target}`;
}

/**
 * How one request went: 'equal', 'accepted' (and by which rows) or
 * 'different'. What hangs on every answer of ours makes none 'accepted'.
 */
function verdict(scenario, original, ours, rows) {
  const used = new Set();
  const open = differencesOf(original.answer, ours.answer).filter(
    (difference) => {
      const about = {
        ...difference,
        scenario: scenario.name,
        name: original.name,
        request: original.request,
        originalAnswer: original.answer,
        oursAnswer: ours.answer,
      };
      const row = rows.find(({ forgives }) => forgives(about));
      used.add(row);
      return row === undefined;
    },
  );
  const own = [...used].filter((row) => row && !row.everywhere);
  const kind = open.length ? 'different' : own.length ? 'accepted' : 'equal';
  return { kind, used: [...used].flatMap((row) => row?.id ?? []), open };
}

const NOTHING = { status: 0, headers: [], cookies: [], body: 'not sent' };

/**
 * Compares two normalised plays of a scenario, request by request by name:
 * [{name, target, kind, used, open, diff}].
 */
export function compare(scenario, original, ours, rows = ACCEPTED) {
  const byName = new Map(ours.map((record) => [record.name, record]));
  const names = new Set(original.map(({ name }) => name));
  const pairs = original.map((record) => [
    record,
    byName.get(record.name) ?? { ...record, answer: NOTHING },
  ]);
  for (const record of ours.filter(({ name }) => !names.has(name))) {
    pairs.push([{ ...record, answer: NOTHING }, record]);
  }
  return pairs.map(([a, b]) => {
    const result = verdict(scenario, a, b, rows);
    const diff = result.kind === 'equal' ? '' : unifiedDiff(a.answer, b.answer);
    return { name: a.name, target: targetOf(a.request), ...result, diff };
  });
}

/** "N requests compared, N equal, N accepted, N different". */
export function summary(results) {
  const count = (kind) => results.filter((r) => r.kind === kind).length;
  return (
    `${results.length} requests compared, ${count('equal')} equal, ` +
    `${count('accepted')} accepted, ${count('different')} different`
  );
}
