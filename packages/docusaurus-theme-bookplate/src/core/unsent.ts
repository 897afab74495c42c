// SPDX-License-Identifier: Apache-2.0
// Tells the server what it has not been told: one request at a time, so that of
// two quick answers to a question the last one counts. What is answered while
// one is under way goes with the one that follows.
import { ApiError } from './api';
import { change, getState, type Profile } from './book';
import { only } from './guest';
import { type Local } from './local';
import { askAsReader, takeProfile } from './server';
import type { Answer, Answers } from './words';

const same = (a: Answer | undefined, b: Answer | undefined) =>
  JSON.stringify(a) === JSON.stringify(b);

export const less = (names: string[], told: string[]) =>
  names.filter((name) => !told.includes(name));

let last: Promise<unknown> = Promise.resolve();

/** Runs `act` after whatever else the server is being told. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act);
  last = turn.catch(() => undefined);
  return turn;
}

let waiting: Promise<void> | null = null;
let agreed: string | undefined;

/**
 * `consent` is the version of the text the reader agreed to. Throws what became
 * of it: an ApiError whose `fields` name the answers that were refused, as
 * "answers.ID"; they are taken back, and the others were told.
 */
export function sendUnsentAnswers(consent?: string): Promise<void> {
  agreed = consent ?? agreed;
  waiting ??= inTurn(() => {
    waiting = null;
    return tellAll();
  });
  return waiting;
}

async function tellAll(): Promise<void> {
  const { unsentAnswers, held } = getState().local;
  const consent = agreed;
  if (consent === undefined && (held || unsentAnswers.length === 0)) {
    return;
  }
  agreed = undefined;
  try {
    await tell(unsentAnswers, consent);
  } catch (error) {
    const away = !(error instanceof ApiError) || error.status === 0;
    agreed ??= away ? consent : undefined;
    throw error;
  }
}

async function tell(names: string[], consent?: string): Promise<void> {
  const told = only(getState().local.answers, names);
  try {
    const remove = less(names, Object.keys(told));
    const profile = await putProfile({ answers: told, remove, consent });
    change((local) => ({ unsentAnswers: since(local, names, told) }));
    takeProfile(profile);
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
    await tellOthers(names, told, error);
  }
}

export function putProfile(body: object): Promise<Profile> {
  return askAsReader<Profile>('/api/profile', { method: 'PUT', body });
}

/** Without those that are told, unless they were answered anew meanwhile. */
function since(local: Local, names: string[], told: Answers): string[] {
  const { unsentAnswers, answers } = local;
  return unsentAnswers.filter(
    (name) => !names.includes(name) || !same(answers[name], told[name]),
  );
}

/** Said of what was asked; the same again would be refused again. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 413, 422].includes(error.status);
}

const field = (name: string) => `answers.${name}`;

/** Takes back what was refused, and tells the rest. Always throws. */
async function tellOthers(
  names: string[],
  told: Answers,
  error: ApiError,
): Promise<never> {
  if ('consent' in error.fields) {
    change(() => ({ held: error.code === 'CONSENT_REQUIRED' }));
    throw error;
  }
  let refused = names.filter((name) => field(name) in error.fields);
  if (refused.length === 0) {
    // It does not say which, so each is told by itself.
    refused = names.length === 1 ? names : [];
  }
  takeBack(refused, told);
  const others = less(names, refused);
  const groups = refused.length > 0 ? [others] : others.map((name) => [name]);
  const { fields } = error;
  const all: Record<string, string> = Object.fromEntries(
    refused.map((name) => [
      field(name),
      fields[field(name)] ?? Object.values(fields)[0] ?? error.message,
    ]),
  );
  for (const group of groups.filter(({ length }) => length > 0)) {
    Object.assign(all, await refusedAmong(group));
  }
  const { status, code, message } = error;
  throw new ApiError(status, { code, message, fields: all });
}

async function refusedAmong(names: string[]): Promise<Record<string, string>> {
  try {
    await tell(names);
    return {};
  } catch (error) {
    if (isRefusal(error) && !('consent' in error.fields)) {
      return error.fields;
    }
    throw error;
  }
}

/** What the server has stands again, where nothing newer was answered. */
function takeBack(names: string[], told: Answers): void {
  const known = getState().profile;
  change((local) => {
    const gone = names.filter((name) => same(local.answers[name], told[name]));
    const kept = less(Object.keys(local.answers), gone);
    return {
      answers: {
        ...only(local.answers, kept),
        ...only(known?.answers ?? {}, gone),
      },
      levels: known?.levels ?? local.levels,
      unsentAnswers: less(local.unsentAnswers, gone),
    };
  });
}
