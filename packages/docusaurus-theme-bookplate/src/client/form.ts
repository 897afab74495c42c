// SPDX-License-Identifier: Apache-2.0
// What the theme's forms share: one attempt at a time, what was refused beside
// the field it is about, and nothing typed is ever lost.
import { translate } from '@docusaurus/Translate';
import { useState } from 'react';

import { ApiError } from '../core/api';
import { getOptions } from '../core/book';

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

/** What has no words of the server's, or none that help. */
function ownWords({ code, status, message }: ApiError): string | null {
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
  if (status === 401 && ['UNAUTHORIZED', 'HTTP_401'].includes(code)) {
    return translate({
      id: 'theme.bookplate.error.SESSION_ENDED',
      message:
        'Your session has ended. Sign in again; what you typed is still here.',
      description: 'When a form was sent after the session was over',
    });
  }
  if (code === 'COOKIES_BLOCKED') {
    return cookiesBlocked();
  }
  if (status >= 500 || message === '') {
    return translate({
      id: 'theme.bookplate.error.FAILED',
      message:
        'The server could not do this. What you typed is still here; try again in a moment.',
      description: 'When the server failed without saying why',
    });
  }
  return null;
}

function cookiesBlocked(): string {
  const { server } = getOptions();
  return translate(
    {
      id: 'theme.bookplate.error.COOKIES_BLOCKED',
      message:
        'The server let you in, but this browser does not let the book keep that: it blocks the cookie of {host}. Allow cookies of {host} in the settings of the browser, or open the book in another browser, then try again.',
      description: 'When the cookie of a sign-in does not arrive',
    },
    { host: server === '' ? window.location.host : new URL(server).host },
  );
}

/** In the reader's language where the theme has it, else the server's words. */
export function wordsOfRefusal(error: ApiError): string {
  // Ids of codes are not written out: a language has those it has.
  const id = `theme.bookplate.error.${error.code}`;
  return ownWords(error) ?? translate({ id, message: error.message });
}

/** "[body.email] Invalid email address; [body.name] ..." of Better Auth. */
function fieldsOfValidation(message: string): Record<string, string> {
  const parts = message.matchAll(/\[body\.(\w+)\] (.*?)(?=; \[body|$)/g);
  const fields: Record<string, string> = {};
  for (const [, name = '', text = ''] of parts) {
    const id = `theme.bookplate.error.field.${name}`;
    fields[name] ??= translate({ id, message: text });
  }
  return fields;
}

/** What of a form is empty, said beside the fields. */
export function missing(values: Record<string, string>): Partial<Refused> {
  const empty = Object.keys(values).filter((name) => values[name] === '');
  const words = translate({
    id: 'theme.bookplate.form.missing',
    message: 'Please fill this in.',
    description: 'Beside a field of a form that was left empty',
  });
  return { fields: Object.fromEntries(empty.map((name) => [name, words])) };
}

export interface Refused {
  /** Said above the form; null when all of it is about fields. */
  problem: string | null;
  /** Field -> what is wrong with it. */
  fields: Record<string, string>;
  /** The server's code, for what can be offered next. */
  code: string | null;
}

const NOTHING: Refused = { problem: null, fields: {}, code: null };

export function refusedBy(error: unknown): Refused {
  if (!(error instanceof ApiError)) {
    throw error; // a mistake of ours is no message for a reader
  }
  const { code, message } = error;
  const own = Object.entries(error.fields).map(([path, text]) => [
    path.replace(/^(background|answers)\./, ''),
    text,
  ]);
  const fields = {
    ...(code === 'VALIDATION_ERROR' && fieldsOfValidation(message)),
    ...Object.fromEntries(own),
  };
  if (Object.keys(fields).length > 0) {
    return { problem: null, fields, code };
  }
  const words = wordsOfRefusal(error);
  const field = FIELD_OF[code];
  return field
    ? { problem: null, fields: { [field]: words }, code }
    : { problem: words, fields: {}, code };
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
