/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_mail.h"

#include "net/client_mail_parts.h"
#include "net/client_stream.h"

/* What may stand in an address besides letters and digits (RFC 5322 atext
 * and the dot). */
static bool is_address_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_domain_char(char c)
{
    char lower = ascii_lower(c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '-' ||
           c == '.';
}

bool client_mail_is_address(struct slice text)
{
    size_t at = slice_find(text, '@');

    if (at == 0 || at + 1 >= text.len || text.len > CLIENT_MAIL_ADDRESS_MAX ||
        text.ptr[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (i != at && !(i < at ? is_address_char(text.ptr[i])
                                : is_domain_char(text.ptr[i]))) {
            return false;
        }
    }
    return true;
}

/* Host and port, no user name, no path: those are set apart. */
static enum status copy_url(struct arena *arena, const struct client_mail *mail,
                            struct client_copy *out)
{
    struct slice url = mail->url;
    struct slice domain =
        slice_from(mail->from, slice_find(mail->from, '@') + 1);
    struct slice text;
    size_t scheme = 7;

    if (slice_starts_with(url, SLICE("smtps://"))) {
        scheme = 8;
    } else if (!slice_starts_with(url, SLICE("smtp://"))) {
        return STATUS_INVALID_VALUE;
    }
    for (size_t i = scheme; i < url.len; i++) {
        if (!is_domain_char(url.ptr[i]) &&
            slice_find(SLICE(":[]"), url.ptr[i]) == 3) {
            return STATUS_INVALID_VALUE;
        }
    }
    if (url.len == scheme || url.len > CLIENT_URL_MAX) {
        return STATUS_INVALID_VALUE;
    }
    /* What libcurl finds behind the slash it says in EHLO. */
    TRY(arena_format(arena, &text, "%.*s/%.*s", SLICE_ARG(url),
                     SLICE_ARG(domain)));
    out->url = text.ptr;
    out->host = slice_make(text.ptr + scheme, url.len - scheme);
    return STATUS_OK;
}

/* libcurl takes C strings: a NUL would cut them. */
static enum status copy_text(struct arena *arena, struct slice text,
                             const char **out)
{
    struct slice copy;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
            return STATUS_INVALID_VALUE;
        }
    }
    TRY(slice_dup(arena, text, &copy));
    *out = copy.ptr;
    return STATUS_OK;
}

static enum status copy_address(struct arena *arena, struct slice address,
                                const char **out)
{
    struct slice text;

    if (!client_mail_is_address(address)) {
        return STATUS_INVALID_VALUE;
    }
    TRY(arena_format(arena, &text, "<%.*s>", SLICE_ARG(address)));
    *out = text.ptr;
    return STATUS_OK;
}

enum status client_mail_copy(struct arena *arena,
                             const struct client_mail *mail,
                             struct client_copy *out)
{
    const struct client_request times = {
        .method = CLIENT_POST,
        .connect_ms = mail->connect_ms,
        .total_ms = mail->total_ms,
        .stall_ms = mail->stall_ms,
    };
    struct client_mail_copy *copy = ARENA_NEW(arena, struct client_mail_copy);

    TRY_ALLOC(copy);
    *out = (struct client_copy){0};
    if (mail->message.len == 0 || mail->message.len > CLIENT_REQUEST_MAX) {
        return STATUS_INVALID_VALUE;
    }
    TRY(client_request_copy_limits(&times, out));
    TRY(copy_address(arena, mail->from, &copy->from));
    TRY(copy_address(arena, mail->recipient, &copy->recipient));
    TRY(copy_url(arena, mail, out));
    TRY(copy_text(arena, mail->user, &copy->user));
    TRY(copy_text(arena, mail->password, &copy->password));
    copy->has_login = mail->user.len > 0 || mail->password.len > 0;
    out->mail = copy;
    return slice_dup(arena, mail->message, &out->body);
}

static enum status open_stream(struct client *client,
                               const struct client_mail *mail,
                               struct client_stream **out)
{
    struct client_stream *stream;
    enum status status;

    TRY(client_stream_new(client, &stream));
    status = client_mail_copy(&stream->request_memory, mail, &stream->request);
    if (status == STATUS_OK) {
        status = client_stream_start(stream);
    }
    if (status != STATUS_OK) {
        client_stream_release(stream);
        return status;
    }
    *out = stream;
    return STATUS_OK;
}

enum status client_mail_send(struct client *client,
                             const struct client_mail *mail,
                             struct client_mail_reply *out)
{
    CLEANUP(client_stream_close) struct client_stream *stream = NULL;
    struct slice nothing;
    enum status status;

    *out = (struct client_mail_reply){0};
    TRY(open_stream(client, mail, &stream));
    status = client_stream_read(stream, &nothing);
    if (status != STATUS_CANCELLED) { /* else the thread may still write it */
        *out = stream->reply;
    }
    return status;
}
