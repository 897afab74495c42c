// SPDX-License-Identifier: Apache-2.0
// Follows the reader through the book: which chapter is open, where they are in
// it, for how long. Loaded after the page; a page without a chapter is nothing.
import { sendUnsentAnswers } from '../core/answers';
import { getOptions, getPage, getState, subscribe } from '../core/book';
import { note, sendProgress } from '../core/progress';

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

let visit: ReturnType<typeof setTimeout> | undefined;
let look: ReturnType<typeof setTimeout> | undefined;

function open(): void {
  clearTimeout(visit);
  clearTimeout(look);
  look = undefined;
  const page = getPage();
  if (chapter()) {
    visit = setTimeout(() => {
      const seconds = getState().local.progress[page]?.seconds ?? 0;
      note(page, { state: 'visited', seconds: seconds + VISIT_MS / 1000 });
    }, VISIT_MS);
  }
}

function scrolled(): void {
  look ??= setTimeout(() => {
    look = undefined;
    const text = chapter();
    const page = getPage();
    const place = text ? placeIn(text) : '';
    const before = getState().local.progress[page];
    if (place !== '' && place !== before?.place) {
      const seconds = (before?.seconds ?? 0) + LOOK_MS / 1000;
      note(page, { state: 'reading', place, seconds });
    }
  }, LOOK_MS);
}

/** Once: from now on until the window closes. */
export function follow(): void {
  let was = getState().status;
  const arrived = () => {
    void sendUnsentAnswers().catch(() => undefined); // told the next time
    void sendProgress();
  };
  subscribe(() => {
    const { status } = getState();
    if (status !== was && status === 'in') {
      arrived();
    }
    was = status;
  });
  if (was === 'in') {
    arrived();
  }
  window.addEventListener('bookplate:page', open);
  window.addEventListener('scroll', scrolled, { passive: true });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      void sendProgress(true);
    }
  });
  open();
}
