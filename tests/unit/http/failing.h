/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at a chosen call. The test that includes this is
 * linked so that every call of the server's own code to the functions below
 * comes here first (--wrap, tests/unit/meson.build); libraries keep theirs.
 *
 * Only the thread that armed it is hurt. What is held is counted over all
 * threads, so a block that nobody gave back shows in any build.
 */
#ifndef TESTS_UNIT_HTTP_FAILING_H
#define TESTS_UNIT_HTTP_FAILING_H

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *ptr);
void *__real_mmap64(void *at, size_t size, int prot, int flags, int fd,
                    off_t offset);
int __real_munmap(void *at, size_t size);
DIR *__real_fdopendir(int fd);
int __real_epoll_ctl(int epoll_fd, int what, int fd, struct epoll_event *event);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *ptr);
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd,
                    off_t offset);
int __wrap_munmap(void *at, size_t size);
DIR *__wrap_fdopendir(int fd);
int __wrap_epoll_ctl(int epoll_fd, int what, int fd, struct epoll_event *event);

/* Of this thread. */
static _Thread_local struct {
    unsigned left; /* calls up to the one that fails; 0: none will */
    bool lasting;  /* every later one fails too */
    unsigned failed;
} failing;

/* Blocks of the heap and mappings, of all threads. */
static _Atomic long memory_held;

/* From here on the n-th call fails, and with `lasting` all that follow. */
static inline void failing_arm(unsigned n, bool lasting)
{
    failing.left = n;
    failing.lasting = lasting;
    failing.failed = 0;
}

/* How many have failed. */
static inline unsigned failing_disarm(void)
{
    failing.left = 0;
    return failing.failed;
}

static inline bool fails_now(void)
{
    if (failing.left == 0) {
        return false;
    }
    if (failing.left > 1) {
        failing.left--;
        return false;
    }
    failing.left = failing.lasting ? 1 : 0;
    failing.failed++;
    errno = ENOMEM;
    return true;
}

static inline void *counted(void *ptr)
{
    memory_held += ptr != NULL;
    return ptr;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fails_now() ? NULL : counted(__real_aligned_alloc(align, size));
}

void __wrap_free(void *ptr)
{
    memory_held -= ptr != NULL;
    __real_free(ptr);
}

/* The stacks of fibers. */
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd,
                    off_t offset)
{
    void *ptr = MAP_FAILED;

    if (!fails_now()) {
        ptr = __real_mmap64(at, size, prot, flags, fd, offset);
        memory_held += ptr != MAP_FAILED;
    }
    return ptr;
}

int __wrap_munmap(void *at, size_t size)
{
    memory_held--;
    return __real_munmap(at, size);
}

DIR *__wrap_fdopendir(int fd)
{
    return fails_now() ? NULL : __real_fdopendir(fd);
}

/* The kernel's own memory for one more watch. */
int __wrap_epoll_ctl(int epoll_fd, int what, int fd, struct epoll_event *event)
{
    if (what == EPOLL_CTL_ADD && fails_now()) {
        return -1;
    }
    return __real_epoll_ctl(epoll_fd, what, fd, event);
}

#endif
