// SPDX-License-Identifier: Apache-2.0
// bookplate/book.json, as docs/book.schema.json describes it.

/**
 * What a reader must be to see a piece: of any of these words, or of none; by
 * `fallback` also whoever no other variant of the set is for.
 */
export type Condition =
  | { any: string[]; fallback: boolean }
  | { none: string[] };

export interface Code {
  /** Bytes of the text, in UTF-8, that stand before it. */
  at: number;
  language: string;
  title?: string;
  text: string;
}

export interface Variant {
  /** Bytes of the section's text, in UTF-8, that stand before it. */
  at: number;
  /** All have to be met. */
  conditions: Condition[];
  text: string;
  code: Code[];
}

export interface Section {
  id: string;
  anchor: string;
  route: string;
  /** Titles from the chapter's down to its own. */
  headings: string[];
  level: number;
  /** When the section as a whole is for some readers only. */
  conditions: Condition[];
  text: string;
  code: Code[];
  variants: Variant[];
  hash: string;
}

export interface BookDocument {
  id: string;
  plugin: string;
  version: string;
  locale: string;
  route: string;
  title: string;
  description: string;
  front_matter: { bookplate: object; tags: string[] };
  hash: string;
  sections: Section[];
}

export interface Book {
  schema: 1;
  generator: string;
  base_url: string;
  url: string;
  locale: string;
  documents: BookDocument[];
}
