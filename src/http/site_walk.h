/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every regular file below a folder, one after another, opened.
 *
 * Never follows a link (the folder itself may be one: that is how releases are
 * switched), never leaves the folder, never blocks on a FIFO. Skips and counts
 * links and devices; skips names that begin with a dot, all but .well-known,
 * and names with a backslash or a control byte, which no path can ask for.
 *
 * Lives between site_walk_init and site_walk_release. A call that fails has
 * set `problem` to one line for the operator.
 */
#ifndef HTTP_SITE_WALK_H
#define HTTP_SITE_WALK_H

#include "base/arena.h"

#include <dirent.h>
#include <sys/stat.h>

/*
 * Deeper than any book, and few enough descriptors held at once. Docusaurus
 * writes a folder a path segment.
 */
#define SITE_DEPTH_MAX 32
/* The longest path within the folder; of an URL that may be found. */
#define SITE_PATH_MAX ((size_t)1024)

struct site_walk {
    struct arena *arena; /* for problem */
    struct slice problem;
    DIR *folders[SITE_DEPTH_MAX];
    size_t lengths[SITE_DEPTH_MAX]; /* of the path of each open folder */
    size_t depth;
    size_t skipped;
    char path[SITE_PATH_MAX];
};

struct site_walk_file {
    struct slice path; /* begins with "/"; valid until the next call */
    int fd;            /* -1: there are no more files; else the caller's */
    struct stat about;
};

MUST_USE enum status site_walk_init(struct site_walk *walk, struct arena *arena,
                                    struct slice folder);
MUST_USE enum status site_walk_next(struct site_walk *walk,
                                    struct site_walk_file *file);
void site_walk_release(struct site_walk *walk);

#endif
