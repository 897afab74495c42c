// SPDX-License-Identifier: Apache-2.0
// The reader of this page: one store for the whole page, outside React, so
// that it needs no provider and survives whatever a site does to its Root.
//
// What the reader does shows at once and is stored in this browser; the server
// is told behind it, by server.ts, which is no part of a page's first bundle.
import {
  NOBODY,
  itemName,
  readLocal,
  showsOf,
  writeLocal,
  type Local,
} from './local';
import type { ClientOptions } from './options';
import type { Profile } from './reader';
import { followTabs } from './tabs';

export type { Profile } from './reader';

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

export const getState = (): State => state;
/** What the static HTML was made with. */
export const getServerState = (): State => BEFORE;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const getOptions = (): ClientOptions => options;

/** Tells whoever listens; for server.ts, which learns who this is. */
export function emit(next: Partial<State>): void {
  state = { ...state, ...next };
  show();
  listeners.forEach((listener) => listener());
}

let here = '';

/** Which page is open; what is shown may be chosen for it alone. */
export function setPage(page: string): void {
  here = page;
  show();
  const { dataset } = document.documentElement;
  const { owner, dismissed } = state.local;
  // Decided once a page, as the script in its head does, so that an invitation
  // that turns out to be for a reader keeps its place until the next one.
  if (owner === null && !dismissed && !dataset.bookplate) {
    dataset.bookplateInvited = '';
  } else if (loaded) {
    delete dataset.bookplateInvited;
  }
  loaded = true;
}

/** Whether a page was open before: the first is the head's business. */
let loaded = false;

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
export function known(): Local {
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
  state = { ...BEFORE, local: readLocal(given.base) };
  window.addEventListener('storage', ({ key }) => {
    if (key === itemName(given.base)) {
      emit({ local: readLocal(given.base) });
    }
  });
}
