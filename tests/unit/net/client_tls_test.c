/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates are verified, name included. The TLS server is the openssl
 * command's; without it the tests are skipped.
 */
#include "outbound_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static char folder[64];
static char certificate[128];
static char key[128];
static pid_t tls_server;

/* Its standard output goes to `out`, if that is not -1. */
static pid_t run_openssl(char **arguments, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                     O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    if (out >= 0) {
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    }
    if (posix_spawnp(&pid, "openssl", &actions, NULL, arguments, environ) !=
        0) {
        pid = -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* For the name localhost, signed by itself. */
static bool make_certificate(void)
{
    char *arguments[] = {
        "openssl",       "req",     "-x509",
        "-newkey",       "ed25519", "-nodes",
        "-days",         "2",       "-subj",
        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout",       key,       "-out",
        certificate,     NULL};
    int status = -1;
    pid_t pid = run_openssl(arguments, -1);

    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* "ACCEPT 0.0.0.0:45123", once it listens. */
static uint16_t listening_port(FILE *output)
{
    char line[256];

    while (fgets(line, sizeof(line), output) != NULL) {
        const char *colon = strrchr(line, ':');

        if (strncmp(line, "ACCEPT", 6) == 0 && colon != NULL) {
            return (uint16_t)strtoul(colon + 1, NULL, 10);
        }
    }
    return 0;
}

static uint16_t start_tls_server(void)
{
    char *arguments[] = {"openssl", "s_server", "-accept", "127.0.0.1:0",
                         "-key",    key,        "-cert",   certificate,
                         "-www",    NULL};
    FILE *output;
    uint16_t port;
    int fds[2];

    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    tls_server = run_openssl(arguments, fds[1]);
    close(fds[1]);
    output = fdopen(fds[0], "r");
    assert_non_null(output);
    port = listening_port(output);
    fclose(output);
    return port;
}

static int set_up_group(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(folder, sizeof(folder), "%s/client_tls_XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(certificate, sizeof(certificate), "%s/cert.pem", folder);
    (void)snprintf(key, sizeof(key), "%s/key.pem", folder);
    if (make_certificate()) {
        server.port = start_tls_server();
    }
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    if (tls_server > 0) {
        (void)kill(tls_server, SIGTERM);
        (void)waitpid(tls_server, NULL, 0);
    }
    (void)unlink(certificate);
    (void)unlink(key);
    (void)rmdir(folder);
    return 0;
}

static void expect_call(const char *host, const char *ca_file,
                        enum status expected)
{
    struct client_options options = {.ca_file = ca_file};
    struct call call;

    if (server.port == 0) {
        print_message("# skipped: the openssl command cannot serve TLS here\n");
        return;
    }
    start_client(&options);
    call_init(&call, "/");
    (void)snprintf(call.url, sizeof(call.url), "https://%s:%d/", host,
                   server.port);
    call.request.url = slice_from_cstr(call.url);
    run_call(&call);
    arena_release(&call.arena);
    stop_client();
    check_status(call.status, expected);
}

static void a_certificate_of_a_trusted_signer_is_taken(void **state)
{
    (void)state;
    expect_call("localhost", certificate, STATUS_OK);
}

static void a_certificate_nobody_trusts_is_refused(void **state)
{
    (void)state;
    expect_call("localhost", NULL, STATUS_UPSTREAM);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    expect_call("127.0.0.1", certificate, STATUS_UPSTREAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_of_a_trusted_signer_is_taken),
        cmocka_unit_test(a_certificate_nobody_trusts_is_refused),
        cmocka_unit_test(a_certificate_for_another_name_is_refused)};

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
