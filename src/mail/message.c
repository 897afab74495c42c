/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/message.h"

#include "base/clock.h"
#include "codec/utf8.h"
#include "crypto/random.h"
#include "http/date.h"
#include "mail/message_encode.h"
#include "net/client_mail.h"

/* Two bodies, three bytes for one at worst, soft breaks, and the head. */
#define MESSAGE_MAX (2 * (MAIL_BODY_MAX * 3 + MAIL_BODY_MAX / 8) + 16384)

enum status mail_address_read(struct slice text, struct mail_address *out)
{
    size_t open;

    text = slice_trim(text);
    *out = (struct mail_address){SLICE_EMPTY, text};
    open = slice_find(text, '<');
    if (open < text.len) {
        if (!slice_ends_with(text, SLICE(">"))) {
            return STATUS_INVALID_VALUE;
        }
        out->name = slice_trim(slice_head(text, open));
        out->address =
            slice_head(slice_from(text, open + 1), text.len - open - 2);
        if (out->name.len > 1 && slice_starts_with(out->name, SLICE("\"")) &&
            slice_ends_with(out->name, SLICE("\""))) {
            out->name = slice_make(out->name.ptr + 1, out->name.len - 2);
        }
    }
    return client_mail_is_address(out->address) ? STATUS_OK
                                                : STATUS_INVALID_VALUE;
}

static enum status add_address(struct buf *buf, struct slice field,
                               const struct mail_address *address)
{
    struct slice name;

    if (!client_mail_is_address(address->address)) {
        return STATUS_INVALID_VALUE;
    }
    TRY(mail_text_clean(buf->arena, address->name, MAIL_NAME_MAX, &name));
    buf_add(buf, field);
    buf_add(buf, SLICE(": "));
    if (name.len > 0) {
        mail_header_add(buf, name, field.len + 2, true);
        buf_add(buf, SLICE("\r\n ")); /* so that the line stays short */
    }
    buf_format(buf, "<%.*s>\r\n", SLICE_ARG(address->address));
    return STATUS_OK;
}

static enum status add_subject(struct buf *buf, struct slice subject)
{
    struct slice clean;

    TRY(mail_text_clean(buf->arena, subject, MAIL_SUBJECT_MAX, &clean));
    buf_add(buf, SLICE("Subject: "));
    mail_header_add(buf, clean, 9, false);
    buf_add(buf, SLICE("\r\n"));
    return STATUS_OK;
}

/* RFC 5322 wants an offset where HTTP says GMT. */
static enum status add_origin(struct buf *buf, struct slice from,
                              struct slice id)
{
    char date[HTTP_DATE_SIZE];

    http_date_write(clock_wall_ms() / 1000, date);
    buf_format(buf, "Date: %.*s +0000\r\n", (int)HTTP_DATE_SIZE - 4, date);
    buf_format(buf, "Message-ID: <%.*s@%.*s>\r\n", SLICE_ARG(id),
               SLICE_ARG(slice_from(from, slice_find(from, '@') + 1)));
    /* RFC 3834: no answering machine should answer. */
    buf_add(buf, SLICE("Auto-Submitted: auto-generated\r\n"
                       "MIME-Version: 1.0\r\n"));
    return STATUS_OK;
}

static void add_part(struct buf *buf, const char *type, struct slice body)
{
    buf_format(buf,
               "Content-Type: %s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               type);
    mail_quoted_printable_add(buf, body);
}

/* "=_" cannot occur in quoted-printable text (RFC 2045 section 6.7). */
static void add_bodies(struct buf *buf, const struct mail_message *message,
                       struct slice id)
{
    if (message->html.len == 0) {
        add_part(buf, "text/plain", message->text);
        return;
    }
    buf_format(buf,
               "Content-Type: multipart/alternative;\r\n"
               " boundary=\"=_%.*s\"\r\n\r\n--=_%.*s\r\n",
               SLICE_ARG(id), SLICE_ARG(id));
    add_part(buf, "text/plain", message->text);
    buf_format(buf, "\r\n--=_%.*s\r\n", SLICE_ARG(id));
    add_part(buf, "text/html", message->html);
    buf_format(buf, "\r\n--=_%.*s--\r\n", SLICE_ARG(id));
}

enum status mail_message_write(struct arena *arena,
                               const struct mail_message *message,
                               struct slice *out)
{
    struct slice id;
    struct buf buf;

    if (message->text.len > MAIL_BODY_MAX ||
        message->html.len > MAIL_BODY_MAX) {
        return STATUS_TOO_LARGE;
    }
    if (!utf8_is_valid(message->text) || !utf8_is_valid(message->html)) {
        return STATUS_INVALID_ENCODING;
    }
    TRY(random_id(32, arena, &id));
    buf_init(&buf, arena, MESSAGE_MAX);
    TRY(add_address(&buf, SLICE("From"), &message->from));
    TRY(add_address(&buf, SLICE("To"), &message->to));
    TRY(add_subject(&buf, message->subject));
    TRY(add_origin(&buf, message->from.address, id));
    add_bodies(&buf, message, id);
    return buf_finish(&buf, out);
}
