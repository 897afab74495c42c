/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres_fixture.h"

#include "../check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS "/usr/lib/postgresql/15/bin/"
#define PASSWORD "correct horse"

#define CHILDREN_MAX 256

int postgres_fixture_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool can_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected =
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

    close(fd);
    return connected;
}

bool postgres_fixture_await(int port)
{
    const struct timespec moment = {.tv_nsec = 10000000};

    for (int tries = 0; tries < 2000; tries++) {
        if (can_connect(port)) {
            return true;
        }
        nanosleep(&moment, NULL);
    }
    return false;
}

/* PostgreSQL refuses to run as root: Debian's own user for it, then. */
static const struct passwd *find_user(void)
{
    const struct passwd *user = getpwnam("postgres");

    return user != NULL ? user : getpwnam("nobody");
}

static void own(const char *path)
{
    const struct passwd *user = find_user();

    if (geteuid() == 0) {
        assert_int_equal(chown(path, user->pw_uid, user->pw_gid), 0);
    }
}

static void become_user(void)
{
    const struct passwd *user = find_user();

    if (geteuid() != 0) {
        return;
    }
    if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0) {
        _exit(126);
    }
}

pid_t postgres_fixture_spawn(const struct postgres_fixture *fixture,
                             const char *log, const char *const *words)
{
    pid_t parent = getpid();
    pid_t child = fork();

    if (child == 0) {
        int out = open("/dev/null", O_RDONLY);

        become_user();
        /* After the change of user, which clears it. */
        prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (getppid() != parent || chdir(fixture->folder) != 0) {
            _exit(126);
        }
        dup2(out, STDIN_FILENO);
        out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        unsetenv("LC_ALL");
        execv(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    assert_true(child > 0);
    return child;
}

int postgres_fixture_run(const struct postgres_fixture *fixture,
                         const char *const *words)
{
    pid_t child = postgres_fixture_spawn(fixture, "log", words);
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void path_of(const struct postgres_fixture *fixture, const char *name,
                    char path[static 128])
{
    snprintf(path, 128, "%s/%s", fixture->folder, name);
}

void postgres_fixture_write(const struct postgres_fixture *fixture,
                            const char *name, const char *text)
{
    char path[128];
    int fd;

    path_of(fixture, name, path);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    own(path);
}

static void make_cluster(struct postgres_fixture *fixture)
{
    const char *const words[] = {PROGRAMS "initdb",
                                 "-D",
                                 "data",
                                 "-U",
                                 "bookplate",
                                 "--pwfile=password",
                                 "--auth=scram-sha-256",
                                 "--encoding=UTF8",
                                 "--locale=C",
                                 "--no-sync",
                                 NULL};

    postgres_fixture_write(fixture, "password", PASSWORD "\n");
    assert_int_equal(postgres_fixture_run(fixture, words), 0);
}

/* "the database system is starting up" is an answer too: ask until it is not */
void postgres_fixture_await_answer(const struct postgres_fixture *fixture)
{
    const char *const words[] = {PROGRAMS "psql", "-qc", "SELECT 1",
                                 fixture->url, NULL};
    const struct timespec moment = {.tv_nsec = 20000000};

    assert_true(postgres_fixture_await(fixture->port));
    for (int tries = 0; tries < 500; tries++) {
        if (postgres_fixture_run(fixture, words) == 0) {
            return;
        }
        nanosleep(&moment, NULL);
    }
    fail_msg("PostgreSQL does not come up");
}

void postgres_fixture_launch(struct postgres_fixture *fixture)
{
    char port[32];
    const char *const words[] = {PROGRAMS "postgres",
                                 "-Ddata",
                                 "-clisten_addresses=127.0.0.1",
                                 "-cunix_socket_directories=",
                                 "-cshared_buffers=16MB",
                                 "-cmax_connections=100",
                                 port,
                                 NULL};

    snprintf(port, sizeof(port), "-cport=%d", fixture->port);
    fixture->server = postgres_fixture_spawn(fixture, "log", words);
}

void postgres_fixture_boot(struct postgres_fixture *fixture)
{
    postgres_fixture_launch(fixture);
    postgres_fixture_await_answer(fixture);
}

bool postgres_fixture_start(struct postgres_fixture *fixture)
{
    if (access(PROGRAMS "initdb", X_OK) != 0) {
        print_message("# skipped: PostgreSQL 15 is not installed\n");
        return false;
    }
    strcpy(fixture->folder, "/tmp/bookplate-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    own(fixture->folder);
    fixture->port = postgres_fixture_free_port();
    snprintf(fixture->url, sizeof(fixture->url),
             "postgresql://bookplate:correct%%20horse@127.0.0.1:%d/postgres",
             fixture->port);
    make_cluster(fixture);
    postgres_fixture_boot(fixture);
    return true;
}

static size_t list_children(pid_t parent, pid_t out[static CHILDREN_MAX])
{
    char path[64];
    size_t count = 0;
    long pid;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
    file = fopen(path, "re");
    while (file != NULL && count < CHILDREN_MAX &&
           fscanf(file, "%ld", &pid) == 1) {
        out[count++] = (pid_t)pid;
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

void postgres_fixture_signal(const struct postgres_fixture *fixture, int signal)
{
    pid_t children[CHILDREN_MAX];
    size_t count;

    /* The first goes first when they stop, so that it starts no more. */
    count = list_children(fixture->server, children);
    assert_int_equal(kill(fixture->server, signal), 0);
    for (size_t i = 0; i < count; i++) {
        kill(children[i], signal);
    }
}

void postgres_fixture_bury(struct postgres_fixture *fixture)
{
    assert_int_equal(waitpid(fixture->server, NULL, 0), fixture->server);
    fixture->server = 0;
}

void postgres_fixture_stop(struct postgres_fixture *fixture)
{
    const char *const words[] = {"/bin/rm", "-rf", fixture->folder, NULL};

    if (fixture->server > 0) {
        kill(fixture->server, SIGQUIT);
        postgres_fixture_bury(fixture);
    }
    (void)postgres_fixture_run(fixture, words);
    rmdir(fixture->folder);
}
