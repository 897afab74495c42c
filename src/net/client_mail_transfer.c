/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client_mail_parts.h"
#include "net/client_setup.h"
#include "net/client_stream.h"

static size_t on_read(char *bytes, size_t size, size_t count, void *arg)
{
    struct client_stream *stream = arg;
    struct slice rest = slice_from(stream->request.body, stream->mail_taken);
    size_t len = size * count < rest.len ? size * count : rest.len;

    if (len > 0) {
        memcpy(bytes, rest.ptr, len);
    }
    stream->mail_taken += len;
    return len;
}

/*
 * From now on libcurl has only QUIT to say, and its thread stands still until
 * that is answered.
 */
static void expect_quit(struct client_stream *stream)
{
    (void)stream->curl->easy_setopt(stream->easy,
                                    CURLOPT_SERVER_RESPONSE_TIMEOUT, 1L);
}

/* 221 answers QUIT. Once something was refused, so may another refusal; but
 * libcurl may also find another way: HELO after EHLO, LOGIN after PLAIN. */
static void note_reply(struct client_stream *stream, struct slice line,
                       int code)
{
    struct client_mail_reply *reply = &stream->reply;

    if (code == 221 || (reply->code >= 400 && code >= 400)) {
        return;
    }
    reply->code = code;
    reply->len =
        line.len < sizeof(reply->text) ? line.len : sizeof(reply->text);
    memcpy(reply->text, line.ptr, reply->len);
    if (code >= 400 || stream->mail_taken == stream->request.body.len) {
        expect_quit(stream);
    }
}

/* "250 2.0.0 Ok" */
static size_t on_line(char *bytes, size_t size, size_t count, void *arg)
{
    struct client_stream *stream = arg;
    struct slice line = slice_make(bytes, size * count);
    uint64_t code;

    stream->moved_ms = loop_now(loop_current());
    while (line.len > 0 && (unsigned char)line.ptr[line.len - 1] <= 0x20) {
        line.len--;
    }
    if (slice_to_u64(slice_head(line, 3), 599, &code)) {
        note_reply(stream, line, (int)code);
    }
    return size * count;
}

static enum status set_recipient(struct client_setup *setup,
                                 struct client_stream *stream)
{
    struct curl_slist *list =
        ARENA_NEW(&stream->request_memory, struct curl_slist);

    TRY_ALLOC(list);
    list->data = (char *)stream->request.mail->recipient;
    client_setup_pointer(setup, CURLOPT_MAIL_RCPT, list);
    return STATUS_OK;
}

/*
 * A connection of its own for each mail: libcurl does not try again on a new
 * one when the server has closed an idle one.
 */
enum status client_mail_setup(struct client_setup *setup,
                              struct client_stream *stream)
{
    const struct client_mail_copy *mail = stream->request.mail;
    CURLcode (*setopt)(CURL *, CURLoption, ...) = setup->curl->easy_setopt;

    stream->curl = setup->curl;
    client_setup_text(setup, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    client_setup_text(setup, CURLOPT_MAIL_FROM, mail->from);
    TRY(set_recipient(setup, stream));
    client_setup_long(setup, CURLOPT_USE_SSL,
                      mail->has_login ? CURLUSESSL_ALL : CURLUSESSL_TRY);
    if (mail->has_login) {
        client_setup_text(setup, CURLOPT_USERNAME, mail->user);
        client_setup_text(setup, CURLOPT_PASSWORD, mail->password);
        client_setup_text(setup, CURLOPT_LOGIN_OPTIONS,
                          "AUTH=PLAIN;AUTH=LOGIN");
    }
    client_setup_long(setup, CURLOPT_FRESH_CONNECT, 1);
    client_setup_long(setup, CURLOPT_FORBID_REUSE, 1);
    client_setup_long(setup, CURLOPT_UPLOAD, 1);
    client_setup_pointer(setup, CURLOPT_READDATA, stream);
    client_setup_keep(setup,
                      setopt(setup->easy, CURLOPT_READFUNCTION, on_read));
    client_setup_keep(setup,
                      setopt(setup->easy, CURLOPT_HEADERFUNCTION, on_line));
    client_setup_keep(setup, setopt(setup->easy, CURLOPT_INFILESIZE_LARGE,
                                    (curl_off_t)stream->request.body.len));
    return STATUS_OK;
}

/*
 * To MAIL, RCPT and DATA (libcurl: SEND_ERROR) or to the message itself. A
 * 5xx to the greeting or the password is about us, not about this mail.
 */
void client_mail_judge(struct client_stream *stream, int code)
{
    bool was_asked = code == CURLE_SEND_ERROR ||
                     stream->mail_taken == stream->request.body.len;

    stream->reply.refused =
        code != CURLE_OK && stream->reply.code >= 500 && was_asked;
}
