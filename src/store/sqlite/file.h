/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the database lies, and whether it may be trusted to lie there.
 *
 * "sqlite:PATH" is relative to the working folder, "sqlite:///PATH" is not.
 * A missing file is made empty, 0600, in a folder that is made 0700 when it is
 * missing too. Refused: a symbolic link, anything but a file, and a file or a
 * folder that others than its owner may write. Whoever can write the folder
 * can put another file in the place of this one.
 *
 * Never opens what exists: closing any descriptor of a database gives up all
 * locks that this process holds on it (POSIX), SQLite's own too.
 */
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include "base/arena.h"

/* *path has no links in it and ends in a NUL. *why: one line. */
MUST_USE enum status sqlite_file_prepare(struct slice url, struct arena *arena,
                                         struct slice *why, struct slice *path);

#endif
