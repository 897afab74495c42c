/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/content_hash.h"
#include "http/date.h"
#include "http/site_base.h"
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
/* What the theme writes of the book, and room for its growing text. */
#define BOOK_FILE      SLICE("/bookplate/book.json")
#define BOOK_ARENA_MAX (4 * SITE_BOOK_MAX)

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

    if (!is_page(file->path, &name, &is_folder) ||
        name.len == site->base.len) { /* the way in, if anything */
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
    struct slice in_locale = slice_from(path, site_locale_length(site, path));
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
                     site_type_is_immutable(in_locale)
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

static const struct site_file *find_book(const struct site *site)
{
    const struct site_file *file = site->files;

    while (file != NULL && !slice_equal(file->path, BOOK_FILE)) {
        file = file->next;
    }
    return file;
}

static enum status read_whole(struct loader *loader,
                              const struct site_file *file, struct buf *buf)
{
    struct slice piece = file->body;

    if (piece.ptr != NULL) {
        buf_add(buf, piece);
        return STATUS_OK;
    }
    for (uint64_t at = 0; at < file->size; at += piece.len) {
        TRY(read_piece(loader, file, at, &piece));
        if (piece.len == 0) {
            return fail(loader, file, "changed while it was read",
                        STATUS_UNAVAILABLE);
        }
        buf_add(buf, piece);
    }
    return STATUS_OK;
}

/* What site_base_of_book and site_base_parse think of it. */
static enum status judge_book(struct loader *loader, struct slice json,
                              struct slice *problem)
{
    struct site *site = loader->site;
    struct slice text;
    enum status status;

    TRY(site_base_of_book(json, &site->arena, problem, &text));
    if (text.ptr == NULL) {
        return STATUS_OK;
    }
    status = site_base_parse(text, problem, &site->base);
    if (status == STATUS_INVALID_VALUE) {
        TRY(arena_format(loader->walk.arena, problem, "base_url: %.*s",
                         SLICE_ARG(*problem)));
    }
    return status;
}

static enum status read_book(struct loader *loader,
                             const struct site_file *file, struct arena *arena)
{
    struct slice problem = SLICE_EMPTY;
    struct slice json;
    struct buf buf;
    enum status status;

    if (file->size > SITE_BOOK_MAX) {
        return fail(loader, file, "is longer than 16 MiB; set SITE_BASE",
                    STATUS_TOO_LARGE);
    }
    buf_init(&buf, arena, SITE_BOOK_MAX);
    TRY(read_whole(loader, file, &buf));
    TRY(buf_finish(&buf, &json));
    status = judge_book(loader, json, &problem);
    if (status == STATUS_INVALID_VALUE) {
        TRY(arena_format(loader->walk.arena, &loader->walk.problem,
                         "%.*s: %.*s", SLICE_ARG(file->path),
                         SLICE_ARG(problem)));
    }
    return status;
}

static enum status find_base(struct loader *loader)
{
    struct site *site = loader->site;
    const struct site_file *book = find_book(site);
    struct arena arena;
    enum status status;

    if (loader->source->base.ptr != NULL) {
        return slice_dup(&site->arena, loader->source->base, &site->base);
    }
    if (book == NULL) {
        return STATUS_OK;
    }
    arena_init(&arena, BOOK_ARENA_MAX);
    status = read_book(loader, book, &arena);
    arena_release(&arena);
    return status;
}

static enum status put_base(struct site *site, struct site_file *file)
{
    return site->base.len == 0
               ? STATUS_OK
               : arena_format(&site->arena, &file->path, "%.*s%.*s",
                              SLICE_ARG(site->base), SLICE_ARG(file->path));
}

static enum status load(struct loader *loader, struct arena *arena)
{
    TRY(site_walk_init(&loader->walk, arena, loader->source->folder));
    loader->piece = arena_alloc(arena, PIECE_SIZE);
    TRY_ALLOC(loader->piece);
    TRY(add_files(loader));
    TRY(find_base(loader));
    TRY(each_file(loader->site, put_base));
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
    site->base = SLICE_EMPTY;
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
