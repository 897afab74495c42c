/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/clock.h"
#include "net/listener.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define REFUSAL "HTTP/1.1 503 Service Unavailable\r\n\r\n"
/* Descriptors a test may have; below what its machine allows. */
#define DESCRIPTORS 64
/* CPU time that a loop with nothing to do may take while a test looks. */
#define QUIET_US 50000

/* A listener on a loop of its own thread, which keeps what it accepts. */
static struct {
    pthread_t thread;
    struct loop *loop;
    struct listener listener;
    sem_t accepted;
    int fds[DESCRIPTORS];
    _Atomic int count;
    sem_t told;
    int64_t cpu_us;
} host;

static struct rlimit before;
static int filler[DESCRIPTORS];
static int filler_count;

static void on_accepted(struct listener *listener, int fd,
                        const union net_address *peer)
{
    (void)listener;
    assert_int_equal(peer->any.sa_family, AF_INET);
    assert_true(host.count < DESCRIPTORS);
    host.fds[host.count] = fd;
    host.count++;
    sem_post(&host.accepted);
}

static void *host_main(void *arg)
{
    (void)arg;
    loop_run(host.loop);
    return NULL;
}

static int set_up(void **state)
{
    const char *why = "";
    struct rlimit few;

    (void)state;
    memset(&host, 0, sizeof(host));
    filler_count = 0;
    sem_init(&host.accepted, 0, 0);
    sem_init(&host.told, 0, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){DESCRIPTORS, before.rlim_max};
    check_ok(loop_new(&host.loop));
    check_ok(listener_open(&host.listener, "127.0.0.1", 0, &why));
    host.listener.accepted = on_accepted;
    host.listener.refusal = SLICE(REFUSAL);
    check_ok(listener_start(&host.listener, host.loop));
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_int_equal(pthread_create(&host.thread, NULL, host_main, NULL), 0);
    return 0;
}

static void release_descriptors(void)
{
    while (filler_count > 0) {
        close(filler[--filler_count]);
    }
}

static int tear_down(void **state)
{
    (void)state;
    release_descriptors();
    loop_stop(host.loop);
    pthread_join(host.thread, NULL);
    listener_close(&host.listener);
    while (host.count > 0) {
        close(host.fds[--host.count]);
    }
    loop_free(host.loop);
    return setrlimit(RLIMIT_NOFILE, &before);
}

/* Valgrind keeps descriptors of its own and lends what the limit denies. */
static bool descriptors_can_run_out(void)
{
    const char *preload = getenv("LD_PRELOAD");

    if (preload == NULL || strstr(preload, "vgpreload") == NULL) {
        return true;
    }
    print_message("# skipped: descriptors do not run out under valgrind\n");
    return false;
}

/* Takes every descriptor there is. */
static void exhaust_descriptors(void)
{
    int fd;

    while (filler_count < DESCRIPTORS &&
           (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) {
        filler[filler_count++] = fd;
    }
    assert_int_equal(open("/dev/null", O_RDONLY), -1);
}

static int client_socket(void)
{
    struct timeval five = {5, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof(five)), 0);
    return fd;
}

