// SPDX-License-Identifier: Apache-2.0
// One way to ask the server: with the right credentials, never longer than the
// time limit, and every failure an ApiError that a form can show.
import type { ClientOptions } from './options';

export interface Refusal {
  code: string;
  message: string;
  /** Field -> what to do about it, in the server's words. */
  fields?: Record<string, string>;
}

/** status 0: the server did not answer, or not in time. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string>;

  constructor(status: number, { code, message, fields }: Refusal) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields ?? {};
  }
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  /** Let it finish although the page goes away. */
  keepalive?: boolean;
}

const TOKEN_HEADER = 'set-auth-token';

/** Whether a cookie of the server is the page's own: same scheme and site. */
export function isSameSite(page: string, server: string): boolean {
  if (server === '') {
    return true;
  }
  const [here, there] = [new URL(page), new URL(server)];
  // Without the list of public suffixes: the last two labels. Wrong for
  // github.io and the like, where it is the hosts that have to be the same.
  const site = (host: string) => host.split('.').slice(-2).join('.');
  const shared =
    /\.(github\.io|vercel\.app|netlify\.app|pages\.dev|hf\.space)$/;
  const same = shared.test(here.hostname)
    ? here.hostname === there.hostname
    : site(here.hostname) === site(there.hostname);
  return same && here.protocol === there.protocol;
}

export class Api {
  /** The token that the last answer to a sign-in carried. */
  private offered: string | null = null;

  constructor(readonly options: ClientOptions) {}

  /** What a path is below; a whole address is of another service. */
  private get base(): string {
    return this.options.server || window.location.origin;
  }

  get accounts(): string {
    return this.options.server + this.options.authPath;
  }

  private get storage(): Storage {
    return this.options.tokenStorage === 'local'
      ? localStorage
      : sessionStorage;
  }

  private get tokenName(): string {
    return `bookplate-token:${this.options.server}`;
  }

  get token(): string | null {
    try {
      return this.storage.getItem(this.tokenName);
    } catch {
      return this.offered; // blocked storage: for as long as the page lives
    }
  }

  /** Keeps the token of the sign-in just made, or forgets any. */
  keepToken(keep: boolean): boolean {
    const token = keep ? this.offered : null;
    if (!keep) {
      this.offered = null;
    }
    try {
      if (token) {
        this.storage.setItem(this.tokenName, token);
      } else {
        this.storage.removeItem(this.tokenName);
      }
    } catch {
      // `token` above falls back to what this page was offered.
    }
    return token !== null;
  }

  /** Whether a bearer may take the place of a cookie that does not arrive. */
  get mayFallBack(): boolean {
    const { credentials, server } = this.options;
    return credentials === 'auto' && !isSameSite(location.href, server);
  }

  headers(): Record<string, string> {
    const token = this.token;
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  /** Remembers the token an answer carries, for keepToken. */
  noteToken(headers: Headers): void {
    const token = headers.get(TOKEN_HEADER);
    if (token) {
      this.offered = token;
      if (this.options.credentials === 'bearer' || this.token) {
        this.keepToken(true);
      }
    }
  }

  /** The JSON of the answer. Throws an ApiError for anything but success. */
  async ask<T>(path: string, ask: Ask = {}): Promise<T> {
    const { answer, text } = await this.send(path, ask);
    const json = parse(text);
    if (!answer.ok) {
      throw new ApiError(answer.status, refusalOf(json, answer.status));
    }
    this.noteToken(answer.headers);
    return json as T;
  }

  private async send(path: string, { method = 'GET', body, keepalive }: Ask) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.options.timeoutMs);
    try {
      const answer = await fetch(new URL(path, this.base), {
        method,
        keepalive,
        signal: stop.signal,
        credentials: this.options.credentials === 'bearer' ? 'omit' : 'include',
        headers: {
          ...this.headers(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { answer, text: await answer.text() };
    } catch {
      throw new ApiError(0, { code: 'UNREACHABLE', message: '' });
    } finally {
      clearTimeout(timer);
    }
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null; // a proxy's page of its own
  }
}

/** {"error":{...}} of the plain API, or {"code","message"} of the accounts. */
function refusalOf(json: unknown, status: number): Refusal {
  const whole = (json ?? {}) as { error?: Refusal } & Refusal;
  const { code, message, fields } = whole.error ?? whole;
  return { code: code ?? `HTTP_${status}`, message: message ?? '', fields };
}
