// SPDX-License-Identifier: Apache-2.0
// What the build tells the page. index.ts writes it as data of the plugin; the
// page reads it when it starts.

export type Credentials = 'auto' | 'cookie' | 'partitioned' | 'bearer';

export interface ClientOptions {
  /** The server's origin; empty when it serves the book too. */
  server: string;
  /** Where its accounts are: "/api/auth". */
  authPath: string;
  credentials: Credentials;
  /** Where a bearer is kept: until the tab closes, or longer. */
  tokenStorage: 'session' | 'local';
  /** A server that has not answered by then is taken for dead. */
  timeoutMs: number;
  /** Where the book begins, without its language: "/" or "/book/". */
  base: string;
  /** The base with the language of this build: "/book/ur/". */
  localizedBase: string;
  locale: string;
  /** Where the pages of the theme are, below the base: "/" or "/reader/". */
  routeBase: string;
  /** Groups of tabs that follow an answer: { language: 'languages' }. */
  tabs: Record<string, string>;
  /** Ids of the docs plugins whose chapters are followed. */
  docs: string[];
  /** How many questions the first step has; 0: readers are asked nothing. */
  questions: number;
}
