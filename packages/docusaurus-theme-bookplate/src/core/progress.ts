// SPDX-License-Identifier: Apache-2.0
// How far the reader got, page by page. Each step is kept here at once; the
// server is told all of them together, a while later or when the page goes
// away, so that turning pages costs it next to nothing.
import { ApiError } from './api';
import { change, getState } from './book';
import { askAsReader } from './server';
import type { Local, PageProgress } from './local';
import { higher, lookedAt, newest, type Told } from './reader';
import { fits, nextBatch } from './batches';

/** Turning a page is no reason to write; a pause in reading is. */
const PAUSE_MS = 10_000;

/**
 * A page that is only looked at keeps the higher state it had. The step is
 * newer than what is known, whatever the clocks of devices say.
 */
export function stepTo(
  before: PageProgress | undefined,
  step: Partial<PageProgress>,
  now: number,
  back = false,
): PageProgress {
  const was = before?.state ?? 'unread';
  const wanted = step.state ?? was;
  const state = back ? wanted : higher(wanted, was);
  const at = Math.max(now, (before?.at ?? 0) + 1);
  return { ...before, ...step, state, at };
}

let timer: ReturnType<typeof setTimeout> | undefined;

const without = (pages: string[], page: string) =>
  pages.filter((other) => other !== page);

function unsentWith(local: Local, page: string, back: boolean): Partial<Local> {
  if (local.owner === null || !fits(page)) {
    return {};
  }
  const marks = without(local.unsentMarks, page);
  const isMark = back || marks.length < local.unsentMarks.length;
  return {
    unsentPages: [...without(local.unsentPages, page), page],
    unsentMarks: isMark ? [...marks, page] : marks,
  };
}

/** `back`: the reader says so, and may take "read" back. */
export function note(
  page: string,
  step: Partial<PageProgress>,
  back = false,
): void {
  change((local) => ({
    progress: {
      ...local.progress,
      [page]: stepTo(local.progress[page], step, Date.now(), back),
    },
    ...unsentWith(local, page, back),
  }));
  clearTimeout(timer);
  timer = setTimeout(() => void sendProgress(), back ? 0 : PAUSE_MS);
}

/** Takes the server's word about the pages it was just told of. */
function takeTold(owner: string, told: Told[], answer: Told[]): void {
  change((local) => {
    if (local.owner !== owner) {
      return {}; // signed out meanwhile
    }
    const { progress } = local;
    const asTold = (page: string) =>
      told.some((one) => one.page === page && one.at === progress[page]?.at);
    const unsent = local.unsentPages.filter((page) => !asTold(page));
    // Also where its time is older: it corrects clocks that are ahead.
    const same = answer.filter(({ page }) => asTold(page));
    return {
      unsentPages: unsent,
      unsentMarks: local.unsentMarks.filter((page) => unsent.includes(page)),
      progress: {
        ...newest(progress, answer, lookedAt(local)),
        ...Object.fromEntries(same.map(({ page, ...rest }) => [page, rest])),
      },
    };
  });
}

/** What the server will never take is told no more. */
const isHopeless = (error: unknown) =>
  error instanceof ApiError && [400, 413, 422].includes(error.status);

/** Gives whether the server has it. */
async function sendBatch(
  owner: string,
  told: Told[],
  keepalive: boolean,
): Promise<boolean> {
  try {
    const { progress } = await askAsReader<{ progress: Told[] }>(
      '/api/progress',
      { method: 'PUT', keepalive, body: { progress: told } },
    );
    takeTold(owner, told, progress ?? []);
    return true;
  } catch (error) {
    if (isHopeless(error)) {
      takeTold(owner, told, []);
    }
    return false; // offline, or signed out meanwhile: the others stay unsent
  }
}

let sending: Promise<void> | null = null;

/** Tells the server what it was not told. What fails is told the next time. */
export function sendProgress(): Promise<void> {
  clearTimeout(timer);
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll(): Promise<void> {
  for (;;) {
    const { status, local } = getState();
    const told = nextBatch(local, false);
    if (status !== 'in' || local.owner === null || told.length === 0) {
      return;
    }
    if (!(await sendBatch(local.owner, told, false))) {
      return;
    }
  }
}

/** The page goes away: as much as a browser lets a request carry on then. */
export function sendLastProgress(): void {
  clearTimeout(timer);
  const { status, local } = getState();
  const told = nextBatch(local, true);
  if (status === 'in' && local.owner !== null && told.length > 0) {
    void sendBatch(local.owner, told, true);
  }
}
