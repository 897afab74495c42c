// SPDX-License-Identifier: Apache-2.0
// What the server says of the reader, and what becomes of what this browser
// knew. Pure; book.ts keeps the result.
import { hasData, withUnsent } from './guest';
import {
  NOBODY,
  type Local,
  type PageProgress,
  type PageState,
  type Progress,
  type User,
} from './local';
import type { Answers, Levels } from './words';

export interface Profile {
  user: User;
  answers: Answers;
  /** Answers to what is asked no more. */
  unused?: Answers;
  levels: Levels;
  complete: boolean;
  open: string[];
  version: number;
  consent?: { version: string; accepted_at: string } | null;
  created_at: string;
}

export type Told = { page: string } & PageProgress;

/** GET /api/reader */
export interface Reader {
  profile: Profile | null;
  progress: Told[];
  now: number;
}

const RANK: PageState[] = ['unread', 'visited', 'reading', 'read'];

export function higher(one: PageState, other: PageState): PageState {
  return RANK.indexOf(one) > RANK.indexOf(other) ? one : other;
}

const longer = (one?: number, other?: number) => Math.max(one ?? 0, other ?? 0);

/** Both words about a page: nothing that was read is unread by them. */
export function joined(one: PageProgress, other: PageProgress): PageProgress {
  const [older, newer] = one.at <= other.at ? [one, other] : [other, one];
  return {
    ...older,
    ...newer,
    place: newer.place || older.place || '',
    state: higher(one.state, other.state),
    seconds: longer(one.seconds, other.seconds),
  };
}

/**
 * The server's word about progress, where it is newer than ours. What was read
 * elsewhere is not unread by a look at the page here, one of `looked`, that the
 * server was not told of yet; only what the reader marked themselves is.
 */
export function newest(
  ours: Progress,
  theirs: Told[],
  looked: string[] = [],
): Progress {
  const all = { ...ours };
  for (const { page, ...progress } of theirs) {
    const mine = all[page];
    if (!mine || mine.at <= progress.at) {
      const seconds = longer(mine?.seconds, progress.seconds);
      all[page] = { ...progress, seconds };
    } else if (looked.includes(page)) {
      all[page] = joined(mine, progress);
    }
  }
  return all;
}

/** Pages that were opened or read here, not marked, and not told yet. */
export const lookedAt = (local: Local): string[] =>
  local.unsentPages.filter((page) => !local.unsentMarks.includes(page));

/** What an account takes over in a browser: a guest's, never another's. */
function takenOver(local: Local): Local {
  if (local.owner !== null) {
    return { ...NOBODY, tabs: local.tabs };
  }
  const { version, pages, tabs, answers, levels, progress } = local;
  const guest = hasData(local) ? { answers, levels, progress } : null;
  return { ...NOBODY, version, pages, tabs, guest };
}

/** What is known once the server named the reader. */
export function owned(local: Local, profile: Profile, reader: Reader): Local {
  const { user } = profile;
  const base = local.owner === user.id ? local : takenOver(local);
  return {
    ...base,
    owner: user.id,
    user,
    answers: withUnsent(profile.answers, base),
    levels: base.unsentAnswers.length > 0 ? base.levels : profile.levels,
    progress: newest(base.progress, reader.progress, lookedAt(base)),
    since: reader.now,
  };
}
