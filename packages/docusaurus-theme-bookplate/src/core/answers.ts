// SPDX-License-Identifier: Apache-2.0
// What the reader says of themselves: kept here at once, told to the server
// behind it, and handed over when a guest gets an account.
import { ApiError } from './api';
import {
  askAsReader,
  change,
  getState,
  takeProfile,
  type Profile,
} from './book';
import type { Answers, Levels, Version } from './words';

const less = (names: string[], told: string[]) =>
  names.filter((name) => !told.includes(name));

export interface Saving {
  answers: Answers;
  /** Levels by axis that follow from all answers; see questionnaire.ts. */
  levels: Levels;
  /** Ids of questions that are to have no answer. */
  remove?: string[];
  /** The version of the consent text the reader agreed to. */
  consent?: string;
}

/**
 * The answers show and count when this returns its promise. The promise says
 * what became of them at the server: a refusal takes them back and throws; a
 * server that is away keeps them for later.
 */
export async function saveAnswers(saving: Saving): Promise<void> {
  const { answers, remove = [], levels, consent } = saving;
  const before = getState().local;
  const names = [...Object.keys(answers), ...remove];
  change((local) => {
    const all = { ...local.answers, ...answers };
    remove.forEach((name) => delete all[name]);
    const unsent = less(local.unsentAnswers, names);
    const unsentAnswers = local.owner ? [...unsent, ...names] : [];
    return { answers: all, levels, unsentAnswers };
  });
  if (!before.owner) {
    return;
  }
  try {
    await sendAnswers(names, consent);
  } catch (error) {
    if (error instanceof ApiError && [400, 422].includes(error.status)) {
      const { answers: old, levels: were } = before;
      change((local) => ({
        answers: old,
        levels: were,
        unsentAnswers: less(local.unsentAnswers, names),
      }));
    }
    throw error;
  }
}

/** Tells the server these answers as they are here now. */
async function sendAnswers(names: string[], consent?: string): Promise<void> {
  const { answers } = getState().local;
  const given = names.filter((name) => name in answers);
  const profile = await askAsReader<Profile>('/api/profile', {
    method: 'PUT',
    body: {
      answers: Object.fromEntries(given.map((name) => [name, answers[name]])),
      remove: less(names, given),
      ...(consent === undefined ? {} : { consent }),
    },
  });
  change((local) => ({ unsentAnswers: less(local.unsentAnswers, names) }));
  takeProfile(profile);
}

/** What the server was not told while it was away. */
export async function sendUnsentAnswers(): Promise<void> {
  const { unsentAnswers } = getState().local;
  if (unsentAnswers.length > 0) {
    await sendAnswers(unsentAnswers);
  }
}

/** Shows a version: on one page, or on all that have none of their own. */
export function chooseVersion(version: Version | null, page?: string): void {
  change((local) => {
    if (page === undefined) {
      return { version, pages: {} };
    }
    const { [page]: _before, ...pages } = local.pages;
    return { pages: version === null ? pages : { ...pages, [page]: version } };
  });
}

const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** Hands a guest's answers and progress to the account, once however often. */
export async function keepGuest(): Promise<void> {
  const { guest } = getState().local;
  if (!guest) {
    return;
  }
  const merge = getState().local.mergeId ?? newId();
  change(() => ({ mergeId: merge }));
  const { answers, progress } = guest;
  const pages = Object.entries(progress).map(([page, at]) => ({ page, ...at }));
  if (pages.length > 0) {
    await askAsReader('/api/progress', {
      method: 'PUT',
      body: { progress: pages.slice(0, 500) },
    });
  }
  if (Object.keys(answers).length > 0) {
    takeProfile(
      await askAsReader<Profile>('/api/profile', {
        method: 'PUT',
        body: { answers, merge },
      }),
    );
  }
  change((local) => ({
    guest: null,
    mergeId: null,
    progress: { ...progress, ...local.progress },
  }));
}

export function dropGuest(): void {
  change(() => ({ guest: null, mergeId: null }));
}
