// SPDX-License-Identifier: Apache-2.0
// What readers do, one call each: `make` says with what, `run` makes the call,
// holds the answer against the truth, and tells the truth what happened. Every
// step can be taken at any moment: what has to be refused is part of it.
import * as fc from 'fast-check';

import { accountSteps } from './account_steps.mjs';
import { adminSteps } from './admin_steps.mjs';
import { profileSteps } from './profile_steps.mjs';
import { progressSteps } from './progress_steps.mjs';
import { roughSteps } from './rough_steps.mjs';
import { PLAIN } from './parts.mjs';

export const STEPS = {
  ...accountSteps,
  ...profileSteps,
  ...progressSteps,
  ...adminSteps,
};

/** Where servers may be stopped: nobody else is on them. */
export const ROUGH_STEPS = { ...STEPS, ...roughSteps };

/** One step of these kinds, by weight. */
export const anyStep = (steps) =>
  fc.oneof(
    ...Object.entries(steps).map(([kind, { weight, make }]) => ({
      weight,
      arbitrary: fc.record({ kind: fc.constant(kind), ...make }, PLAIN),
    })),
  );
