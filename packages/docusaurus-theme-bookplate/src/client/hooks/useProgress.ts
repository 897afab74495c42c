// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';

import type { PageProgress, PageState } from '../../core/local';
import { note } from '../../core/progress';
import { useStore } from './useBookplate';

export interface ProgressView extends Partial<PageProgress> {
  state: PageState;
  mark(state: PageState): void;
}

/** How far the reader got with a page, named as `pageOf` does. */
export function useProgress(page: string): ProgressView {
  const progress = useStore().local.progress[page];
  const mark = useCallback(
    (state: PageState) => note(page, { state }, true),
    [page],
  );
  return { state: 'unread', ...progress, mark };
}
