/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real PostgreSQL for one test program: its own cluster in a temporary
 * folder, on a free port of the loopback, with passwords (SCRAM) and fsync on.
 * It ends with the program, whichever way that ends.
 */
#ifndef TESTS_UNIT_STORE_POSTGRES_FIXTURE_H
#define TESTS_UNIT_STORE_POSTGRES_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct postgres_fixture {
    char folder[64];
    char url[128];
    int port;
    pid_t server;
};

/* False, and a line that says so, when PostgreSQL is not installed. */
bool postgres_fixture_start(struct postgres_fixture *fixture);
void postgres_fixture_stop(struct postgres_fixture *fixture);

/* All its processes at once: SIGSTOP, SIGCONT, or SIGKILL, the plug pulled. */
void postgres_fixture_signal(const struct postgres_fixture *fixture,
                             int signal);
/* Waits until the server that was killed is gone. */
void postgres_fixture_bury(struct postgres_fixture *fixture);
/*
 * Starts the cluster's server again, from the program's first thread: it ends
 * with the thread that started it. postgres_fixture_boot returns when it takes
 * connections.
 */
void postgres_fixture_launch(struct postgres_fixture *fixture);
void postgres_fixture_boot(struct postgres_fixture *fixture);
/* Until it answers a question; from any thread. */
void postgres_fixture_await_answer(const struct postgres_fixture *fixture);

/*
 * A program as the cluster's user, in the cluster's folder; `log` is where its
 * output goes. Its pid; it ends with this program.
 */
pid_t postgres_fixture_spawn(const struct postgres_fixture *fixture,
                             const char *log, const char *const *words);
/* The same, and waits for it: its exit status. */
int postgres_fixture_run(const struct postgres_fixture *fixture,
                         const char *const *words);
/* A file in the cluster's folder that its user owns, mode 0600. */
void postgres_fixture_write(const struct postgres_fixture *fixture,
                            const char *name, const char *text);

/* Waits, at most some seconds, until somebody listens on the port. */
bool postgres_fixture_await(int port);
int postgres_fixture_free_port(void);

#endif
