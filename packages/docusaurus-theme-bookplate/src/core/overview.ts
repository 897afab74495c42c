// SPDX-License-Identifier: Apache-2.0
// How far a reader got with the whole book, for the dashboard. Pure.
import type { Chapter } from './chapters';
import type { Progress } from './local';

export interface Overview {
  read: number;
  total: number;
  /** Of the chapters that were not read, as far as they say. */
  minutesLeft: number;
}

export function overviewOf(chapters: Chapter[], progress: Progress): Overview {
  const left = chapters.filter(({ page }) => progress[page]?.state !== 'read');
  return {
    read: chapters.length - left.length,
    total: chapters.length,
    minutesLeft: left.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
  };
}

export interface Next {
  chapter: Chapter;
  /** The anchor where the reader was; '' at its beginning. */
  place: string;
  /** Whether they were there already. */
  begun: boolean;
}

/**
 * The chapter that was opened last and is not read yet, where the reader was;
 * else the first that is not. Null when all are read.
 */
export function nextOf(chapters: Chapter[], progress: Progress): Next | null {
  const left = chapters.filter(({ page }) => progress[page]?.state !== 'read');
  const at = ({ page }: Chapter) => progress[page]?.at ?? 0;
  const begun = left
    .filter(({ page }) =>
      ['visited', 'reading'].includes(progress[page]?.state ?? ''),
    )
    .sort((one, other) => at(other) - at(one));
  const chapter = begun[0] ?? left[0];
  return chapter
    ? {
        chapter,
        place: progress[chapter.page]?.place ?? '',
        begun: begun.length > 0,
      }
    : null;
}
