// SPDX-License-Identifier: Apache-2.0
// How far the reader got, page by page. Each step is kept here at once; the
// server is told all of them together, a while later or when the page goes
// away, so that turning pages costs it next to nothing.
import { askAsReader, change, getState } from './book';
import type { PageProgress, PageState } from './local';

const RANK: PageState[] = ['unread', 'visited', 'reading', 'read'];
/** Turning a page is no reason to write; a pause in reading is. */
const PAUSE_MS = 10_000;
/** As many as one request may carry. */
const BATCH = 500;

/** A page that is only looked at keeps the higher state it had. */
export function stepTo(
  before: PageProgress | undefined,
  step: Partial<PageProgress>,
  at: number,
  back = false,
): PageProgress {
  const was = before?.state ?? 'unread';
  const wanted = step.state ?? was;
  const state = back || RANK.indexOf(wanted) > RANK.indexOf(was) ? wanted : was;
  return { ...before, ...step, state, at };
}

let timer: ReturnType<typeof setTimeout> | undefined;

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
    unsentPages: local.owner
      ? [...local.unsentPages.filter((other) => other !== page), page]
      : [],
  }));
  clearTimeout(timer);
  timer = setTimeout(() => void sendProgress(), back ? 0 : PAUSE_MS);
}

/** Tells the server what it was not told; what fails is told the next time. */
export async function sendProgress(keepalive = false): Promise<void> {
  clearTimeout(timer);
  const { status, local } = getState();
  const pages = local.unsentPages
    .filter((page) => page in local.progress)
    .slice(0, BATCH);
  if (status !== 'in' || pages.length === 0) {
    return;
  }
  const told = pages.map((page) => ({ page, ...local.progress[page] }));
  try {
    await askAsReader('/api/progress', {
      method: 'PUT',
      keepalive,
      body: { progress: told },
    });
    change(({ unsentPages, progress }) => ({
      unsentPages: unsentPages.filter(
        (page) =>
          !told.some((t) => t.page === page && t.at === progress[page]?.at),
      ),
    }));
  } catch {
    // Offline, or signed out meanwhile: unsentPages still has them.
  }
}
