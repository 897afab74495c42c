// SPDX-License-Identifier: Apache-2.0
// What the reader says of themselves: kept here at once, told to the server
// behind it, and handed over when a guest gets an account.
import { ApiError } from './api';
import { change, getState } from './book';
import type { GuestData, PageProgress, Progress } from './local';
import { stepTo } from './progress';
import { newest } from './reader';
import { askAsReader, takeProfile } from './server';
import { inTurn, less, putProfile, sendUnsentAnswers } from './unsent';
import type { Answers, Levels, Version } from './words';

export { sendUnsentAnswers } from './unsent';

export interface Saving {
  answers: Answers;
  /** Levels by axis that follow from all answers; see questionnaire.ts. */
  levels: Levels;
  /** Ids of questions that are to have no answer. */
  remove?: string[];
  /** The version of the consent text the reader agreed to. */
  consent?: string;
  /** Keep them in this browser: the consent they need was not given. */
  hold?: boolean;
}

/**
 * The answers show and count when this returns its promise. The promise says
 * what became of them at the server: a refusal takes them back and throws; a
 * server that is away keeps them for later, and throws as well.
 */
export async function saveAnswers(saving: Saving): Promise<void> {
  const { answers, remove = [], levels, consent, hold } = saving;
  const names = [...Object.keys(answers), ...remove];
  change((local) => {
    const all = { ...local.answers, ...answers };
    remove.forEach((name) => delete all[name]);
    const unsent = less(local.unsentAnswers, names);
    return {
      answers: all,
      levels,
      unsentAnswers: local.owner ? [...unsent, ...names] : [],
      held:
        local.owner !== null && (hold ?? (local.held && consent === undefined)),
    };
  });
  const { owner, held } = getState().local;
  if (owner && !held) {
    await sendUnsentAnswers(consent).catch((error: unknown) =>
      throwOwn(error, names),
    );
  }
}

/** Of what went together, a refusal of others' answers is none of ours. */
function throwOwn(error: unknown, names: string[]): void {
  const fields = error instanceof ApiError ? Object.keys(error.fields) : [];
  const refused = fields.filter((name) => name.startsWith('answers.'));
  const ours = names.some((name) => refused.includes(`answers.${name}`));
  if (refused.length === 0 || ours) {
    throw error;
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

/** How much of what a guest left the account does not have. */
export function countNew(
  guest: GuestData,
  { answers, progress }: GuestData,
): { answers: number; chapters: number } {
  const isNews = ([page, step]: [string, PageProgress]) =>
    stepTo(progress[page], step, step.at).state !== progress[page]?.state;
  return {
    answers: less(Object.keys(guest.answers), Object.keys(answers)).length,
    chapters: Object.entries(guest.progress).filter(isNews).length,
  };
}

/** As many pages as one request may carry. */
const BATCH = 500;

/** What was read as a guest never takes back what the account has read. */
async function keepProgress(progress: Progress): Promise<void> {
  const before = getState().local.progress;
  const pages = Object.entries(progress).map(([page, step]) => ({
    page,
    ...stepTo(before[page], step, step.at),
  }));
  for (let at = 0; at < pages.length; at += BATCH) {
    const kept = await askAsReader<{ progress: typeof pages }>(
      '/api/progress',
      { method: 'PUT', body: { progress: pages.slice(at, at + BATCH) } },
    );
    change((local) => ({ progress: newest(local.progress, kept.progress) }));
  }
}

/** Hands a guest's answers and progress to the account, once however often. */
export async function keepGuest(consent?: string): Promise<void> {
  const { guest, mergeId } = getState().local;
  if (!guest) {
    return;
  }
  const merge = mergeId ?? newId();
  change(() => ({ mergeId: merge }));
  await keepProgress(guest.progress);
  if (Object.keys(guest.answers).length > 0) {
    await inTurn(() => keepAnswers(guest.answers, merge, consent));
  }
  dropGuest();
}

/** Answers to what is asked no more are refused, and left behind. */
async function keepAnswers(
  answers: Answers,
  merge: string,
  consent?: string,
): Promise<void> {
  try {
    takeProfile(await putProfile({ answers, merge, consent }));
  } catch (error) {
    const fields = error instanceof ApiError ? Object.keys(error.fields) : [];
    const left = Object.entries(answers).filter(
      ([name]) => !fields.includes(`answers.${name}`),
    );
    if (left.length === Object.keys(answers).length) {
      throw error;
    }
    if (left.length > 0) {
      await keepAnswers(Object.fromEntries(left), merge, consent);
    }
  }
}

export function dropGuest(): void {
  change(() => ({ guest: null, mergeId: null }));
}
