/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary folder with the files a test writes into it. */
#ifndef TESTS_UNIT_HTTP_FOLDER_H
#define TESTS_UNIT_HTTP_FOLDER_H

#include "../check.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];

static inline int folder_set_up(void **state)
{
    const char *parent = getenv("TMPDIR");

    (void)state;
    snprintf(folder, sizeof(folder), "%s/bookplate-test-XXXXXX",
             parent == NULL ? P_tmpdir : parent);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int folder_remove_one(const char *path, const struct stat *about,
                                    int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

static inline int folder_tear_down(void **state)
{
    (void)state;
    return nftw(folder, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of a member, in a buffer that the next call overwrites. */
static inline const char *folder_path(const char *name)
{
    static char path[8192];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

/* Writes a file and the folders above it. */
static inline void folder_write(const char *name, struct slice text)
{
    char path[8192];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    for (char *at = path + strlen(folder) + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            mkdir(path, 0755);
            *at = '/';
        }
    }
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), text.len);
    close(fd);
}

static inline void folder_set_time(const char *name, int64_t seconds)
{
    struct timespec times[2] = {{seconds, 0}, {seconds, 0}};

    assert_int_equal(utimensat(AT_FDCWD, folder_path(name), times, 0), 0);
}

#endif
