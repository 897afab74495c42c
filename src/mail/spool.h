/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MAIL_SPOOL: a folder in which each mail becomes a file instead of being
 * sent, for development and tests.
 *
 * A file appears whole or not at all, and is on disk when spool_write
 * returns: written under a name that begins with a dot, synced, renamed. Only
 * its owner may read it. Names end with .eml and sort by time.
 *
 * Blocks while the disk writes; the folder is for development.
 */
#ifndef MAIL_SPOOL_H
#define MAIL_SPOOL_H

#include "base/arena.h"

/* Makes the folder (not those above it) when it is not there. */
MUST_USE enum status spool_prepare(struct arena *arena, struct slice folder);
/* STATUS_UNAVAILABLE, and one line in the log, when it cannot be written. */
MUST_USE enum status spool_write(struct arena *arena, struct slice folder,
                                 struct slice mail);

#endif
