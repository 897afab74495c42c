/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/sign_up.h"

#include "auth/email.h"
#include "auth/password.h"
#include "auth/post.h"

/* Everything a sign-up writes. */
struct writing {
    struct value user[QUERY_PARAMS_MAX];
    struct value account[QUERY_PARAMS_MAX];
    struct session_insert session;
    struct post_insert letter;
    struct statement statements[4 + SIGN_UP_ADDED_MAX];
    size_t count;
};

static bool hides_who_is_here(const struct auth_settings *settings)
{
    return settings->require_verification || !settings->auto_sign_in;
}

static enum status make_user(const struct auth_call *call,
                             const struct sign_up *in, struct value *values)
{
    TRY(user_row_init(call, in->name, in->email, values));
    values[USER_IMAGE] = value_text_or_null(in->image);
    for (size_t i = 0; i < in->fields->count; i++) {
        values[in->fields->items[i].column] = in->fields->items[i].value;
    }
    return STATUS_OK;
}

/* The row nobody will find: what a stranger sees for a taken address. */
static enum status make_up(const struct auth_call *call,
                           const struct sign_up *in, struct signed_up *out)
{
    const struct table *table = &call->auth->schema->tables[TABLE_USER];
    struct value *values =
        arena_alloc(call->arena, table->column_count * sizeof(*values));
    const struct post_letter letter = {
        .kind = MAIL_EXISTING_ACCOUNT, .to = in->email, .name = in->name};

    TRY_ALLOC(values);
    TRY(make_user(call, in, values));
    if (values[USER_ID].kind == VALUE_NULL) { /* the database counts */
        values[USER_ID] = value_text(SLICE("0"));
    }
    *out = (struct signed_up){.user = {table, values}};
    return call->auth->settings.can_mail ? post_send(call, &letter) : STATUS_OK;
}

static enum status add_letter(const struct auth_call *call,
                              const struct sign_up *in, struct writing *writing)
{
    struct post_letter letter = {
        .kind = MAIL_VERIFY_EMAIL, .to = in->email, .name = in->name};

    const struct value *id = &writing->user[USER_ID];
    struct email_link link = {.email = in->email, .callback = in->callback};

    /* Where the database counts, the number is not known yet. */
    link.user_id = id->kind == VALUE_TEXT ? id->text : SLICE_EMPTY;
    TRY(email_link_make(call, &link, &letter.url));
    TRY(post_insert_make(call, &letter, &writing->letter));
    writing->statements[writing->count++] = writing->letter.statement;
    return STATUS_OK;
}

static bool wants_letter(const struct auth_settings *settings)
{
    return settings->send_on_sign_up && settings->can_mail;
}

static enum status add_more(const struct auth_call *call,
                            const struct sign_up *in, struct writing *writing)
{
    size_t count = 0;

    TRY(in->more->add(in->more, call, value_result(0, USER_ID),
                      &writing->statements[writing->count], &count));
    writing->count += count;
    return STATUS_OK;
}

static enum status prepare(const struct auth_call *call,
                           const struct sign_up *in, struct slice hash,
                           struct writing *writing)
{
    const struct auth_settings *settings = &call->auth->settings;
    const struct table *tables = call->auth->schema->tables;
    const struct session_wish wish = {.user_id = value_result(0, USER_ID),
                                      .brief = in->brief};

    TRY(make_user(call, in, writing->user));
    TRY(account_row_init(call, value_result(0, USER_ID), hash,
                         writing->account));
    writing->statements[0] =
        (struct statement){.query = QUERY_user_insert,
                           .params = writing->user,
                           .param_count = tables[TABLE_USER].column_count,
                           .must_change = true};
    writing->statements[1] =
        (struct statement){.query = QUERY_account_insert,
                           .params = writing->account,
                           .param_count = tables[TABLE_ACCOUNT].column_count};
    writing->count = 2;
    if (settings->auto_sign_in && !settings->require_verification) {
        TRY(session_insert_make(call, &wish, &writing->session));
        writing->statements[writing->count++] = writing->session.statement;
    }
    if (wants_letter(settings)) {
        TRY(add_letter(call, in, writing));
    }
    return in->more == NULL ? STATUS_OK : add_more(call, in, writing);
}

static enum status commit(const struct auth_call *call, struct writing *writing,
                          struct signed_up *out)
{
    const struct table *tables = call->auth->schema->tables;
    const struct audit_note note = {.event = AUDIT_SIGN_UP,
                                    .subject = value_result(0, USER_ID)};
    struct rows rows[4 + SIGN_UP_ADDED_MAX];
    enum status status = auth_write_noted(call, writing->statements,
                                          writing->count, rows, &note);

    if (status == STATUS_TAKEN) { /* since we looked */
        return STATUS_USER_ALREADY_EXISTS;
    }
    TRY(status == STATUS_INVALID_VALUE ? STATUS_FAILED_TO_CREATE_USER : status);
    TRY(record_take(&tables[TABLE_USER], &rows[0], 0, 0, call->arena,
                    &out->user));
    if (writing->session.token.ptr == NULL) {
        return STATUS_OK;
    }
    out->has_session = true;
    return record_take(&tables[TABLE_SESSION], &rows[2], 0, 0, call->arena,
                       &out->session);
}

static enum status write_all(const struct auth_call *call,
                             const struct sign_up *in, struct slice hash,
                             struct signed_up *out)
{
    struct writing *writing = ARENA_NEW(call->arena, struct writing);

    TRY_ALLOC(writing);
    TRY(prepare(call, in, hash, writing));
    TRY(commit(call, writing, out));
    if (wants_letter(&call->auth->settings)) {
        post_wake(call);
    }
    return STATUS_OK;
}

enum status sign_up_open(const struct auth_call *call, struct slice password)
{
    const struct auth_settings *settings = &call->auth->settings;

    return settings->sign_up && settings->sign_in
               ? password_check_length(call, password)
               : STATUS_EMAIL_PASSWORD_SIGN_UP_DISABLED;
}

enum status sign_up(const struct auth_call *call, const struct sign_up *in,
                    struct signed_up *out)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct record existing;
    struct slice hash;
    enum status status;

    *out = (struct signed_up){0};
    TRY(sign_up_open(call, in->password));
    TRY(password_check(call, in->password));
    status = user_by_email(call, in->email, &existing);
    if (status == STATUS_OK && !hides_who_is_here(settings)) {
        return STATUS_USER_ALREADY_EXISTS;
    }
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    TRY(password_hash(call, in->password, &hash));
    if (status == STATUS_OK) {
        return make_up(call, in, out);
    }
    status = write_all(call, in, hash, out);
    if (status == STATUS_USER_ALREADY_EXISTS && hides_who_is_here(settings)) {
        return make_up(call, in, out);
    }
    return status;
}
