// SPDX-License-Identifier: Apache-2.0
// The reader of this page: one store for the whole page, outside React, so
// that it needs no provider and survives whatever a site does to its Root.
//
// What the reader does shows at once and is stored in this browser; the server
// is told behind it. Nothing here asks the server before `start` was called.
import { Api, ApiError } from './api';
import {
  NOBODY,
  itemName,
  readLocal,
  showsOf,
  writeLocal,
  type Local,
} from './local';
import type { ClientOptions } from './options';
import { owned, type Profile, type Reader } from './reader';
import { followTabs } from './tabs';

export { newest, type Profile } from './reader';

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

/** Whether the last change could be stored. */
let stored = true;

/** What all tabs know; this page alone where nothing can be stored. */
function known(): Local {
  return stored ? readLocal(options.base) : state.local;
}

/** Changes what this browser knows, from whatever another tab left there. */
export function change(patch: (local: Local) => Partial<Local>): void {
  const before = known();
  const next = { ...before, ...patch(before) };
  const local = followTabs({ ...next, shows: showsOf(next) }, options.tabs);
  stored = writeLocal(options.base, local);
  emit({ local });
}

/** Once, when the page's scripts start. Asks nobody. */
export function configure(given: ClientOptions): void {
  options = given;
  api = new Api(given);
  state = { ...BEFORE, local: readLocal(given.base) };
  window.addEventListener('storage', ({ key }) => {
    if (key === itemName(given.base)) {
      const before = state;
      const local = readLocal(given.base);
      emit({ local });
      const isOther = local.owner !== before.local.owner;
      const isBack = before.ended && local.since !== before.local.since;
      if (isOther || isBack) {
        void refresh(); // signed in or out in another tab
      }
    }
  });
}

/** A minute in common with the last time: clocks and commits overlap. */
const OVERLAP_MS = 60_000;

/** The question that counts: an answer to an earlier one comes too late. */
let latest: Promise<Status> | null = null;
let turn = 0;

/** Asks the server who this is. Never throws: the state says what came of it. */
export function refresh(): Promise<Status> {
  turn += 1;
  latest = askWho(turn);
  return latest;
}

async function askWho(mine: number): Promise<Status> {
  let reader: Reader | null = null;
  try {
    reader = await askReader();
  } catch {
    // Not in time, or in pain: what this browser knows still counts.
  }
  if (mine !== turn) {
    return latest ?? state.status;
  }
  if (reader) {
    take(reader);
  } else {
    emit({ status: 'offline' });
  }
  return state.status;
}

async function askReader(): Promise<Reader> {
  const { since, owner } = known();
  const from = owner === null || since === 0 ? 0 : since - OVERLAP_MS;
  if (from <= 0) {
    return api.ask<Reader>('/api/reader');
  }
  const reader = await api.ask<Reader>(`/api/reader?since=${from}`);
  const { profile } = reader;
  // Of another reader than the last one in this browser nothing is here yet.
  return profile && profile.user.id !== owner
    ? api.ask<Reader>('/api/reader')
    : reader;
}

function take(reader: Reader): void {
  const { profile } = reader;
  if (profile === null) {
    emit({ status: 'out', profile, ended: known().owner !== null });
    return;
  }
  change((local) => owned(local, profile, reader));
  emit({ status: 'in', profile, ended: false });
}

/** A profile the server gave for a change; too late after signing out. */
export function takeProfile(profile: Profile): void {
  const { owner } = known();
  if (owner !== profile.user.id) {
    return;
  }
  change((local) => {
    const { user, answers, levels, progress } = owned(local, profile, {
      profile,
      progress: [],
      now: local.since,
    });
    return { user, answers, levels, progress };
  });
  emit({ profile });
}

/** After an answer of 401 in the middle of a session. */
export function end(): void {
  emit({ status: 'out', profile: null, ended: state.local.owner !== null });
}

/** Signed out: what the account left in this browser goes with it. */
export function forget(): void {
  turn += 1;
  latest = null;
  api.keepToken(false);
  change(({ tabs }) => ({ ...NOBODY, tabs }));
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
