// SPDX-License-Identifier: Apache-2.0
// The chapter that is open: whether it was visited, where in it the reader is,
// for how long they have read.
import { getOptions, getPage, getState } from '../core/book';
import type { PageProgress } from '../core/local';
import { note } from '../core/progress';
import { STOPPED, seen, taken } from '../core/stopwatch';

/** Who leaves a page sooner than this has not visited it. */
const VISIT_MS = 3000;
/** How often the place is looked at while the reader scrolls. */
const LOOK_MS = 1000;

/** Whether a chapter is open, of a docs plugin that is followed. */
function chapter(): HTMLElement | null {
  const { classList } = document.documentElement;
  const followed = getOptions().docs.some((id) =>
    classList.contains(`plugin-id-${id}`),
  );
  return followed ? document.querySelector('.theme-doc-markdown') : null;
}

/** The last heading above the upper third of the window, as "#anchor". */
function placeIn(text: HTMLElement): string {
  const line = window.innerHeight / 3;
  let place = '';
  for (const heading of text.querySelectorAll('h2[id], h3[id]')) {
    const { top, height } = heading.getBoundingClientRect();
    if (height > 0 && top < line) {
      place = `#${heading.id}`;
    }
  }
  return place;
}

const isVisible = () => document.visibilityState === 'visible';

let page = '';
let visited = false;
let watch = STOPPED;
let visit: ReturnType<typeof setTimeout> | undefined;
let look: ReturnType<typeof setTimeout> | undefined;

/** A scroll, a key, a click: the reader is there. */
export function alive(): void {
  watch = seen(watch, Date.now(), isVisible());
}

/** Keeps the step together with the time that led to it. */
function keep(step: Partial<PageProgress>): void {
  const before = getState().local.progress[page];
  const { seconds, watch: rest } = taken(watch, before?.seconds);
  watch = rest;
  if (step.state || step.place || seconds > (before?.seconds ?? 0)) {
    note(page, { ...step, seconds });
  }
}

function awaitVisit(): void {
  clearTimeout(visit);
  if (page !== '' && !visited && isVisible()) {
    visit = setTimeout(() => {
      visited = true;
      alive();
      keep({ state: 'visited' });
    }, VISIT_MS);
  }
}

/** What was read of the page until now is kept; the page may be left. */
function pause(): void {
  clearTimeout(visit);
  alive();
  if (visited) {
    keep({});
  }
}

export function open(): void {
  pause();
  clearTimeout(look);
  look = undefined;
  visited = false;
  page = chapter() ? getPage() : '';
  watch = seen(STOPPED, Date.now(), isVisible());
  awaitVisit();
}

export function scrolled(): void {
  look ??= setTimeout(() => {
    look = undefined;
    alive();
    const text = page === '' ? null : chapter();
    const place = text ? placeIn(text) : '';
    if (place !== '' && place !== getState().local.progress[page]?.place) {
      visited = true;
      keep({ state: 'reading', place });
    }
  }, LOOK_MS);
}

/** The window went into the background, or came back. */
export function turned(): void {
  if (isVisible()) {
    alive();
    awaitVisit();
  } else {
    pause();
  }
}
