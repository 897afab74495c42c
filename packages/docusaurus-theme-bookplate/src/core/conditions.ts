// SPDX-License-Identifier: Apache-2.0
// What a reader is, as a set of words such as "level:beginner", and what a
// piece of a chapter asks of them. A condition is key:value; several of them,
// separated by spaces, are met when any one is.

/** "level:beginner  level:expert" -> the conditions, each once. */
export function parseConditions(text: string | undefined): string[] {
  // Array.from: sites are compiled so that [...] takes arrays alone.
  return Array.from(new Set((text ?? '').split(/\s+/).filter(Boolean)));
}

const SHAPE = /^[a-z0-9_-]+:[a-zA-Z0-9_.-]+$/;

/** Whether it can be a condition at all; which ones exist, words.ts says. */
export function isCondition(text: string): boolean {
  return SHAPE.test(text);
}

/** [{ key, values }] in the order the keys come. */
export function byKey(
  conditions: string[],
): { key: string; values: string[] }[] {
  const keys = new Map<string, string[]>();
  for (const condition of conditions) {
    const at = condition.indexOf(':');
    const key = condition.slice(0, at);
    keys.set(key, [...(keys.get(key) ?? []), condition.slice(at + 1)]);
  }
  return Array.from(keys, ([key, values]) => ({ key, values }));
}

/** Whether a reader of these words meets any of the conditions. */
export function meetsAny(words: string[], conditions: string[]): boolean {
  return conditions.some((condition) => words.includes(condition));
}
