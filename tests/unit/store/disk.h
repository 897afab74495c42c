/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that fails at a chosen call. These take the place of the C library's
 * functions for the whole program, SQLite's library included; the wal index
 * and the database are written through them and nothing else is.
 */
#ifndef TESTS_UNIT_STORE_DISK_H
#define TESTS_UNIT_STORE_DISK_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

enum disk_fault {
    DISK_SOUND,
    DISK_WRITE_ERROR,
    DISK_FULL,
    DISK_SYNC_ERROR,
    DISK_KILL /* at a write, before it; at a flush, before it */
};

static struct {
    _Atomic int fault;
    _Atomic long left; /* calls up to the one that fails */
    bool lasting;      /* every later one fails too */
    _Atomic long failed;
    _Atomic long syncs;
} disk;

static inline void disk_arm(enum disk_fault fault, long n, bool lasting)
{
    disk.fault = DISK_SOUND;
    disk.left = n;
    disk.lasting = lasting;
    disk.failed = 0;
    disk.fault = (int)fault;
}

/* How many calls have failed. */
static inline long disk_disarm(void)
{
    disk.fault = DISK_SOUND;
    return disk.failed;
}

static inline bool disk_fails_now(void)
{
    long left = atomic_fetch_sub(&disk.left, 1);

    if (left > 1 || (left < 1 && !disk.lasting)) {
        return false;
    }
    disk.failed++;
    if (disk.fault == DISK_KILL) {
        (void)raise(SIGKILL);
    }
    return true;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    int fault = disk.fault;

    if ((fault == DISK_WRITE_ERROR || fault == DISK_FULL ||
         fault == DISK_KILL) &&
        disk_fails_now()) {
        errno = fault == DISK_FULL ? ENOSPC : EIO;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

int fdatasync(int fd)
{
    int fault = disk.fault;

    disk.syncs++;
    if ((fault == DISK_SYNC_ERROR || fault == DISK_KILL) && disk_fails_now()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

#endif
