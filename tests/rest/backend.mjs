// SPDX-License-Identifier: Apache-2.0
// Starts book_backend.py, the book's own backend in Python, beside a server.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { atEnd } from '../process/program.mjs';
import { caller } from './people.mjs';

/** Debian's, which has Debian's packages; there may be another before it. */
const PYTHON = '/usr/bin/python3';
const APP = fileURLToPath(new URL('book_backend.py', import.meta.url));
const PACKAGES = 'import cryptography, fastapi, jwt, uvicorn';

/** Why there can be none in Python, or false. */
export const NO_PYTHON =
  spawnSync(PYTHON, ['-c', PACKAGES]).status === 0
    ? false
    : 'python3-fastapi, -uvicorn, -jwt or -cryptography is not installed';

/** { call } as of people.mjs; it stops when the test or suite is over. */
export async function startBackend(t, book) {
  const child = spawn(PYTHON, [APP], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ACCOUNTS_URL: book.url,
      ISSUER: book.origin,
    },
  });
  const ended = once(child, 'close');
  const failed = ended.then(([code]) => {
    throw new Error(`the backend in Python ended with ${code}`);
  });
  atEnd(t, async () => {
    child.stdin.end();
    await failed.catch(() => {});
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), failed]);
  const call = caller(Number(line));
  atEnd(t, () => call.close());
  return { call, port: Number(line) };
}
