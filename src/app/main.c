/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "crypto/init.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

/*
 * A standard stream that was closed leaves its number to the next descriptor,
 * and what is written to the log would go to a client. So the number is taken;
 * the wrong way round, that using it still fails.
 */
static bool take_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", way) != fd) {
            return false;
        }
    }
    return true;
}

/*
 * Memory has secrets, passwords and answers in plain: a crash leaves no core
 * file, and no other process of the same user reads it through /proc or
 * ptrace(2). Before anything secret is read. A sanitizer that wants to look at
 * its own threads asks for this back by itself.
 */
static void keep_memory_private(void)
{
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
    keep_memory_private();
    if (!take_standard_streams()) {
        return EXIT_CODE_FAILED;
    }
    if (crypto_init() != STATUS_OK) {
        fputs("bookplate: OpenSSL lacks an algorithm it needs\n", stderr);
        return EXIT_CODE_FAILED;
    }
    return (int)command_run(argc, argv, environ);
}
