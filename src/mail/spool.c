/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/spool.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(struct slice folder, int error)
{
    log_error("mail_spool_failed", log_text("folder", folder),
              log_errno(error));
    return STATUS_UNAVAILABLE;
}

enum status spool_prepare(struct arena *arena, struct slice folder)
{
    struct slice name;

    TRY(slice_dup(arena, folder, &name));
    if (mkdir(name.ptr, 0700) != 0 && errno != EEXIST) {
        return refuse(folder, errno);
    }
    return access(name.ptr, W_OK | X_OK) == 0 ? STATUS_OK
                                              : refuse(folder, errno);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = slice_from(bytes, (size_t)written);
    }
    return true;
}

/* Milliseconds, then a number for mails of the same one, then what keeps two
 * processes apart. */
static enum status make_name(struct arena *arena, struct slice *out)
{
    static _Atomic unsigned counter;
    struct slice id;

    TRY(random_id(8, arena, &id));
    return arena_format(arena, out, "%015lld-%08u-%.*s.eml",
                        (long long)clock_wall_ms(),
                        atomic_fetch_add(&counter, 1), SLICE_ARG(id));
}

/* False, and errno, when the file could not be made. */
static bool write_file(int folder, const char *name, struct slice mail)
{
    CLEANUP(close_fd)
    int fd =
        openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    return fd >= 0 && write_all(fd, mail) && fsync(fd) == 0;
}

enum status spool_write(struct arena *arena, struct slice folder,
                        struct slice mail)
{
    CLEANUP(close_fd) int dir = -1;
    struct slice path;
    struct slice name;
    struct slice temporary;

    TRY(slice_dup(arena, folder, &path));
    TRY(make_name(arena, &name));
    TRY(arena_format(arena, &temporary, ".%.*s", SLICE_ARG(name)));
    dir = open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) {
        return refuse(folder, errno);
    }
    if (!write_file(dir, temporary.ptr, mail) ||
        renameat(dir, temporary.ptr, dir, name.ptr) != 0 || fsync(dir) != 0) {
        int error = errno;

        (void)unlinkat(dir, temporary.ptr, 0);
        return refuse(folder, error);
    }
    return STATUS_OK;
}
