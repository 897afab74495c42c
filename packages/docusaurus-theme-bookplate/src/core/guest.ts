// SPDX-License-Identifier: Apache-2.0
// Parts of what a browser knows, told apart: what was sent, what a guest left.
import type { GuestData, Local } from './local';
import type { Answers } from './words';

export function only<T>(
  from: Record<string, T>,
  names: string[],
): Record<string, T> {
  const there = names.filter((name) => name in from);
  return Object.fromEntries(there.map((name) => [name, from[name] as T]));
}

/** The server's answers, but for those it was not told, or told to remove. */
export function withUnsent(theirs: Answers, local: Local): Answers {
  const { answers, unsentAnswers } = local;
  const told = Object.keys(theirs).filter(
    (name) => !unsentAnswers.includes(name),
  );
  return { ...only(theirs, told), ...only(answers, unsentAnswers) };
}

export function hasData({ answers, progress }: GuestData): boolean {
  return Object.keys(answers).length + Object.keys(progress).length > 0;
}
