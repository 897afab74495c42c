/* SPDX-License-Identifier: Apache-2.0 */
#include "app/import_source.h"

#include "base/mem.h"
#include "codec/csv.h"
#include "codec/json_length.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record that does not fit after this much was read is too long. */
#define WINDOW (4 * IMPORT_RECORD_MAX)

enum status import_source_open(const char *name, enum import_format format,
                               struct import_source *out)
{
    struct stat about = {0};
    bool standard = strcmp(name, "-") == 0;

    *out = (struct import_source){.fd = STDIN_FILENO, .line = 1};
    out->format = format;
    out->window = mem_alloc_dirty(WINDOW);
    TRY_ALLOC(out->window);
    if (standard) {
        return STATUS_OK;
    }
    out->fd = open(name, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0 || fstat(out->fd, &about) < 0) {
        return STATUS_UNAVAILABLE;
    }
    if (S_ISDIR(about.st_mode)) {
        errno = EISDIR;
        return STATUS_UNAVAILABLE;
    }
    out->total = S_ISREG(about.st_mode) ? about.st_size : 0;
    return STATUS_OK;
}

void import_source_close(struct import_source *source)
{
    if (source->fd > STDERR_FILENO) {
        (void)close(source->fd);
    }
    mem_free(source->window);
    source->window = NULL;
}

static struct slice rest_of(const struct import_source *source)
{
    return slice_make(source->window + source->start,
                      source->end - source->start);
}

static void take(struct import_source *source, size_t len)
{
    const char *text = source->window + source->start;

    for (size_t i = 0; i < len; i++) {
        source->line += text[i] == '\n' ? 1 : 0;
    }
    source->start += len;
    source->taken += (int64_t)len;
}

/* At least one byte more, or `ended`. There is room: see WINDOW. */
static enum status fill(struct import_source *source)
{
    ssize_t got;

    if (source->start > 0) {
        memmove(source->window, source->window + source->start,
                source->end - source->start);
        source->end -= source->start;
        source->start = 0;
    }
    do {
        got = read(source->fd, source->window + source->end,
                   WINDOW - source->end);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return STATUS_UNAVAILABLE;
    }
    source->end += (size_t)got;
    source->ended = got == 0;
    return STATUS_OK;
}

/* What does not belong to any record. */
static bool is_between(struct import_source *source, char c)
{
    switch (c) {
    case '\n':
    case '\r':
        return true;
    case ' ':
    case '\t':
        return source->format == IMPORT_JSON;
    case ',':
    case ']':
        return source->in_array;
    default:
        return false;
    }
}

static void skip_between(struct import_source *source)
{
    static const struct slice mark = SLICE_INIT("\xef\xbb\xbf");

    if (source->taken == 0 && slice_starts_with(rest_of(source), mark)) {
        take(source, mark.len);
    }
    while (source->start < source->end &&
           is_between(source, source->window[source->start])) {
        take(source, 1);
    }
    if (source->format == IMPORT_JSON && !source->in_array &&
        slice_starts_with(rest_of(source), SLICE("["))) {
        source->in_array = true;
        take(source, 1);
        skip_between(source);
    }
}

/* The line it begins on, without its end. */
static struct slice first_line(struct slice text)
{
    return slice_head(text, slice_find(text, '\n'));
}

/* 0: more is needed, or what stands there is no record. */
static size_t length_of(const struct import_source *source)
{
    return source->format == IMPORT_JSON ? json_object_length(rest_of(source))
                                         : csv_length(rest_of(source));
}

/*
 * A quote that is left open takes the next lines with it, up to some other
 * quote: then the first line alone is wrong.
 */
static bool swallows_lines(struct slice text, struct arena *arena)
{
    struct csv_record *fields;

    if (first_line(text).len + 1 >= text.len) {
        return false;
    }
    fields = ARENA_NEW(arena, struct csv_record);
    return fields != NULL &&
           csv_parse(text, arena, fields) == STATUS_UNREADABLE;
}

static const char *judge_csv(struct slice rest, struct arena *arena,
                             size_t *len)
{
    *len = *len > 0 ? *len : rest.len; /* the last line may have no end */
    if (!swallows_lines(slice_head(rest, *len), arena)) {
        return NULL;
    }
    *len = first_line(rest).len;
    return "a quote is left open, or stands where none may";
}

/* The record that begins at `start`, all of it in the window if it is sound.
 */
static const char *judge(const struct import_source *source,
                         struct arena *arena, size_t *len)
{
    struct slice rest = rest_of(source);

    *len = length_of(source);
    if (source->format == IMPORT_JSON && !slice_starts_with(rest, SLICE("{"))) {
        *len = first_line(rest).len;
        return "not a JSON object";
    }
    if (*len > IMPORT_RECORD_MAX ||
        (*len == 0 && rest.len > IMPORT_RECORD_MAX)) {
        *len = first_line(rest).len;
        return "longer than 64 KiB; a quote or brace may be left open";
    }
    if (source->format == IMPORT_CSV) {
        return judge_csv(rest, arena, len);
    }
    if (*len > 0) {
        return NULL;
    }
    *len = first_line(rest).len;
    return "an object without its end";
}

static bool needs_more(const struct import_source *source)
{
    struct slice rest = rest_of(source);

    return !source->ended && rest.len <= IMPORT_RECORD_MAX &&
           length_of(source) == 0 &&
           (source->format == IMPORT_CSV || rest.len == 0 ||
            slice_starts_with(rest, SLICE("{")) ||
            first_line(rest).len == rest.len);
}

/* The rest of a line that is longer than the window. */
static enum status skip_line(struct import_source *source)
{
    while (source->skipping) {
        size_t len = first_line(rest_of(source)).len;

        source->skipping = len == source->end - source->start && !source->ended;
        take(source, len);
        if (source->skipping) {
            TRY(fill(source));
        }
    }
    return STATUS_OK;
}

enum status import_source_next(struct import_source *source,
                               struct arena *arena, struct import_record *out)
{
    size_t len;

    TRY(skip_line(source));
    skip_between(source);
    while (needs_more(source)) {
        TRY(fill(source));
        skip_between(source);
    }
    if (source->start == source->end) {
        return STATUS_NOT_FOUND;
    }
    out->line = source->line;
    out->wrong = judge(source, arena, &len);
    TRY(slice_dup(arena,
                  slice_head(rest_of(source), out->wrong == NULL ? len : 0),
                  &out->text));
    take(source, len);
    source->skipping = out->wrong != NULL;
    return STATUS_OK;
}
