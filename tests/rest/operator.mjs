// SPDX-License-Identifier: Apache-2.0
// Commands of the operator, beside a server of site.mjs and on its database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

import { run } from '../process/program.mjs';
import { serverBinary } from '../wire/raw.mjs';

export function settingsOf(site, more = {}) {
  return {
    DATABASE_URL: site.server.database,
    BETTER_AUTH_SECRET: site.server.secret,
    BETTER_AUTH_URL: site.server.origin,
    ...more,
  };
}

/** Runs a command to its end: { code, stdout, stderr }. */
export function command(site, words, more) {
  return run(words, { env: settingsOf(site, more) });
}

/** The same, with --json: its lines. */
export async function asked(site, words, more) {
  const { code, stdout, stderr } = await command(site, [...words, '--json'], more);
  assert.equal(code, 0, stderr);
  return stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** A command that goes on by itself: .child, and .exit with what run() gives. */
export function begin(site, words, more) {
  const child = spawn(serverBinary(), words, {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...settingsOf(site, more) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exit = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      resolve({ code: signal ?? code, stdout, stderr });
    });
  });
  return { child, exit };
}
