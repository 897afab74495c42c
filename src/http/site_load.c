/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/clock.h"
#include "base/mem.h"
#include "http/content_hash.h"
#include "http/date.h"
#include "http/site_type.h"
#include "http/site_walk.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/*
 * About 2 KiB a file with its names and heads, and the bodies: a runaway
 * folder fails at this size instead of taking the machine.
 */
#define ARENA_LIMIT ((size_t)256 << 20)
#define PIECE_SIZE  ((size_t)64 << 10)
#define INDEX_PAGE  SLICE("/index.html")
#define PAGE_SUFFIX SLICE(".html")

/* What loading needs and serving does not. */
struct loader {
    struct site *site;
    const struct site_source *source;
    struct site_walk walk;
    char *piece; /* PIECE_SIZE bytes */
};

static void walk_end(struct loader *loader)
{
    site_walk_release(&loader->walk);
}

static void site_end(struct site **site)
{
    site_free(*site);
}

static enum status fail(struct loader *loader, const struct site_file *file,
                        const char *what, enum status status)
{
    TRY(arena_format(loader->walk.arena, &loader->walk.problem, "%.*s: %s",
                     SLICE_ARG(file->path), what));
    return status;
}

/* Fills `out` unless the file ends first. */
static enum status read_piece(struct loader *loader,
                              const struct site_file *file, uint64_t at,
                              struct slice *out)
{
    size_t len = 0;

    while (len < PIECE_SIZE) {
        ssize_t got = pread(file->fd, loader->piece + len, PIECE_SIZE - len,
                            (off_t)(at + len));

        if (got < 0 && errno != EINTR) {
            const char *what = strerrordesc_np(errno);

            return fail(loader, file, what == NULL ? "cannot be read" : what,
                        STATUS_UNAVAILABLE);
        }
        if (got == 0) {
            break;
        }
        len += got < 0 ? 0 : (size_t)got;
    }
    *out = slice_make(loader->piece, len);
    return STATUS_OK;
}

/* Whether this file is small enough, and there is room left. */
static bool is_held(const struct loader *loader, const struct site_file *file)
{
    size_t left =
        loader->source->limits.bodies_total - loader->site->body_bytes;

    return file->size <= loader->source->limits.body_size &&
           file->size <= left && file->size <= PIECE_SIZE;
}

static enum status hold_body(struct loader *loader, struct site_file *file)
{
    file->body.ptr = loader->piece;
    file->body.len = (size_t)file->size;
    TRY(slice_dup(&loader->site->arena, file->body, &file->body));
    loader->site->body_bytes += file->body.len;
    close(file->fd);
    file->fd = -1;
    return STATUS_OK;
}

static enum status read_content(struct loader *loader, struct site_file *file)
{
    struct content_hash hash;
    struct slice piece;
    uint64_t sum[2];
    uint64_t at = 0;

    content_hash_init(&hash);
    do {
        TRY(read_piece(loader, file, at, &piece));
        content_hash_add(&hash, piece);
        at += piece.len;
    } while (piece.len == PIECE_SIZE && at <= file->size);
    if (at != file->size) {
        return fail(loader, file, "changed while it was read",
                    STATUS_UNAVAILABLE);
    }
    content_hash_finish(&hash, sum);
    TRY(arena_format(&loader->site->arena, &file->etag,
                     "\"%016" PRIx64 "%016" PRIx64 "\"", sum[0], sum[1]));
    if (is_held(loader, file)) {
        return hold_body(loader, file);
    }
    loader->site->descriptor_count++;
    return STATUS_OK;
}