static void client_connect(int fd)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(host.listener.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

static void expect_refusal(int fd)
{
    char text[200];
    ssize_t len = recv(fd, text, sizeof(text), MSG_WAITALL);

    assert_true(len >= 0);
    check_slice(slice_make(text, (size_t)len), SLICE(REFUSAL));
}

static void tell_cpu(struct message *message)
{
    (void)message;
    host.cpu_us = clock_thread_cpu_us();
    sem_post(&host.told);
}

static int64_t loop_cpu_us(void)
{
    struct message message = {NULL, tell_cpu};

    loop_post(host.loop, &message);
    sem_wait(&host.told);
    return host.cpu_us;
}

static void accepts_without_blocking_or_leaking(void **state)
{
    int fd = client_socket();

    (void)state;
    client_connect(fd);
    sem_wait(&host.accepted);
    assert_true(fcntl(host.fds[0], F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(host.fds[0], F_GETFD) & FD_CLOEXEC);
    close(fd);
}

static void out_of_descriptors_clients_are_told(void **state)
{
    int fds[5];

    (void)state;
    if (!descriptors_can_run_out()) {
        return;
    }
    for (int i = 0; i < 5; i++) {
        fds[i] = client_socket();
    }
    exhaust_descriptors();
    for (int i = 0; i < 5; i++) {
        client_connect(fds[i]);
        /* Also who was quick to ask: unread words must not eat the answer. */
        (void)send(fds[i], "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
        expect_refusal(fds[i]);
        close(fds[i]);
        /* Somebody else takes what the client gave back; the spare one has
         * been opened again by now. */
        (void)loop_cpu_us();
        exhaust_descriptors();
    }
    assert_int_equal(host.count, 0);
}

static void out_of_descriptors_the_loop_does_not_spin(void **state)
{
    int64_t cpu_us;
    int fd = client_socket();

    (void)state;
    if (!descriptors_can_run_out()) {
        return;
    }
    exhaust_descriptors();
    client_connect(fd);
    expect_refusal(fd);
    cpu_us = loop_cpu_us();
    usleep(200000);
    assert_true(loop_cpu_us() - cpu_us < QUIET_US);
    close(fd);
}

/* On the loop's thread, so that nobody looks for it meanwhile. */
static void lose_spare(struct message *message)
{
    (void)message;
    close(host.listener.spare_fd);
    host.listener.spare_fd = -1;
    exhaust_descriptors();
    sem_post(&host.told);
}

/* Another thread opened a file in the moment the spare one was given up. */
static void without_a_spare_descriptor_it_waits_and_does_not_spin(void **state)
{
    struct message message = {NULL, lose_spare};
    int64_t cpu_us;
    int fd = client_socket();

    (void)state;
    if (!descriptors_can_run_out()) {
        return;
    }
    loop_post(host.loop, &message);
    sem_wait(&host.told);
    client_connect(fd);
    cpu_us = loop_cpu_us();
    usleep(250000);
    assert_true(loop_cpu_us() - cpu_us < QUIET_US);
    assert_int_equal(host.count, 0);
    release_descriptors();
    sem_wait(&host.accepted); /* it hears again, and the client was kept */
    assert_true(host.listener.spare_fd >= 0);
    close(fd);
}

static void accepts_again_when_descriptors_are_free(void **state)
{
    int first = client_socket();
    int second = client_socket();

    (void)state;
    if (!descriptors_can_run_out()) {
        return;
    }
    exhaust_descriptors();
    client_connect(first);
    expect_refusal(first);
    release_descriptors();
    client_connect(second);
    sem_wait(&host.accepted);
    assert_int_equal(host.count, 1);
    close(first);
    close(second);
}

static void closing_takes_what_is_still_queued(void **state)
{
    struct listener queue;
    struct loop *loop;
    const char *why = "";
    int fd = client_socket();
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    (void)state;
    check_ok(loop_new(&loop));
    check_ok(listener_open(&queue, "127.0.0.1", 0, &why));
    queue.accepted = on_accepted;
    queue.refusal = SLICE(REFUSAL);
    queue.loop = NULL;
    check_ok(listener_start(&queue, loop));
    to.sin_port = htons(queue.port);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    listener_close(&queue); /* its loop has never run */
    assert_int_equal(host.count, 1);
    close(fd);
    fd = client_socket();
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
    close(fd);
    loop_free(loop);
}

static void says_whether_an_address_is_taken(void **state)
{
    struct listener second;
    const char *why = "";
    uint16_t port;

    (void)state;
    assert_true(listener_is_taken("127.0.0.1", host.listener.port));
    assert_false(listener_is_taken("127.0.0.1", 0)); /* any will do */
    assert_false(listener_is_taken("no such host", host.listener.port));
    /* Sharing is possible all the same, for who asks for it. */
    check_ok(listener_open(&second, "127.0.0.1", host.listener.port, &why));
    second.loop = NULL;
    listener_close(&second);
    check_ok(listener_open(&second, "127.0.0.1", 0, &why));
    port = second.port;
    second.loop = NULL;
    assert_int_equal(listen(second.watch.fd, 1), 0); /* as when it starts */
    assert_true(listener_is_taken("127.0.0.1", port));
    listener_close(&second);
    assert_false(listener_is_taken("127.0.0.1", port));
}

static void says_why_it_cannot_be_opened(void **state)
{
    struct listener wrong;
    const char *why = "";

    (void)state;
    check_status(listener_open(&wrong, "no such host", 0, &why),
                 STATUS_UNAVAILABLE);
    assert_true(strlen(why) > 0);
    why = "";
    /* An address of documentation: nobody's, so not ours. */
    check_status(listener_open(&wrong, "192.0.2.1", 0, &why),
                 STATUS_UNAVAILABLE);
    assert_string_equal(why, "Cannot assign requested address");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

RUN_TESTS(TEST(accepts_without_blocking_or_leaking),
          TEST(out_of_descriptors_clients_are_told),
          TEST(out_of_descriptors_the_loop_does_not_spin),
          TEST(without_a_spare_descriptor_it_waits_and_does_not_spin),
          TEST(accepts_again_when_descriptors_are_free),
          TEST(closing_takes_what_is_still_queued),
          TEST(says_whether_an_address_is_taken),
          TEST(says_why_it_cannot_be_opened))
