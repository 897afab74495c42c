/* SPDX-License-Identifier: Apache-2.0 */
#include "app/secret_file.h"

#include "codec/base64.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_BYTES 32
/* What openssl rand -base64 32 prints, and room for a longer one. */
#define SECRET_FILE_MAX ((size_t)1024)

static enum status complain(struct arena *arena, struct slice *why,
                            const char *path, const char *what)
{
    TRY(arena_format(arena, why, "%s: %s", path, what));
    return STATUS_INVALID_VALUE;
}

/* "data/bookplate.secret" for "sqlite:data/bookplate.db". */
static enum status path_of(const struct config *config, struct arena *arena,
                           struct slice *out)
{
    struct slice path = slice_from(config->DATABASE_URL, sizeof("sqlite:") - 1);

    if (slice_starts_with(path, SLICE("//"))) {
        path = slice_from(path, 2);
    }
    path = slice_head(path, slice_find(path, '?'));
    if (slice_ends_with(path, SLICE(".db"))) {
        path.len -= 3;
    }
    return arena_format(arena, out, "%.*s.secret", SLICE_ARG(path));
}

static enum status read_open(int fd, const char *path, struct arena *arena,
                             struct slice *why, struct slice *out)
{
    char *text = arena_alloc_text(arena, SECRET_FILE_MAX);
    struct stat about;
    ssize_t len;

    TRY_ALLOC(text);
    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)) {
        return complain(arena, why, path, "is no file");
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return complain(arena, why, path,
                        "can be read by others; chmod 600 it");
    }
    len = read(fd, text, SECRET_FILE_MAX);
    if (len <= 0) {
        return complain(arena, why, path, "is empty; remove it");
    }
    *out =
        slice_trim(slice_head(slice_make(text, (size_t)len),
                              slice_find(slice_make(text, (size_t)len), '\n')));
    return STATUS_OK;
}

/* Whole or not at all: written aside, then given its name. */
static enum status make(const char *path, struct arena *arena,
                        struct slice *why)
{
    unsigned char bytes[SECRET_BYTES];
    struct slice aside;
    struct slice text;
    struct buf buf;
    bool written;
    int fd;

    TRY(random_bytes(bytes, sizeof(bytes)));
    buf_init(&buf, arena, SECRET_FILE_MAX);
    base64_encode(&buf, slice_make(bytes, sizeof(bytes)));
    buf_add_byte(&buf, '\n');
    TRY(buf_finish(&buf, &text));
    TRY(arena_format(arena, &aside, "%s.%ld", path, (long)getpid()));
    /* Left by one that died here; in a container the number comes again. */
    (void)unlink(aside.ptr);
    fd = open(aside.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
              0600);
    if (fd < 0) {
        return complain(arena, why, path, strerror(errno));
    }
    written =
        write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
    close(fd);
    /* Of two that start at once the first one's stays. */
    written = written && (link(aside.ptr, path) == 0 || errno == EEXIST);
    (void)unlink(aside.ptr);
    return written ? STATUS_OK : complain(arena, why, path, strerror(errno));
}

enum status secret_file_suits(const struct config *config, struct slice *why)
{
    bool is_set = config->BETTER_AUTH_SECRET.len > 0 ||
                  config->BETTER_AUTH_SECRETS.len > 0;

    if (is_set || (config->BETTER_AUTH_URL.len == 0 &&
                   slice_starts_with(config->DATABASE_URL, SLICE("sqlite:")))) {
        return STATUS_OK;
    }
    *why = SLICE("BETTER_AUTH_SECRET is not set; make one with openssl rand "
                 "-base64 32");
    return STATUS_INVALID_VALUE;
}

enum status secret_file_read(const struct config *config, struct arena *arena,
                             struct slice *why, struct slice *out)
{
    struct slice path;
    enum status status;
    int fd;

    TRY(path_of(config, arena, &path));
    fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        TRY(make(path.ptr, arena, why));
        fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0) {
        return complain(arena, why, path.ptr, strerror(errno));
    }
    status = read_open(fd, path.ptr, arena, why, out);
    close(fd);
    return status;
}

bool secret_file_is_there(const struct config *config, struct arena *arena)
{
    struct slice path;

    return path_of(config, arena, &path) == STATUS_OK &&
           access(path.ptr, F_OK) == 0;
}
