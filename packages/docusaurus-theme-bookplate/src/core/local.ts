// SPDX-License-Identifier: Apache-2.0
// What this browser knows of its reader, in one item of localStorage, so that
// the book fits before the server was asked and without an account. Every tab
// reads and writes the same item; a change in one shows in the others.
//
// The item's name is known to the script in the page's head as well (see
// build/head.ts), which reads only `shows` and `owner`.
import { wordsOf, type Answers, type Levels, type Version } from './words';

export type PageState = 'unread' | 'visited' | 'reading' | 'read';

export interface PageProgress {
  state: PageState;
  /** The anchor last read. */
  place?: string;
  seconds?: number;
  /** When the reader did it, in milliseconds since 1970. */
  at: number;
}

export type Progress = Record<string, PageProgress>;

export interface User {
  id: string;
  name: string;
  email: string;
  image?: string | null;
  email_verified?: boolean;
}

/** What a guest left behind before signing in, until they decide about it. */
export interface GuestData {
  answers: Answers;
  levels: Levels;
  progress: Progress;
}

export interface Local extends GuestData {
  /** Whose it is; null while it is a guest's. */
  owner: string | null;
  user: User | null;
  /** What the reader chose to see always, and on single pages. */
  version: Version | null;
  pages: Record<string, Version>;
  /** What the server has not been told. */
  unsentAnswers: string[];
  /** They wait here for the reader's consent. */
  held: boolean;
  unsentPages: string[];
  /** Those of them that the reader marked themselves. */
  unsentMarks: string[];
  /** The server's time up to which progress was taken from it. */
  since: number;
  guest: GuestData | null;
  /** Makes handing over a guest's answers idempotent. */
  mergeId: string | null;
  /** Signed out while the server was away: it is to be told. */
  leaving: boolean;
  /** Whether the invitation to answer was sent away. */
  dismissed: boolean;
  /** Tabs that were chosen for the reader, by group. */
  tabs: Record<string, string>;
  /** The attribute of <html>, by path; '' for all others. Derived. */
  shows: Record<string, string>;
}

export const NOBODY: Local = {
  owner: null,
  user: null,
  answers: {},
  levels: {},
  progress: {},
  version: null,
  pages: {},
  unsentAnswers: [],
  held: false,
  unsentPages: [],
  unsentMarks: [],
  since: 0,
  guest: null,
  mergeId: null,
  leaving: false,
  dismissed: false,
  tabs: {},
  shows: {},
};

/** The attribute for each page that has a version of its own, and the rest. */
export function showsOf(local: Local): Record<string, string> {
  const words = (version: Version | null) =>
    wordsOf(local.answers, local.levels, version).join(' ');
  const shows: Record<string, string> = { '': words(local.version) };
  for (const [page, version] of Object.entries(local.pages)) {
    shows[page] = words(version);
  }
  return shows;
}

export const itemName = (base: string) => `bookplate:${base}`;

/** Nobody, when there is nothing or it is not what we wrote. */
export function parseLocal(text: string | null): Local {
  try {
    return text ? { ...NOBODY, ...(JSON.parse(text) as Local) } : NOBODY;
  } catch {
    return NOBODY;
  }
}

export function readLocal(base: string): Local {
  try {
    return parseLocal(localStorage.getItem(itemName(base)));
  } catch {
    return NOBODY; // private windows, blocked storage
  }
}

/** False when it is full or blocked: then the page has it in memory alone. */
export function writeLocal(base: string, local: Local): boolean {
  try {
    localStorage.setItem(itemName(base), JSON.stringify(local));
    return true;
  } catch {
    return false;
  }
}
