// SPDX-License-Identifier: Apache-2.0
// The reader of this page: one store for the whole page, outside React, so
// that it needs no provider and survives whatever a site does to its Root.
//
// What the reader does shows at once and is stored in this browser; the server
// is told behind it. Nothing here asks the server before `start` was called.
import { Api, ApiError } from './api';
import {
  NOBODY,
  hasData,
  itemName,
  readLocal,
  showsOf,
  writeLocal,
  type Local,
  type Progress,
  type User,
} from './local';
import type { ClientOptions } from './options';
import { followTabs } from './tabs';
import type { Answers, Levels } from './words';

/**
 * loading: the server was not asked yet. in, out: it said so. offline: it does
 * not answer; what this browser knows still counts.
 */
export type Status = 'loading' | 'in' | 'out' | 'offline';

export interface State {
  status: Status;
  local: Local;
  /** A session that was there has ended; whoever it was may sign in again. */
  ended: boolean;
  /** The profile as the server gave it last, when somebody is signed in. */
  profile: Profile | null;
}

export interface Profile {
  user: User;
  answers: Answers;
  levels: Levels;
  complete: boolean;
  open: string[];
  version: number;
  consent?: { version: string; accepted_at: string } | null;
  created_at: string;
}

interface Reader {
  profile: Profile | null;
  progress: ({ page: string } & Progress[string])[];
  now: number;
}

const BEFORE: State = {
  status: 'loading',
  local: NOBODY,
  ended: false,
  profile: null,
};

let options: ClientOptions;
let state = BEFORE;
const listeners = new Set<() => void>();

/** Made by `configure`: every other module asks the server through it. */
export let api: Api;

export const getState = (): State => state;
/** What the static HTML was made with. */
export const getServerState = (): State => BEFORE;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const getOptions = (): ClientOptions => options;

function emit(next: Partial<State>): void {
  state = { ...state, ...next };
  show();
  listeners.forEach((listener) => listener());
}

let here = '';

/** Which page is open; what is shown may be chosen for it alone. */
export function setPage(page: string): void {
  here = page;
  show();
}

export const getPage = (): string => here;

/** Puts the reader's words where style sheets see them. */
function show(): void {
  const { status, local, ended } = state;
  const { shows, owner } = local;
  const words = shows[here] ?? shows[''];
  const { dataset } = document.documentElement;
  if (words) {
    dataset.bookplate = words;
  } else {
    delete dataset.bookplate;
  }
  dataset.bookplateAccount = owner && !ended ? 'in' : 'out';
  if (status !== 'loading') {
    dataset.bookplateStatus = status;
  }
}

/** Changes what this browser knows, from whatever another tab left there. */
export function change(patch: (local: Local) => Partial<Local>): void {
  const before = readLocal(options.base);
  const next = { ...before, ...patch(before) };
  const local = followTabs({ ...next, shows: showsOf(next) }, options.tabs);
  writeLocal(options.base, local);
  emit({ local });
}

/** Once, when the page's scripts start. Asks nobody. */
export function configure(given: ClientOptions): void {
  options = given;
  api = new Api(given);
  state = { ...BEFORE, local: readLocal(given.base) };
  window.addEventListener('storage', ({ key }) => {
    if (key === itemName(given.base)) {
      const local = readLocal(given.base);
      const isOther = local.owner !== state.local.owner;
      emit({ local });
      if (isOther) {
        void refresh(); // signed in or out in another tab
      }
    }
  });
}

/** The server's word about progress, where it is newer than ours. */
export function newest(ours: Progress, theirs: Reader['progress']): Progress {
  const all = { ...ours };
  for (const { page, ...progress } of theirs) {
    const mine = all[page];
    if (!mine || mine.at <= progress.at) {
      all[page] = progress;
    }
  }
  return all;
}

function only<T>(from: Record<string, T>, names: string[]): Record<string, T> {
  const there = names.filter((name) => name in from);
  return Object.fromEntries(there.map((name) => [name, from[name] as T]));
}

/** What is known once the server named the reader. */
function owned(local: Local, profile: Profile, reader: Reader): Local {
  const { user } = profile;
  const mine = local.owner === user.id;
  const left = local.owner === null && hasData(local) ? local : local.guest;
  const guest = mine
    ? local.guest
    : left && {
        answers: left.answers,
        levels: left.levels,
        progress: left.progress,
      };
  const base = mine
    ? local
    : { ...NOBODY, version: local.version, pages: local.pages };
  return {
    ...base,
    owner: user.id,
    user,
    guest,
    answers: { ...profile.answers, ...only(base.answers, base.unsentAnswers) },
    levels: base.unsentAnswers.length > 0 ? base.levels : profile.levels,
    progress: newest(base.progress, reader.progress),
    since: reader.now,
  };
}

/** A minute in common with the last time: clocks and commits overlap. */
const OVERLAP_MS = 60_000;

/** Asks the server who this is. Never throws: the state says what came of it. */
export async function refresh(): Promise<Status> {
  const { since, owner } = readLocal(options.base);
  const from = owner === null || since === 0 ? 0 : since - OVERLAP_MS;
  try {
    const query = from > 0 ? `?since=${from}` : '';
    take(await api.ask<Reader>(`/api/reader${query}`));
  } catch {
    emit({ status: 'offline' });
  }
  return state.status;
}

function take(reader: Reader): void {
  const { profile } = reader;
  if (profile === null) {
    emit({
      status: 'out',
      profile,
      ended: readLocal(options.base).owner !== null,
    });
    return;
  }
  change((local) => owned(local, profile, reader));
  emit({ status: 'in', profile, ended: false });
}

/** A profile the server gave for a change. */
export function takeProfile(profile: Profile): void {
  change((local) => ({
    user: profile.user,
    answers: {
      ...profile.answers,
      ...only(local.answers, local.unsentAnswers),
    },
    levels: local.unsentAnswers.length > 0 ? local.levels : profile.levels,
  }));
  emit({ profile });
}

/** After an answer of 401 in the middle of a session. */
export function end(): void {
  emit({ status: 'out', profile: null, ended: state.local.owner !== null });
}

/** Signed out: what the account left in this browser goes with it. */
export function forget(): void {
  api.keepToken(false);
  change(() => NOBODY);
  emit({ status: 'out', profile: null, ended: false });
}

/**
 * Asks in the reader's name. A session that is over shows everywhere at once;
 * the caller's form keeps what was typed.
 */
export async function askAsReader<T>(
  ...ask: Parameters<Api['ask']>
): Promise<T> {
  try {
    return await api.ask<T>(...ask);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      end();
    }
    throw error;
  }
}
