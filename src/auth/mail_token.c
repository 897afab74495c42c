/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/mail_token.h"

#include "auth/secret_jwt.h"
#include "codec/json_read.h"
#include "codec/json_write.h"

/* Two addresses of 320 characters, escaped, and a few words. */
#define PAYLOAD_LIMIT ((size_t)4096)
#define VALUES_MAX    32

static void write_text(struct json_writer *json, struct slice name,
                       struct slice text)
{
    if (text.len > 0) {
        json_write_name(json, name);
        json_write_text(json, text);
    }
}

static void write_time(struct json_writer *json, struct slice name, int64_t ms)
{
    json_write_name(json, name);
    json_write_int64(json, ms / 1000);
}

enum status mail_token_make(const struct secrets *secrets,
                            const struct mail_token *token, struct arena *arena,
                            struct slice *out)
{
    struct json_writer json;
    struct slice payload;
    struct buf buf;

    buf_init(&buf, arena, PAYLOAD_LIMIT);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    write_text(&json, SLICE("email"), token->email);
    write_text(&json, SLICE("updateTo"), token->update_to);
    write_text(&json, SLICE("requestType"), token->request_type);
    write_text(&json, SLICE("userId"), token->user_id);
    write_time(&json, SLICE("iat"), token->issued_ms);
    write_time(&json, SLICE("exp"), token->expires_ms);
    json_write_end(&json);
    TRY(json_write_finish(&json, &payload));
    return secret_jwt_make(secrets, payload, arena, out);
}

static bool read_optional(const struct json *payload, struct slice name,
                          struct slice *out)
{
    const struct json *member = json_get(payload, name);

    *out = SLICE_EMPTY;
    return member == NULL || json_text(member, out) == STATUS_OK;
}

static void read_issued(const struct json *payload, int64_t *issued_ms)
{
    int64_t seconds;

    *issued_ms = 0;
    if (json_int64(json_get(payload, SLICE("iat")), &seconds) == STATUS_OK &&
        seconds > 0 && seconds < INT64_MAX / 1000) {
        *issued_ms = seconds * 1000;
    }
}

enum status mail_token_open(const struct secrets *secrets, struct slice text,
                            int64_t now_ms, struct arena *arena,
                            struct mail_token *out)
{
    const struct json_limits limits = {.bytes = PAYLOAD_LIMIT,
                                       .values = VALUES_MAX};
    const struct json *all;
    struct mail_token token;
    struct slice payload;
    enum status status;

    TRY(secret_jwt_open(secrets, text, arena, &payload));
    status = json_parse(arena, payload, limits, &all);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_INVALID_TOKEN;
    }
    TRY(secret_jwt_check_time(all, now_ms, &token.expires_ms));
    if (json_text(json_get(all, SLICE("email")), &token.email) != STATUS_OK ||
        token.email.len == 0 ||
        !read_optional(all, SLICE("updateTo"), &token.update_to) ||
        !read_optional(all, SLICE("requestType"), &token.request_type) ||
        !read_optional(all, SLICE("userId"), &token.user_id)) {
        return STATUS_INVALID_TOKEN;
    }
    read_issued(all, &token.issued_ms);
    *out = token;
    return STATUS_OK;
}
