/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of users, a record at a time: CSV, or JSON objects, a line each or
 * in one array. Holds no more than a window of the file, whatever its length.
 *
 * Blocks while it reads; for commands, never for a server's loop.
 */
#ifndef APP_IMPORT_SOURCE_H
#define APP_IMPORT_SOURCE_H

#include "base/arena.h"

/* A user with an image in the row; a quote left open ends here. */
#define IMPORT_RECORD_MAX ((size_t)65536)

enum import_format {
    IMPORT_CSV,
    IMPORT_JSON
};

struct import_source {
    int fd;
    enum import_format format;
    char *window;
    size_t start; /* what is not taken yet stands from here ... */
    size_t end;   /* ... to here */
    bool ended;   /* nothing follows the window */
    bool in_array;
    bool skipping; /* up to the end of a line that is told already */
    int64_t line;  /* of what stands at `start`, from 1 */
    int64_t taken; /* bytes */
    int64_t total; /* bytes; 0: unknown */
};

struct import_record {
    int64_t line;
    struct slice text;
    const char *wrong; /* why it is none; NULL: it may be one */
};

/* "-" is standard input. STATUS_UNAVAILABLE and errno when it cannot be read.
 */
MUST_USE enum status import_source_open(const char *name,
                                        enum import_format format,
                                        struct import_source *out);
void import_source_close(struct import_source *source);

/*
 * STATUS_NOT_FOUND at the end; STATUS_UNAVAILABLE and errno when reading
 * fails. The text lives as long as the arena. Empty lines are passed over.
 */
MUST_USE enum status import_source_next(struct import_source *source,
                                        struct arena *arena,
                                        struct import_record *out);

#endif
