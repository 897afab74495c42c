// SPDX-License-Identifier: Apache-2.0
// The reader in the server's words: who this is, and what becomes of that here.
// Loaded once the page can be read.
import { Api, ApiError } from './api';
import { change, emit, getOptions, getState, known, type Status } from './book';
import { NOBODY, itemName, parseLocal } from './local';
import { owned, type Profile, type Reader } from './reader';

let made: Api | undefined;

/** What everybody asks the server through. */
export function api(): Api {
  made ??= new Api(getOptions());
  return made;
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
    return latest ?? getState().status;
  }
  if (reader) {
    take(reader);
  } else {
    emit({ status: 'offline' });
  }
  return getState().status;
}

/** Ends the session of whoever signed out while the server was away. */
async function leaveFirst(): Promise<void> {
  if (known().leaving) {
    const path = `${getOptions().authPath}/sign-out`;
    await api().ask(path, { method: 'POST', body: {} });
    change(() => ({ leaving: false }));
  }
}

async function askReader(): Promise<Reader> {
  await leaveFirst();
  const { since, owner } = known();
  const from = owner === null || since === 0 ? 0 : since - OVERLAP_MS;
  if (from <= 0) {
    return api().ask<Reader>('/api/reader');
  }
  const reader = await api().ask<Reader>(`/api/reader?since=${from}`);
  const { profile } = reader;
  // Of another reader than the last one in this browser nothing is here yet.
  return profile && profile.user.id !== owner
    ? api().ask<Reader>('/api/reader')
    : reader;
}

/** An answer that was given while the server was asked is newer than its word. */
function newer(theirs: Profile | null): Profile | null {
  const { profile: ours } = getState();
  const isOurs = ours !== null && ours.user.id === theirs?.user.id;
  return isOurs && ours.version > theirs.version ? ours : theirs;
}

function take(reader: Reader): void {
  const profile = newer(reader.profile);
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
  emit({
    status: 'out',
    profile: null,
    ended: getState().local.owner !== null,
  });
}

/**
 * Signed out: what the account left in this browser goes with it. `leaving`:
 * the server does not know of it yet.
 */
export function forget(leaving = false): void {
  turn += 1;
  latest = null;
  api().keepToken(false);
  change(({ tabs }) => ({ ...NOBODY, tabs, leaving }));
  emit({ status: 'out', profile: null, ended: false });
}

/**
 * Does something in the reader's name. A session that is over shows everywhere
 * at once; the caller's form keeps what was typed.
 */
export async function asReader<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      end();
    }
    throw error;
  }
}

export const askAsReader = <T>(...ask: Parameters<Api['ask']>): Promise<T> =>
  asReader(() => api().ask<T>(...ask));

/** From now on: when another tab signs in or out, this one asks as well. */
export function heedOtherTabs(): void {
  const item = itemName(getOptions().base);
  window.addEventListener('storage', ({ key, oldValue, newValue }) => {
    if (key !== item) {
      return;
    }
    const [before, after] = [parseLocal(oldValue), parseLocal(newValue)];
    const isBack = getState().ended && before.since !== after.since;
    if (before.owner !== after.owner || isBack) {
      void refresh();
    }
  });
}
