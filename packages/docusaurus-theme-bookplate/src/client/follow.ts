// SPDX-License-Identifier: Apache-2.0
// Follows the reader through the book, and keeps in touch with the server:
// after being offline, and when a window comes back that lay in the background
// while another device was read. Loaded after the page.
import { sendUnsentAnswers } from '../core/answers';
import { getState, subscribe } from '../core/book';
import { heedOtherTabs, refresh } from '../core/server';
import { sendLastProgress, sendProgress } from '../core/progress';
import { alive, open, scrolled, turned } from './reading';

/** A server that was away is not asked more often; another device neither. */
const AGAIN_MS = 30_000;

let asked = Date.now();

function arrived(): void {
  void sendUnsentAnswers().catch(() => undefined); // told the next time
  void sendProgress();
}

function askAgain(evenIfIn: boolean): void {
  const { status: was } = getState();
  const wanted = was === 'offline' || (evenIfIn && was === 'in');
  if (wanted && Date.now() - asked > AGAIN_MS) {
    asked = Date.now();
    void refresh().then((status) => {
      if (status === was && status === 'in') {
        arrived(); // what could not be told the last time
      }
    });
  }
}

let again: ReturnType<typeof setTimeout> | undefined;

/** While the server is away, or was not told everything, it is asked again. */
function keepUp(): void {
  const { status, local } = getState();
  const waits = local.unsentAnswers.length > 0 && !local.held;
  if (local.owner && (status === 'offline' || (status === 'in' && waits))) {
    again ??= setTimeout(() => {
      again = undefined;
      if (document.visibilityState === 'visible') {
        askAgain(true);
      }
      keepUp();
    }, AGAIN_MS + 1);
  }
}

function onStatus(): void {
  let was = getState().status;
  subscribe(() => {
    const { status } = getState();
    const isNew = status !== was && status === 'in';
    was = status;
    if (isNew) {
      arrived();
    }
    keepUp();
  });
  keepUp();
  heedOtherTabs();
  if (was === 'in') {
    arrived();
  }
}

/** Once: from now on until the window closes. */
export function follow(): void {
  onStatus();
  window.addEventListener('bookplate:page', () => {
    open();
    askAgain(false);
  });
  window.addEventListener('scroll', scrolled, { passive: true });
  window.addEventListener('keydown', alive, { passive: true });
  window.addEventListener('pointerdown', alive, { passive: true });
  window.addEventListener('online', () => {
    asked = 0;
    askAgain(true);
  });
  document.addEventListener('visibilitychange', () => {
    turned();
    if (document.visibilityState === 'hidden') {
      sendLastProgress();
    } else {
      askAgain(true);
    }
  });
  open();
}
