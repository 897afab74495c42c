/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends the mail on stdin as the server would, and says what came of it:
 *   mail_sender URL USER PASSWORD FROM RECIPIENT CA-FILE TOTAL-MS
 * prints the status, the reply's code, whether it is for good, and its text.
 */
#include "net/client_mail.h"
#include "net/fiber.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MESSAGE_MAX ((size_t)4 << 20)

static struct client *client;
static struct loop *loop;
static char **arguments;
static char message[MESSAGE_MAX];
static size_t message_len;

static void send_mail(void *arg)
{
    struct client_mail mail = {
        .url = slice_from_cstr(arguments[1]),
        .user = slice_from_cstr(arguments[2]),
        .password = slice_from_cstr(arguments[3]),
        .from = slice_from_cstr(arguments[4]),
        .recipient = slice_from_cstr(arguments[5]),
        .message = slice_make(message, message_len),
        .total_ms = strtol(arguments[7], NULL, 10),
    };
    struct client_mail_reply reply;
    enum status status = client_mail_send(client, &mail, &reply);

    (void)arg;
    printf("%.*s %d %s %.*s\n", SLICE_ARG(status_code(status)), reply.code,
           reply.refused ? "refused" : "open", (int)reply.len, reply.text);
    loop_stop(loop);
}

static void read_message(void)
{
    ssize_t got;

    do {
        got = read(STDIN_FILENO, message + message_len,
                   sizeof(message) - message_len);
        message_len += got > 0 ? (size_t)got : 0;
    } while (got > 0);
}

int main(int argc, char **argv)
{
    struct client_options options = {0};

    if (argc != 8) {
        return 2;
    }
    arguments = argv;
    options.ca_file = argv[6][0] != '\0' ? argv[6] : NULL;
    read_message();
    if (loop_new(&loop) != STATUS_OK ||
        client_new(&options, &client) != STATUS_OK ||
        fiber_start(loop, send_mail, NULL) != STATUS_OK) {
        return 1;
    }
    loop_run(loop);
    client_free(client);
    fiber_thread_end();
    loop_free(loop);
    return 0;
}
