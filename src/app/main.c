/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "crypto/init.h"

#include <fcntl.h>
#include <stdio.h>
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

int main(int argc, char **argv)
{
    if (!take_standard_streams()) {
        return EXIT_CODE_FAILED;
    }
    if (crypto_init() != STATUS_OK) {
        fputs("bookplate: OpenSSL lacks an algorithm it needs\n", stderr);
        return EXIT_CODE_FAILED;
    }
    return (int)command_run(argc, argv, environ);
}
