// SPDX-License-Identifier: Apache-2.0
// What the server offers, and what it asks readers: two documents that are the
// same for everybody, fetched by the pages that need them.
import { useEffect, useState } from 'react';

import { getOptions } from '../core/book';
import type { Questionnaire } from '../core/questionnaire';
import { api } from '../core/server';

/** GET /api/offers; what a server does not say is not offered. */
export interface Offers {
  accounts: 'builtin' | 'external';
  sign_up: boolean;
  /** Ways to sign in: "password", and what later versions bring. */
  methods: string[];
  /** Not said where another service decides. */
  password?: { min: number; max: number };
  reset_password: boolean;
  verify_email: 'required' | 'offered' | 'off';
  change_email: boolean;
  delete_account: 'off' | 'password' | 'mail';
}

/** undefined while it is asked; null when there is no answer in time. */
export type Loaded<T> = T | null | undefined;

function useDocument<T>(load: () => Promise<T>): [Loaded<T>, () => void] {
  const [found, setFound] = useState<Loaded<T>>(undefined);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    const set = (value: Loaded<T>) => current && setFound(value);
    load().then(set, () => set(null));
    return () => {
      current = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a turn asks again
  }, [turn]);
  return [
    found,
    () => {
      setFound(undefined);
      setTurn(turn + 1);
    },
  ];
}

/** What the server offers, and a way to ask again. */
export function useOffers(): [Loaded<Offers>, () => void] {
  return useDocument(() => api().ask<Offers>('/api/offers'));
}

/** Sooner than the time limit of a request, so that the page stands by then. */
const PATIENCE_MS = 2000;

async function loadQuestionnaire(): Promise<Questionnaire> {
  // Without a server the book has the questions it was built with.
  const built = import(
    '@generated/docusaurus-theme-bookplate/default/questionnaire.json'
  ).then((loaded) => loaded.default);
  built.catch(() => undefined); // it matters only when the server fails too
  if (getOptions().questions === 0) {
    return built; // its author asks nothing, whatever the server would ask
  }
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), PATIENCE_MS);
  });
  const asked = api()
    .ask<Questionnaire>('/api/questionnaire')
    .catch(() => null);
  return (await Promise.race([asked, late])) ?? built;
}

/** The server's questions, or those the book was built with. */
export function useQuestionnaire(): Loaded<Questionnaire> {
  return useDocument(loadQuestionnaire)[0];
}
