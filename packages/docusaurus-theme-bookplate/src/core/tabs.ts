// SPDX-License-Identifier: Apache-2.0
// Tabs that follow what a reader knows. Docusaurus remembers the tab of a group
// in localStorage; this sets that memory for who has not chosen yet, and never
// takes a reader's own choice back.
import type { Local } from './local';
import { named } from './words';

const memory = (group: string) => `docusaurus.tab.${group}`;

/** `groups`: { group: id of the question whose first choice opens the tab }. */
export function followTabs(
  local: Local,
  groups: Record<string, string>,
): Local {
  const tabs = { ...local.tabs };
  for (const [group, question] of Object.entries(groups)) {
    const [wanted] = named(local.answers[question]);
    try {
      const now = localStorage.getItem(memory(group));
      if (wanted && wanted !== now && (now === null || now === tabs[group])) {
        localStorage.setItem(memory(group), wanted);
        tabs[group] = wanted;
      }
    } catch {
      return local; // blocked storage: the first tab is open
    }
  }
  return { ...local, tabs };
}
