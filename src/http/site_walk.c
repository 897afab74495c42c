/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define OPEN_MEMBER (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* Returns `status`, so that failing is one line. */
static enum status fail(struct site_walk *walk, struct slice path,
                        const char *what, enum status status)
{
    TRY(arena_format(walk->arena, &walk->problem, "%.*s: %s", SLICE_ARG(path),
                     what));
    return status;
}

static enum status fail_errno(struct site_walk *walk, struct slice path)
{
    const char *what = strerrordesc_np(errno);

    return fail(walk, path, what == NULL ? "cannot be read" : what,
                STATUS_UNAVAILABLE);
}

/* Takes the descriptor. */
static enum status enter(struct site_walk *walk, int fd, struct slice path)
{
    DIR *folder;

    if (walk->depth == SITE_DEPTH_MAX) {
        close(fd);
        return fail(walk, path, "folders are nested too deeply",
                    STATUS_TOO_LARGE);
    }
    folder = fdopendir(fd);
    if (folder == NULL) {
        enum status status = fail_errno(walk, path);

        close(fd);
        return status;
    }
    walk->folders[walk->depth] = folder;
    walk->lengths[walk->depth] = path.len;
    walk->depth++;
    return STATUS_OK;
}

enum status site_walk_init(struct site_walk *walk, struct arena *arena,
                           struct slice folder)
{
    struct slice name;
    int fd;

    walk->arena = arena;
    walk->problem = SLICE_EMPTY;
    walk->depth = 0;
    walk->skipped = 0;
    TRY(slice_dup(arena, folder, &name));
    fd = open(name.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(walk, folder);
    }
    return enter(walk, fd, SLICE_EMPTY);
}

void site_walk_release(struct site_walk *walk)
{
    while (walk->depth > 0) {
        closedir(walk->folders[--walk->depth]);
    }
}

static bool is_servable_name(struct slice name)
{
    if (name.ptr[0] == '.') {
        return slice_equal(name, SLICE(".well-known"));
    }
    for (size_t i = 0; i < name.len; i++) {
        unsigned char byte = (unsigned char)name.ptr[i];

        if (byte < 0x20 || byte == 0x7f || byte == '\\') {
            return false;
        }
    }
    return true;
}

/* Links, sockets and the like. DT_UNKNOWN: fstat will tell. */
static bool is_special(const struct dirent *member)
{
    return member->d_type != DT_REG && member->d_type != DT_DIR &&
           member->d_type != DT_UNKNOWN;
}

/* Opens the member of the innermost folder; fd stays -1 for what is no file. */
static enum status open_member(struct site_walk *walk, struct slice path,
                               const char *name, struct site_walk_file *file)
{
    int fd = openat(dirfd(walk->folders[walk->depth - 1]), name, OPEN_MEMBER);

    if (fd < 0 && (errno == ELOOP || errno == ENXIO)) {
        walk->skipped++;
        return STATUS_OK;
    }
    if (fd < 0) {
        return fail_errno(walk, path);
    }
    if (fstat(fd, &file->about) != 0) {
        enum status status = fail_errno(walk, path);

        close(fd);
        return status;
    }
    if (S_ISDIR(file->about.st_mode)) {
        return enter(walk, fd, path);
    }
    if (!S_ISREG(file->about.st_mode)) {
        walk->skipped++;
        close(fd);
        return STATUS_OK;
    }
    file->path = path;
    file->fd = fd;
    return STATUS_OK;
}

static enum status visit(struct site_walk *walk, const struct dirent *member,
                         struct site_walk_file *file)
{
    size_t length = walk->lengths[walk->depth - 1];
    struct slice name = slice_from_cstr(member->d_name);

    if (!is_servable_name(name)) {
        return STATUS_OK;
    }
    if (is_special(member)) {
        walk->skipped++;
        return STATUS_OK;
    }
    if (name.len + 1 > SITE_PATH_MAX - length) {
        return fail(walk, name, "the path is too long", STATUS_TOO_LARGE);
    }
    walk->path[length] = '/';
    memcpy(walk->path + length + 1, name.ptr, name.len);
    return open_member(walk, slice_make(walk->path, length + 1 + name.len),
                       member->d_name, file);
}

enum status site_walk_next(struct site_walk *walk, struct site_walk_file *file)
{
    file->fd = -1;
    while (file->fd < 0 && walk->depth > 0) {
        struct dirent *member;

        errno = 0;
        member = readdir(walk->folders[walk->depth - 1]);
        if (member == NULL && errno != 0) {
            return fail_errno(
                walk, slice_make(walk->path, walk->lengths[walk->depth - 1]));
        }
        if (member == NULL) {
            closedir(walk->folders[--walk->depth]);
            continue;
        }
        TRY(visit(walk, member, file));
    }
    return STATUS_OK;
}
