/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a built book, as a table made once at start and again on
 * reload: a request looks its path up and never touches the file system.
 *
 * Never joins paths, follows links or lists folders. A path finds a page under
 * all three layouts of Docusaurus' trailingSlash: /docs/intro and /docs/intro/
 * both find docs/intro.html or docs/intro/index.html. Of a site that is not at
 * "/" the names in the table begin with its base, so nothing is cut off a path.
 *
 * Small files are held in memory, the others by an open descriptor, so that a
 * new build moved over the old one changes nothing until the reload. Trap: a
 * file overwritten in place (same inode) is seen by those who hold only the
 * descriptor; whoever sends it must stop when it ends before `size`.
 *
 * A struct site is immutable and may be read by any thread. site_load gives
 * the caller one reference; everything found in it lives until the last is
 * dropped by site_free.
 *
 * Invariants: an entry always has the plain variant; each variant has an
 * entity-tag of its own; the same bytes give the same tag on every replica.
 */
#ifndef HTTP_SITE_H
#define HTTP_SITE_H

#include "base/arena.h"
#include "base/map.h"
#include "http/encoding.h"

#include <stdatomic.h>

/* What bounds a table. More files than these are no book. */
struct site_limits {
    size_t files;
    size_t body_size;    /* the largest file held in memory */
    size_t bodies_total; /* bytes held in memory by one table */
};

/*
 * From about 16 KiB on, sendfile, which copies nothing, costs less CPU time
 * than a copy from memory; below, more.
 */
#define SITE_LIMITS ((struct site_limits){65536, 16384, 8388608})

/* Where a site comes from. */
struct site_source {
    struct slice folder;
    /*
     * Below which path it is served, as site_base_parse gives it; ptr NULL: as
     * bookplate/book.json in the folder says, else at "/".
     */
    struct slice base;
    struct site_limits limits;
};

/* The bytes of one file. */
struct site_file {
    struct slice path; /* as asked for: with the site's base */
    struct slice body; /* ptr NULL: read from fd */
    int fd;            /* -1: all of it is in body. Shared: use offsets. */
    uint64_t size;
    int64_t modified;  /* seconds since 1970, never ahead of the clock */
    struct slice etag; /* with its quotes */
    struct site_file *next;
};

/*
 * One way to send an entry. The three heads are whole header lines, each with
 * its CRLF; Date, Connection and Content-Length are left to the caller.
 */
struct site_variant {
    const struct site_file *file;
    struct slice head;              /* for 200 and 206 */
    struct slice head_not_modified; /* for 304 */
    struct slice head_error;        /* as the body of a 404: no validators */
};

struct site_entry {
    struct site_variant variants[ENCODING_COUNT];
    unsigned encodings; /* 1 << ENCODING_X of those that exist */
};

struct site {
    struct arena arena;
    struct slice base;  /* "/book", or "" */
    struct map entries; /* path as asked for -> struct site_entry */
    struct site_file *files;
    size_t file_count;
    size_t descriptor_count; /* held open: part of the process' limit */
    size_t skipped_count;    /* links and devices that were passed over */
    size_t body_bytes;
    atomic_size_t references;
};

/*
 * Reads the whole folder. On failure *problem is one line for the operator:
 * which file, and what is wrong with it; both it and scratch come from arena.
 */
MUST_USE enum status site_load(const struct site_source *source,
                               struct arena *arena, struct slice *problem,
                               struct site **out);
/* One more owner, on any thread; returns the site. */
struct site *site_share(struct site *site);
/* Drops one reference; the last closes the files. NULL is allowed. */
void site_free(struct site *site);

/*
 * `path` as in the request line, percent-encoded, without the query. Anything
 * but the exact name of a file or page is STATUS_NOT_FOUND.
 */
MUST_USE enum status site_find(const struct site *site, struct slice path,
                               const struct site_entry **out);

/*
 * Whether the path is one from which people are sent on to a site that is not
 * at "/": "/" itself, and the base without its slash. Neither finds a page.
 */
bool site_is_way_in(const struct site *site, struct slice path);

/*
 * How much of a file's path, or of one asked for, names its locale: 3 of
 * "/ur/docs/intro", and 8 with the base "/book". A locale is a folder with a
 * 404.html of its own; without one it is the length of the base.
 */
size_t site_locale_length(const struct site *site, struct slice path);

/*
 * The page for what was not found: 404.html of the locale that begins the
 * path, else that of the site; NULL when the site has none.
 */
const struct site_entry *site_not_found(const struct site *site,
                                        struct slice path);

/* The variant for an Accept-Encoding field (ptr NULL when absent). */
const struct site_variant *site_variant_choose(const struct site_entry *entry,
                                               struct slice accept);

#endif
