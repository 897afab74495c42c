// SPDX-License-Identifier: Apache-2.0
// A server whose wall clock is ours: libfaketime reads the offset from a file
// before each look at the clock. Its monotonic clock runs on untouched.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folderFor, isSanitized, startAccounts } from './house.mjs';

const LIBRARIES = '/usr/lib';

function findLibrary() {
  for (const name of existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : []) {
    const file = join(LIBRARIES, name, 'faketime', 'libfaketimeMT.so.1');
    if (existsSync(file)) {
      return file;
    }
  }
  return null;
}

/** Why no clock can be set here, or false. */
export function whyNoClock() {
  if (isSanitized()) {
    return 'a sanitizer and libfaketime do not go together';
  }
  return findLibrary() === null && 'faketime is not installed';
}

/** The settings of such a server, and what moves its clock. */
export function clockSettings(t) {
  const file = join(folderFor(t), 'clock');
  /** The wall clock stands that many seconds from the true one. */
  const step = (seconds) =>
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  step(0);
  return {
    step,
    settings: {
      LD_PRELOAD: findLibrary(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  };
}

export async function startWithClock(t, settings = {}, options = {}) {
  const { step, settings: clock } = clockSettings(t);
  const all = { ...clock, ...settings };
  return Object.assign(await startAccounts(t, all, options), { step });
}