/* Takes found->fd: from the first line on, site_free closes it. */
static enum status add_file(struct loader *loader,
                            const struct site_walk_file *found)
{
    struct site *site = loader->site;
    struct site_file *file = ARENA_NEW(&site->arena, struct site_file);
    int64_t now = clock_wall_ms() / 1000;

    if (file == NULL) {
        close(found->fd);
        return STATUS_NO_MEMORY;
    }
    file->fd = found->fd;
    file->next = site->files;
    site->files = file;
    site->file_count++;
    TRY(slice_dup(&site->arena, found->path, &file->path));
    if (site->file_count > loader->source->limits.files) {
        return fail(loader, file, "one file more than a site may have",
                    STATUS_TOO_LARGE);
    }
    file->size = (uint64_t)found->about.st_size;
    file->modified = found->about.st_mtim.tv_sec;
    file->modified = file->modified < 0 ? 0 : file->modified;
    /* Last-Modified is never ahead of Date: RFC 9110 section 8.8.2.1. */
    file->modified = file->modified > now ? now : file->modified;
    return read_content(loader, file);
}

static enum status add_files(struct loader *loader)
{
    struct site_walk_file found;

    TRY(site_walk_next(&loader->walk, &found));
    while (found.fd >= 0) {
        TRY(add_file(loader, &found));
        TRY(site_walk_next(&loader->walk, &found));
    }
    loader->site->skipped_count = loader->walk.skipped;
    return STATUS_OK;
}

static enum status put_if_free(struct site *site, struct slice name,
                               struct site_entry *entry)
{
    if (map_get(&site->entries, name) != NULL) {
        return STATUS_OK;
    }
    return map_put(&site->entries, name, entry);
}

static enum status put_entry(struct site *site, struct site_file *file)
{
    struct site_entry *entry = ARENA_NEW(&site->arena, struct site_entry);

    TRY_ALLOC(entry);
    entry->encodings = 1U << ENCODING_IDENTITY;
    entry->variants[ENCODING_IDENTITY].file = file;
    return map_put(&site->entries, file->path, entry);
}

/*
 * /a.html and /a/index.html are both the page /a, but a folder's page is first
 * of all /a/. False for what is no page.
 */
static bool is_page(struct slice path, struct slice *name, bool *is_folder)
{
    struct slice suffix = PAGE_SUFFIX;

    *is_folder = slice_ends_with(path, INDEX_PAGE);
    if (*is_folder) {
        suffix = INDEX_PAGE;
    }
    *name = slice_head(path, path.len - suffix.len);
    return slice_ends_with(path, suffix);
}

static enum status put_own_name(struct site *site, struct site_file *file)
{
    struct site_entry *entry = map_get(&site->entries, file->path);
    struct slice name;
    bool is_folder;

    if (!is_page(file->path, &name, &is_folder)) {
        return STATUS_OK;
    }
    name.len += is_folder; /* with the slash that follows */
    return put_if_free(site, name, entry);
}

/* The same page with or without the slash, where that name is free. */
static enum status put_other_name(struct site *site, struct site_file *file)
{
    struct site_entry *entry = map_get(&site->entries, file->path);
    struct slice name;
    bool is_folder;

    if (!is_page(file->path, &name, &is_folder) || name.len == 0) {
        return STATUS_OK;
    }
    if (!is_folder) {
        TRY(arena_format(&site->arena, &name, "%.*s/", SLICE_ARG(name)));
    }
    return put_if_free(site, name, entry);
}

/*
 * `file` as the stored form of the file whose name it extends. One older than
 * its plain file was left behind by an earlier build and must not be sent.
 */
static void put_variant(struct site *site, struct site_file *file,
                        struct slice suffix, enum encoding encoding)
{
    struct slice plain = slice_head(file->path, file->path.len - suffix.len);
    struct site_entry *entry = map_get(&site->entries, plain);

    if (entry == NULL || !slice_ends_with(file->path, suffix) ||
        file->modified < entry->variants[ENCODING_IDENTITY].file->modified) {
        return;
    }
    entry->variants[encoding].file = file;
    entry->encodings |= 1U << encoding;
}

/*
 * The header lines in such an order that each head is one run of them:
 * error = type, caching; not modified = caching, validators; full = all.
 */
