// SPDX-License-Identifier: Apache-2.0
// Which screen is open: ?step=2 of the page, so that the browser's Back leads to
// the one before, and a reload stays.
import { useHistory, useLocation } from '@docusaurus/router';
import { wayBack } from 'docusaurus-theme-bookplate/client';

export interface StepView {
  /** From 1; the one after the last says what changed. */
  step: number;
  go(step: number): void;
  back(): void;
  /** Back to the book. */
  leave(): void;
}

interface Came {
  /** The step from which this one was reached. */
  from?: number;
}

export function useStep(count: number): StepView {
  const history = useHistory();
  const { search, state } = useLocation<Came | undefined>();
  const params = new URLSearchParams(search);
  const wanted = Math.trunc(Number(params.get('step') ?? 1));
  const step = Math.min(Math.max(wanted || 1, 1), count + 1);
  const go = (next: number) => {
    params.set('step', String(next));
    history.push({ search: `?${params}`, state: { from: step } });
  };
  return {
    step,
    go,
    back: () =>
      state?.from === step - 1 ? history.goBack() : go(Math.max(step - 1, 1)),
    leave: () => history.push(wayBack(search)),
  };
}
