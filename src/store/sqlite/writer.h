/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one thread that writes to the file, and its queue.
 *
 * It takes what is waiting as one group (group.h), never waits for a group to
 * fill, answers, and then, when nobody is kept waiting by it, copies the log
 * into the database; after an erasure soon, and all of it. It never computes: a
 * job's parameters are final.
 *
 * When the disk failed at a commit or while the log was copied, what the disk
 * holds is unknown, and trying again may report success for what is lost (the
 * kernel forgets which pages it could not write). So the writer stops for
 * good: every write is STATUS_UNAVAILABLE until the store is opened anew.
 * A full disk is no such failure.
 */
#ifndef STORE_SQLITE_WRITER_H
#define STORE_SQLITE_WRITER_H

#include "store/engine.h"

struct sqlite_writer;

/* *why: one line. */
MUST_USE enum status sqlite_writer_new(struct store *store, struct slice path,
                                       struct arena *arena, struct slice *why,
                                       struct sqlite_writer **out);
/* Finishes the group it is at; what waits behind is not begun. */
void sqlite_writer_free(struct sqlite_writer *writer);

/* It stopped after the disk failed. Any thread may ask. */
bool sqlite_writer_has_stopped(const struct sqlite_writer *writer);

/*
 * As store_write. A fiber parks; a thread without a loop blocks. After the
 * store's timeout the answer is STATUS_UNAVAILABLE: a write that had begun may
 * still happen, one that had not will not.
 */
MUST_USE enum status sqlite_writer_run(struct sqlite_writer *writer,
                                       const struct statement *statements,
                                       size_t count, struct arena *arena,
                                       struct rows *out);

#endif
