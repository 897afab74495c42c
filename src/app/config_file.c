/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config_file.h"

#include "app/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct line {
    struct arena *arena;
    const char *path;
    size_t number;
    struct slice *why;
};

static enum status refuse_line(const struct line *line, const char *what)
{
    return refuse(line->arena, line->why, "%s:%zu: %s", line->path,
                  line->number, what);
}

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char lower = ascii_lower(name.ptr[i]);

        if ((lower < 'a' || lower > 'z') && lower != '_' &&
            (i == 0 || !ascii_is_digit(lower))) {
            return false;
        }
    }
    return name.len > 0;
}

/* Without the comment: it begins at the line's start or after a blank. */
static struct slice without_comment(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '#' &&
            (i == 0 || text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '\t')) {
            return slice_trim(slice_head(text, i));
        }
    }
    return slice_trim(text);
}

static enum status read_quoted(const struct line *line, struct slice text,
                               struct slice *out)
{
    struct slice inside = slice_from(text, 1);
    size_t end = slice_find(inside, text.ptr[0]);

    if (end == inside.len) {
        return refuse_line(line, "the quote is not closed on its line");
    }
    if (without_comment(slice_from(inside, end + 1)).len > 0) {
        return refuse_line(line, "there is text behind the closing quote");
    }
    *out = slice_head(inside, end);
    return STATUS_OK;
}

static enum status read_value(const struct line *line, struct slice text,
                              struct slice *out)
{
    if (text.len > 0 && (text.ptr[0] == '"' || text.ptr[0] == '\'')) {
        return read_quoted(line, text, out);
    }
    *out = without_comment(text);
    return STATUS_OK;
}

static enum status read_line(const struct line *line, struct slice text,
                             struct config_pairs *pairs)
{
    struct config_pair pair = {.source = SOURCE_FILE};
    size_t equals;

    text = slice_trim(text);
    if (text.len == 0 || text.ptr[0] == '#') {
        return STATUS_OK;
    }
    equals = slice_find(text, '=');
    pair.name = slice_trim(slice_head(text, equals));
    if (equals == text.len || !is_name(pair.name)) {
        return refuse_line(line, "the line is not NAME=VALUE");
    }
    if (pairs->count == CONFIG_PAIRS_MAX) {
        return refuse_line(line, "there are more lines than settings");
    }
    TRY(read_value(line, slice_trim(slice_from(text, equals + 1)),
                   &pair.value));
    if (setting_has_control(pair.value)) {
        return refuse_line(line, "the value holds a control character");
    }
    TRY(arena_format(line->arena, &pair.where, "%s:%zu", line->path,
                     line->number));
    pairs->items[pairs->count++] = pair;
    return STATUS_OK;
}

enum status config_file_parse(struct arena *arena, const char *path,
                              struct slice text, struct config_pairs *pairs,
                              struct slice *why)
{
    struct line line = {arena, path, 0, why};
    struct slice part;

    *why = REFUSE_NO_MEMORY;
    if (text.len > CONFIG_FILE_MAX_BYTES) {
        return refuse(arena, why, "%s: the file is larger than %zu KiB", path,
                      CONFIG_FILE_MAX_BYTES >> 10);
    }
    if (slice_starts_with(text, SLICE("\xef\xbb\xbf"))) {
        text = slice_from(text, 3);
    }
    while (slice_split(&text, '\n', &part)) {
        line.number++;
        if (slice_ends_with(part, SLICE("\r"))) {
            part.len--;
        }
        TRY(read_line(&line, part, pairs));
    }
    return STATUS_OK;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* What may be trusted to hold settings: who can write it runs the server. */
static const char *distrust(const struct stat *file)
{
    if (!S_ISREG(file->st_mode)) {
        return "it is not a regular file";
    }
    if (file->st_uid != 0 && file->st_uid != geteuid()) {
        return "it belongs to another user; it must belong to root or to the "
               "user the server runs as";
    }
    if ((file->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return "others may write it; take that away with chmod go-w";
    }
    if ((uint64_t)file->st_size > CONFIG_FILE_MAX_BYTES) {
        return "it is larger than 64 KiB";
    }
    return NULL;
}

/* As much as there is, at most `size` bytes; -1 with errno set. */
static ssize_t read_fully(int fd, char *bytes, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t n = read(fd, bytes + len, size - len);

        if (n < 0 && errno != EINTR) {
            return -1;
        }
        if (n == 0) {
            break;
        }
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

/* A missing file has a status of its own: the default one may be missing. */
static enum status refuse_errno(struct arena *arena, const char *path,
                                struct slice *why)
{
    bool missing = errno == ENOENT;
    enum status status = refuse(arena, why, "%s: %s", path, strerror(errno));

    return missing && status != STATUS_NO_MEMORY ? STATUS_NOT_FOUND : status;
}

enum status config_file_read(struct arena *arena, const char *path,
                             struct config_file *out, struct slice *why)
{
    /* A named pipe must not hold up the start: it is refused just below. */
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat file;
    const char *reason;
    size_t size;
    ssize_t len;
    char *bytes;

    if (fd < 0 || fstat(fd, &file) != 0) {
        return refuse_errno(arena, path, why);
    }
    reason = distrust(&file);
    if (reason != NULL) {
        return refuse(arena, why, "%s: %s", path, reason);
    }
    size = (size_t)file.st_size;
    bytes = arena_alloc_text(arena, size + 1);
    *why = REFUSE_NO_MEMORY;
    TRY_ALLOC(bytes);
    len = read_fully(fd, bytes, size + 1);
    if (len < 0) {
        return refuse_errno(arena, path, why);
    }
    if ((size_t)len != size) {
        return refuse(arena, why, "%s: it changed while it was read", path);
    }
    *out = (struct config_file){slice_make(bytes, size),
                                (file.st_mode & (S_IRGRP | S_IROTH)) != 0};
    return STATUS_OK;
}
