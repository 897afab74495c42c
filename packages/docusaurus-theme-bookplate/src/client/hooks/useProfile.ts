// SPDX-License-Identifier: Apache-2.0
import { saveAnswers, type Saving } from '../../core/answers';
import type { Profile } from '../../core/book';
import {
  levelWord,
  overallLevel,
  type Answers,
  type Level,
  type Levels,
} from '../../core/words';
import { useStore } from './useBookplate';

export interface ProfileView {
  answers: Answers;
  levels: Levels;
  /** What the server said last; null for guests and while it is away. */
  profile: Profile | null;
  save(saving: Saving): Promise<void>;
}

export function useProfile(): ProfileView {
  const { local, profile } = useStore();
  return {
    answers: local.answers,
    levels: local.levels,
    profile,
    save: saveAnswers,
  };
}

/** The reader's level on an axis, or over all of them. */
export function useLevel(key = 'level'): Level | null {
  const { local } = useStore();
  if (key !== 'level') {
    const level = local.levels[key];
    return typeof level === 'number' ? levelWord(level) : null;
  }
  const { version } = local;
  return version && version !== 'original'
    ? version
    : overallLevel(local.levels);
}
