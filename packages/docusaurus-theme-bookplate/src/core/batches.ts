// SPDX-License-Identifier: Apache-2.0
// How much of a reader's progress one request carries. Pure.
import type { Local } from './local';
import type { Told } from './reader';

/** The server's bounds: pages in a request, bytes of a page's name. */
const BATCH = 500;
const PAGE_BYTES = 512;
const PLACE_BYTES = 256;
/** What browsers carry on after a page has gone is 64 KiB, all together. */
const LAST_BYTES = 60_000;

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** Whether the server can know a page of this name. */
export const fits = (page: string): boolean => bytes(page) <= PAGE_BYTES;

function toldOf(local: Local, page: string): Told[] {
  const progress = local.progress[page];
  if (!progress) {
    return [];
  }
  const { place = '', seconds = 0, state, at } = progress;
  return [
    {
      page,
      state,
      at,
      seconds: Math.round(seconds),
      place: bytes(place) <= PLACE_BYTES ? place : '',
    },
  ];
}

/** The pages to tell next, the newest first; `last`: before the page goes. */
export function nextBatch(local: Local, last: boolean): Told[] {
  const batch: Told[] = [];
  let size = 0;
  for (const page of [...local.unsentPages].reverse()) {
    const told = toldOf(local, page);
    size += bytes(JSON.stringify(told));
    if (batch.length === BATCH || (last && size > LAST_BYTES)) {
      break;
    }
    batch.push(...told);
  }
  return batch;
}

/** All of it, in as many requests as it takes. */
export function inBatches<T>(all: T[]): T[][] {
  const count = Math.ceil(all.length / BATCH);
  return Array.from({ length: count }, (_, at) =>
    all.slice(at * BATCH, (at + 1) * BATCH),
  );
}
