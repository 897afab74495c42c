// SPDX-License-Identifier: Apache-2.0
/** The words a book explains where they stand, by id. */
export type Glossary = Record<
  string,
  { term: string; text: string; page?: string }
>;
