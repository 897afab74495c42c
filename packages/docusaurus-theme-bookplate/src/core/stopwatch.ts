// SPDX-License-Identifier: Apache-2.0
// How long somebody reads: the time between signs of life, while the page can
// be seen. Pure.

/** As long as a screen of text takes; who is silent longer went away. */
export const STILL_MS = 120_000;
/** More than a day with one page is a window that was left open. */
const MOST_SECONDS = 86_400;

export interface Stopwatch {
  /** Milliseconds that were counted. */
  readonly counted: number;
  /** The last sign of life; null while the page cannot be seen. */
  readonly last: number | null;
}

export const STOPPED: Stopwatch = { counted: 0, last: null };

/** A sign of life, or of its end. */
export function seen(
  { counted, last }: Stopwatch,
  now: number,
  visible: boolean,
): Stopwatch {
  const passed = last === null ? 0 : Math.max(now - last, 0);
  return {
    counted: counted + Math.min(passed, STILL_MS),
    last: visible ? now : null,
  };
}

/** Whole seconds with what was counted, and what is left for the next time. */
export function taken(
  watch: Stopwatch,
  before = 0,
): { seconds: number; watch: Stopwatch } {
  const whole = Math.floor(watch.counted / 1000);
  return {
    seconds: Math.max(before, Math.min(before + whole, MOST_SECONDS)),
    watch: { ...watch, counted: watch.counted - whole * 1000 },
  };
}