static enum status put_heads(struct site *site, struct site_entry *entry,
                             enum encoding encoding)
{
    struct site_variant *variant = &entry->variants[encoding];
    struct slice path = entry->variants[ENCODING_IDENTITY].file->path;
    struct slice coding = encoding_name(encoding);
    bool is_coded = encoding != ENCODING_IDENTITY;
    bool varies = entry->encodings != 1U << ENCODING_IDENTITY;
    char date[HTTP_DATE_SIZE];
    struct slice type;
    struct slice caching;
    struct slice validators;

    http_date_write(variant->file->modified, date);
    TRY(arena_format(
        &site->arena, &type, "Content-Type: %.*s\r\n%s%.*s%s",
        SLICE_ARG(site_type(path)), is_coded ? "Content-Encoding: " : "",
        is_coded ? (int)coding.len : 0, coding.ptr, is_coded ? "\r\n" : ""));
    TRY(arena_format(&site->arena, &caching, "Cache-Control: %s\r\n%s",
                     site_type_is_immutable(path)
                         ? "public, max-age=31536000, immutable"
                         : "public, max-age=0, must-revalidate",
                     varies ? "Vary: Accept-Encoding\r\n" : ""));
    TRY(arena_format(&site->arena, &validators,
                     "ETag: %.*s\r\nLast-Modified: %.*s\r\n",
                     SLICE_ARG(variant->file->etag), (int)sizeof(date), date));
    TRY(arena_format(&site->arena, &variant->head,
                     "%.*s%.*s%.*sAccept-Ranges: bytes\r\n", SLICE_ARG(type),
                     SLICE_ARG(caching), SLICE_ARG(validators)));
    variant->head_error = slice_head(variant->head, type.len + caching.len);
    variant->head_not_modified = slice_head(slice_from(variant->head, type.len),
                                            caching.len + validators.len);
    return STATUS_OK;
}

static enum status put_all_heads(struct site *site, struct site_file *file)
{
    struct site_entry *entry = map_get(&site->entries, file->path);

    for (unsigned i = 0; i < ENCODING_COUNT; i++) {
        if (entry->variants[i].file != NULL) {
            TRY(put_heads(site, entry, (enum encoding)i));
        }
    }
    return STATUS_OK;
}

static enum status each_file(struct site *site,
                             enum status (*put)(struct site *site,
                                                struct site_file *file))
{
    for (struct site_file *file = site->files; file != NULL;
         file = file->next) {
        TRY(put(site, file));
    }
    return STATUS_OK;
}

/* In the order of who wins a name: the file itself, then what it means. */
static enum status make_table(struct site *site)
{
    TRY(each_file(site, put_entry));
    TRY(each_file(site, put_own_name));
    TRY(each_file(site, put_other_name));
    for (struct site_file *file = site->files; file != NULL;
         file = file->next) {
        put_variant(site, file, SLICE(".br"), ENCODING_BR);
        put_variant(site, file, SLICE(".gz"), ENCODING_GZIP);
    }
    return each_file(site, put_all_heads);
}

static enum status load(struct loader *loader, struct arena *arena)
{
    TRY(site_walk_init(&loader->walk, arena, loader->source->folder));
    loader->piece = arena_alloc(arena, PIECE_SIZE);
    TRY_ALLOC(loader->piece);
    TRY(add_files(loader));
    return make_table(loader->site);
}

enum status site_load(const struct site_source *source, struct arena *arena,
                      struct slice *problem, struct site **out)
{
    struct site *site CLEANUP(site_end) = mem_alloc(sizeof(*site));
    struct loader loader CLEANUP(walk_end) = {site, source, {0}, NULL};
    enum status status;

    TRY_ALLOC(site);
    arena_init(&site->arena, ARENA_LIMIT);
    map_init(&site->entries, &site->arena);
    atomic_init(&site->references, 1);
    status = load(&loader, arena);
    *problem = loader.walk.problem;
    if (status == STATUS_NO_MEMORY) {
        *problem = SLICE("the site does not fit into memory");
    }
    TRY(status);
    *out = site;
    site = NULL;
    return STATUS_OK;
}
