// SPDX-License-Identifier: Apache-2.0
// What the theme's forms share: one attempt at a time, what was refused beside
// the field it is about, and nothing typed is ever lost.
import { translate } from '@docusaurus/Translate';
import { useState } from 'react';

import { ApiError } from '../core/api';

/** Which field Better Auth's refusals are about; the plain API says itself. */
const FIELD_OF: Record<string, string> = {
  INVALID_EMAIL: 'email',
  USER_ALREADY_EXISTS: 'email',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email',
  EMAIL_NOT_VERIFIED: 'email',
  PASSWORD_TOO_SHORT: 'password',
  PASSWORD_TOO_LONG: 'password',
  PASSWORD_COMPROMISED: 'password',
  INVALID_PASSWORD: 'currentPassword',
};

/** In the reader's language where the theme has it, else the server's words. */
export function wordsOfRefusal({ code, message, status }: ApiError): string {
  if (status === 0) {
    return translate({
      id: 'theme.bookplate.error.UNREACHABLE',
      message:
        'The server does not answer. What you typed is still here; try again in a moment.',
      description: 'When a form could not reach the server',
    });
  }
  if (status === 429) {
    return translate({
      id: 'theme.bookplate.error.TOO_MANY',
      message: 'That was tried too often. Wait a minute, then try again.',
      description: 'When the server limits the rate of attempts',
    });
  }
  // Ids of codes are not written out: a language has those it has.
  return translate({
    id: `theme.bookplate.error.${code}`,
    message: message || code,
  });
}

export interface Refused {
  /** Said above the form; null when all of it is about fields. */
  problem: string | null;
  /** Field -> what is wrong with it. */
  fields: Record<string, string>;
}

const NOTHING: Refused = { problem: null, fields: {} };

export function refusedBy(error: unknown): Refused {
  if (!(error instanceof ApiError)) {
    throw error; // a mistake of ours is no message for a reader
  }
  const own = Object.entries(error.fields).map(([path, text]) => [
    path.replace(/^(background|answers)\./, ''),
    text,
  ]);
  const field = FIELD_OF[error.code];
  if (own.length > 0) {
    return { problem: null, fields: Object.fromEntries(own) };
  }
  const words = wordsOfRefusal(error);
  return field
    ? { problem: null, fields: { [field]: words } }
    : { problem: words, fields: {} };
}

export interface Attempt extends Refused {
  busy: boolean;
  /** Runs `act` unless one is running; gives whether it went through. */
  attempt(act: () => Promise<unknown>): Promise<boolean>;
  /** Says what the page itself found wrong, before anything is sent. */
  refuse(refused: Partial<Refused>): void;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(NOTHING);
  return {
    ...refused,
    busy,
    refuse: (given) => setRefused({ ...NOTHING, ...given }),
    async attempt(act) {
      if (busy) {
        return false;
      }
      setBusy(true);
      setRefused(NOTHING);
      try {
        await act();
        return true;
      } catch (error) {
        setRefused(refusedBy(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
