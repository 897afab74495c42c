// SPDX-License-Identifier: Apache-2.0
// The differences from the original that are meant, each as narrow as it can
// be said: `forgives` sees one differing field of one answer. The table
// "Accepted differences" of docs/protocol.md has the same rows.
export const ACCEPTED = [];

/** More would be another protocol. */
export const ACCEPTED_LIMIT = 30;
