/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whom the owner's file must not let write. */
#define OTHERS_WRITE (S_IWGRP | S_IWOTH)

/* Says why in one line. */
static enum status refuse(struct arena *arena, struct slice *why,
                          const char *path, const char *what)
{
    TRY(arena_format(arena, why, "%s %s", path, what));
    return STATUS_INVALID_VALUE;
}

/* The same for what the system refused. */
static enum status refuse_error(struct arena *arena, struct slice *why,
                                const char *path, const char *what)
{
    int error = errno;

    TRY(arena_format(arena, why, "%s %s: %s", path, what, strerror(error)));
    return STATUS_INVALID_VALUE;
}

/* The path behind "sqlite:", as a C string. */
static enum status path_of_url(struct slice url, struct arena *arena,
                               struct slice *why, struct slice *path)
{
    struct slice rest = slice_from(url, sizeof("sqlite:") - 1);

    if (slice_starts_with(rest, SLICE("//"))) {
        rest = slice_from(rest, 2);
        if (!slice_starts_with(rest, SLICE("/"))) {
            *why = SLICE("write sqlite:FOLDER/FILE, or sqlite:///FOLDER/FILE "
                         "for an absolute path");
            return STATUS_INVALID_VALUE;
        }
    }
    if (rest.len == 0 || rest.ptr[rest.len - 1] == '/' ||
        slice_find(rest, '\0') < rest.len) {
        *why = SLICE("sqlite: must be followed by the path of a file");
        return STATUS_INVALID_VALUE;
    }
    if (slice_starts_with(rest, SLICE(":"))) {
        *why = SLICE("a database in memory is not kept, and each loop would "
                     "see its own; name a file");
        return STATUS_INVALID_VALUE;
    }
    return slice_dup(arena, rest, path);
}

/* Splits at the last slash; both parts end in a NUL. */
static enum status split(struct slice path, struct arena *arena,
                         struct slice *folder, struct slice *name)
{
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/') {
        at--;
    }
    *name = slice_from(path, at);
    if (at == 0) {
        *folder = SLICE(".");
        return STATUS_OK;
    }
    return slice_dup(arena, slice_head(path, at), folder);
}

/* *real: the folder without links. */
static enum status folder_prepare(struct slice folder, struct arena *arena,
                                  struct slice *why, struct slice *real)
{
    char resolved[PATH_MAX];
    struct stat about;

    if (mkdir(folder.ptr, S_IRWXU) < 0 && errno != EEXIST) {
        return refuse_error(arena, why, folder.ptr, "cannot be made");
    }
    if (realpath(folder.ptr, resolved) == NULL || stat(resolved, &about) < 0) {
        return refuse_error(arena, why, folder.ptr, "cannot be opened");
    }
    if (!S_ISDIR(about.st_mode)) {
        return refuse(arena, why, folder.ptr, "is not a folder");
    }
    if ((about.st_mode & OTHERS_WRITE) != 0) {
        return refuse(arena, why, resolved,
                      "is a folder others may write: chmod go-w it");
    }
    return slice_dup(arena, slice_from_cstr(resolved), real);
}

/* With the folder's entry on the disk, or a new database could vanish. */
static enum status file_make(const char *folder, const char *path)
{
    int folder_fd;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);
    int error;

    if (fd < 0) { /* EEXIST: another process was faster, and made the same */
        return errno == EEXIST ? STATUS_OK : STATUS_UNAVAILABLE;
    }
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    error = folder_fd < 0 || fsync(folder_fd) < 0 ? errno : 0;
    if (folder_fd >= 0) {
        close(folder_fd);
    }
    close(fd);
    errno = error;
    return error == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

static enum status file_check(const char *path, bool may_be_missing,
                              struct arena *arena, struct slice *why)
{
    struct stat about;

    if (lstat(path, &about) < 0) {
        if (errno == ENOENT && may_be_missing) {
            return STATUS_OK;
        }
        return refuse_error(arena, why, path, "cannot be opened");
    }
    if (!S_ISREG(about.st_mode)) {
        return refuse(arena, why, path, "is not a file of its own");
    }
    if ((about.st_mode & OTHERS_WRITE) != 0) {
        return refuse(arena, why, path,
                      "is a file others may write: chmod go-w it");
    }
    return STATUS_OK;
}

/* SQLite's own two files beside the database, left by whoever was last. */
static enum status companions_check(struct slice path, struct arena *arena,
                                    struct slice *why)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct slice beside;

        TRY(arena_format(arena, &beside, "%s%s", path.ptr, endings[i]));
        TRY(file_check(beside.ptr, true, arena, why));
    }
    return STATUS_OK;
}

enum status sqlite_file_prepare(struct slice url, struct arena *arena,
                                struct slice *why, struct slice *path)
{
    struct slice given;
    struct slice folder;
    struct slice real;
    struct slice name;
    struct stat about;

    TRY(path_of_url(url, arena, why, &given));
    TRY(split(given, arena, &folder, &name));
    TRY(folder_prepare(folder, arena, why, &real));
    TRY(arena_format(arena, path, "%s/%s",
                     slice_equal(real, SLICE("/")) ? "" : real.ptr, name.ptr));
    if (lstat(path->ptr, &about) < 0 && errno == ENOENT &&
        file_make(real.ptr, path->ptr) != STATUS_OK) {
        return refuse_error(arena, why, path->ptr, "cannot be made");
    }
    TRY(file_check(path->ptr, false, arena, why));
    return companions_check(*path, arena, why);
}
