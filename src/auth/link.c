/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/link.h"

#include "auth/post.h"
#include "base/buf.h"
#include "codec/percent.h"

/* A callback of the longest kind, encoded. */
#define LINK_MAX ((size_t)16384)

static enum status url_of(const struct auth_call *call, const struct link *link,
                          struct slice *url)
{
    struct buf buf;

    buf_init(&buf, call->arena, LINK_MAX);
    buf_add(&buf, call->auth->base_url);
    buf_add(&buf, link->address);
    percent_encode(&buf, link->callback);
    return buf_finish(&buf, url);
}

enum status link_send(const struct auth_call *call, const struct link *link,
                      const struct record *user)
{
    struct post_letter letter = {.kind = link->kind,
                                 .to = record_text(user, USER_EMAIL),
                                 .name = record_text(user, USER_NAME)};
    struct value row[VERIFICATION_COLUMNS];
    struct value of[] = {user->values[USER_ID]};
    struct statement statements[] = {
        STATEMENT(user_lock, of),
        STATEMENT(verification_insert, row),
        {0},
    };
    struct post_insert mail;
    enum status status;

    TRY(auth_new_id(call, &row[VERIFICATION_ID]));
    row[VERIFICATION_IDENTIFIER] = value_text(link->identifier);
    row[VERIFICATION_VALUE] = user->values[USER_ID];
    row[VERIFICATION_EXPIRES_AT] = value_time(call->now + link->lives_ms);
    row[VERIFICATION_CREATED_AT] = value_time(call->now);
    row[VERIFICATION_UPDATED_AT] = value_time(call->now);
    TRY(url_of(call, link, &letter.url));
    TRY(post_insert_make(call, &letter, &mail));
    statements[0].must_change = true;
    statements[2] = mail.statement;
    status = auth_write(call, statements, 3, NULL);
    /* Deleted since we looked: nothing is to be left of them. */
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    post_wake(call);
    return STATUS_OK;
}
