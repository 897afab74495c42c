// SPDX-License-Identifier: Apache-2.0
// The book's chapters as its sidebars order them, for the dashboard and for
// what a chapter needs. Written by the build.
export interface Chapter {
  /** As `progress` names it: below the base and the language. */
  page: string;
  title: string;
  minutes: number | null;
  /** What it teaches, and what a reader should know before. */
  concepts: string[];
  needs: string[];
}

export interface Module {
  title: string;
  chapters: Chapter[];
}

export interface Chapters {
  modules: Module[];
}

/** What stands outside the modules is one of them, where it begins. */
export function shownModules({ modules }: Chapters): Module[] {
  const outside = modules.filter(({ title }) => title === '');
  const all = outside.flatMap(({ chapters }) => chapters);
  return modules.flatMap((module) => {
    if (module.title !== '') {
      return [module];
    }
    return module === outside[0] ? [{ title: '', chapters: all }] : [];
  });
}

/** Chapters that teach what this one needs, and that were not read. */
export function missingFor(
  chapter: Pick<Chapter, 'needs'>,
  { modules }: Chapters,
  isRead: (page: string) => boolean,
): Chapter[] {
  const all = modules.flatMap(({ chapters }) => chapters);
  const teaching = chapter.needs.flatMap((need) =>
    all.filter(({ concepts }) => concepts.includes(need)).slice(0, 1),
  );
  return Array.from(new Set(teaching)).filter(({ page }) => !isRead(page));
}

/** Conditions among the needs that the reader's words do not meet. */
export function unmetConditions(needs: string[], words: string[]): string[] {
  return needs.filter((need) => need.includes(':') && !words.includes(need));
}
