/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/smtp.h"

#include "base/log.h"
#include "codec/percent.h"
#include "net/client_mail.h"

#define SEND_MS ((int64_t)60000)

static enum status fail(struct arena *arena, const char *what,
                        struct slice *problem)
{
    TRY(arena_format(arena, problem, "%s", what));
    return STATUS_INVALID_VALUE;
}

static bool is_host(struct slice text)
{
    struct slice rest = text;
    struct slice name;
    struct slice port;
    uint64_t number;

    if (slice_starts_with(text, SLICE("["))) {
        size_t end = slice_find(text, ']');

        if (end == text.len || end == 1) {
            return false;
        }
        rest = slice_from(text, end + 1);
    }
    (void)slice_split(&rest, ':', &name);
    port = rest;
    if (slice_find(name, '[') < name.len || slice_find(name, ']') < name.len ||
        (name.len == 0 && text.ptr[0] != '[')) {
        return false;
    }
    return port.ptr == NULL ||
           (slice_to_u64(port, UINT16_MAX, &number) && number > 0);
}

static bool is_host_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char lower = ascii_lower(text.ptr[i]);

        if (!ascii_is_digit(lower) && !(lower >= 'a' && lower <= 'z') &&
            slice_find(SLICE("-.:[]"), lower) == 5) {
            return false;
        }
    }
    return text.len > 0 && is_host(text);
}

/* The last "@": a password that has one should have been encoded, but that
 * is what its writer meant. */
static size_t find_at(struct slice text)
{
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] != '@') {
        at--;
    }
    return at;
}

static enum status read_login(struct arena *arena, struct slice login,
                              struct slice *problem, struct smtp_server *out)
{
    struct slice password = login;
    struct slice user;

    (void)slice_split(&password, ':', &user);
    if (user.len == 0 || password.ptr == NULL) {
        return fail(arena, "has a user without a password", problem);
    }
    if (percent_decode(arena, user, &out->user) != STATUS_OK ||
        percent_decode(arena, password, &out->password) != STATUS_OK) {
        return fail(arena, "has a user or password not encoded correctly",
                    problem);
    }
    return STATUS_OK;
}

enum status smtp_server_read(struct arena *arena, struct slice text,
                             struct slice *problem, struct smtp_server *out)
{
    struct slice rest = slice_trim(text);
    struct slice scheme = SLICE("smtp://");
    size_t at;

    *out = (struct smtp_server){SLICE_EMPTY, SLICE_EMPTY, SLICE_EMPTY};
    if (slice_starts_with(rest, SLICE("smtps://"))) {
        scheme = SLICE("smtps://");
    } else if (!slice_starts_with(rest, scheme)) {
        return fail(arena, "does not begin with smtp:// or smtps://", problem);
    }
    rest = slice_from(rest, scheme.len);
    if (slice_ends_with(rest, SLICE("/"))) {
        rest = slice_head(rest, rest.len - 1);
    }
    at = find_at(rest);
    if (at > 0) {
        TRY(read_login(arena, slice_head(rest, at - 1), problem, out));
    }
    rest = slice_from(rest, at);
    if (!is_host_text(rest)) {
        return fail(arena, "has no host such as mail.example.org:587", problem);
    }
    return arena_format(arena, &out->url, "%.*s%.*s", SLICE_ARG(scheme),
                        SLICE_ARG(rest));
}

enum status smtp_send(struct client *client, const struct smtp_server *server,
                      const struct smtp_mail *mail, enum mail_outcome *out)
{
    const struct client_mail request = {
        .url = server->url,
        .user = server->user,
        .password = server->password,
        .from = mail->from,
        .recipient = mail->recipient,
        .message = mail->message,
        .total_ms = SEND_MS,
    };
    struct client_mail_reply reply;
    enum status status = client_mail_send(client, &request, &reply);

    *out = MAIL_TAKEN;
    if (status == STATUS_OK || status == STATUS_CANCELLED) {
        return status;
    }
    /* An address that cannot be written will not get better either. */
    *out = reply.refused || status == STATUS_INVALID_VALUE ? MAIL_REFUSED
                                                           : MAIL_LATER;
    log_warn("mail_not_taken", log_text("error", status_code(status)),
             log_number("code", reply.code),
             log_text("reply", slice_make(reply.text, reply.len)));
    return STATUS_OK;
}
