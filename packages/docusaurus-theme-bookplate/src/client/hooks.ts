// SPDX-License-Identifier: Apache-2.0
// What components see of the reader. Each hook reads the one store of the page;
// none needs a provider. The first render is the same as the static HTML.
import { useCallback, useSyncExternalStore } from 'react';

import { saveAnswers, type Saving } from '../core/answers';
import {
  getServerState,
  getState,
  subscribe,
  type Profile,
  type State,
  type Status,
} from '../core/book';
import type { GuestData, PageProgress, PageState, User } from '../core/local';
import { note } from '../core/progress';
import {
  levelWord,
  overallLevel,
  type Answers,
  type Level,
  type Levels,
} from '../core/words';

export function useStore(): State {
  return useSyncExternalStore(subscribe, getState, getServerState);
}

export interface Bookplate {
  status: Status;
  /** Who is signed in, or was until a moment ago. */
  user: User | null;
  /** Their session is over. */
  ended: boolean;
  /** What was answered and read before signing in, to be kept or dropped. */
  guest: GuestData | null;
}

export function useBookplate(): Bookplate {
  const { status, ended, local } = useStore();
  return { status, ended, user: local.user, guest: local.guest };
}

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

export interface ProgressView extends Partial<PageProgress> {
  state: PageState;
  mark(state: PageState): void;
}

/** How far the reader got with a page, named as `pageOf` does. */
export function useProgress(page: string): ProgressView {
  const progress = useStore().local.progress[page];
  const mark = useCallback(
    (state: PageState) => note(page, { state }, true),
    [page],
  );
  return { state: 'unread', ...progress, mark };
}
