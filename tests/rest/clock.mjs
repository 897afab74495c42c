// SPDX-License-Identifier: Apache-2.0
// A server of people.mjs whose wall clock is ours.
import { clockSettings } from '../accounts/clock.mjs';
import { openBook } from './people.mjs';

/** Its step(seconds) puts the clock that far from the true one. */
export async function openWithClock(t, { settings = {}, ...options } = {}) {
  const { step, settings: clock } = clockSettings(t);
  const book = await openBook(t, {
    ...options,
    settings: { ...clock, ...settings },
  });
  return Object.assign(book, { step });
}
