/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/export.h"

#include "auth/record_json.h"
#include "auth/user.h"
#include "codec/iso_date.h"
#include "reader/export_audit.h"
#include "reader/profile.h"
#include "reader/progress.h"

/* Above all limits of what readers can store together. */
#define EXPORT_BYTES_MAX ((size_t)48 << 20)

struct document {
    const struct reader *reader;
    const struct auth_call *call;
    struct record user;
    struct slice user_id;
    struct json_writer json;
};

static void write_text(struct json_writer *json, struct slice name,
                       struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

/* null for 0. */
static void write_time(struct json_writer *json, struct slice name, int64_t ms)
{
    char text[ISO_DATE_SIZE];

    json_write_name(json, name);
    if (ms == 0) {
        json_write_null(json);
        return;
    }
    iso_date_print(ms, text);
    json_write_text(json, slice_make(text, sizeof(text)));
}

static enum status write_account(struct document *document)
{
    record_write(&document->json, &document->user);
    return STATUS_OK;
}

/* The rows of one of Better Auth's tables, each by `write`. */
static enum status write_records(struct document *document, enum table_id table,
                                 const struct rows *rows,
                                 void (*write)(struct document *document,
                                               const struct record *record))
{
    const struct auth_call *call = document->call;

    json_write_array(&document->json);
    for (size_t i = 0; i < rows->count; i++) {
        struct record record;

        TRY(record_take(&call->auth->schema->tables[table], rows, i, 0,
                        call->arena, &record));
        json_write_object(&document->json);
        write(document, &record);
        json_write_end(&document->json);
    }
    json_write_end(&document->json);
    return STATUS_OK;
}

static bool is_acted(const struct document *document,
                     const struct record *session)
{
    size_t column = document->call->auth->schema->session_impersonated_by;

    return column != COLUMN_NONE && record_text(session, column).len > 0;
}

static void write_session(struct document *document,
                          const struct record *session)
{
    bool acted = is_acted(document, session);
    struct json_writer *json = &document->json;

    record_write_member(json, session, SESSION_ID);
    record_write_member(json, session, SESSION_CREATED_AT);
    record_write_member(json, session, SESSION_UPDATED_AT);
    record_write_member(json, session, SESSION_EXPIRES_AT);
    json_write_name(json, SLICE("by_administrator"));
    json_write_bool(json, acted);
    if (!acted) {
        record_write_member(json, session, SESSION_IP_ADDRESS);
        record_write_member(json, session, SESSION_USER_AGENT);
    }
    for (size_t i = SESSION_COLUMNS; i < session->table->column_count; i++) {
        if (session->table->columns[i].additional) {
            record_write_member(json, session, i);
        }
    }
}

/* Those that are over too, while their rows are there. */
static enum status write_sessions(struct document *document)
{
    const struct value params[] = {value_text(document->user_id),
                                   value_time(0)};
    struct rows rows;

    TRY(auth_read(document->call, QUERY_sessions_of_user, params, 2, &rows));
    return write_records(document, TABLE_SESSION, &rows, write_session);
}

static void write_method(struct document *document,
                         const struct record *account)
{
    static const size_t shown[] = {ACCOUNT_ID,         ACCOUNT_PROVIDER_ID,
                                   ACCOUNT_ACCOUNT_ID, ACCOUNT_SCOPE,
                                   ACCOUNT_CREATED_AT, ACCOUNT_UPDATED_AT};

    for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
        record_write_member(&document->json, account, shown[i]);
    }
    for (size_t i = ACCOUNT_COLUMNS; i < account->table->column_count; i++) {
        record_write_member(&document->json, account, i);
    }
}

static enum status write_methods(struct document *document)
{
    const struct value params[] = {value_text(document->user_id)};
    struct rows rows;

    TRY(auth_read(document->call, QUERY_accounts_of_user, params, 1, &rows));
    return write_records(document, TABLE_ACCOUNT, &rows, write_method);
}

static enum status write_profile(struct document *document)
{
    struct json_writer *json = &document->json;
    struct profile profile;

    TRY(profile_read(document->reader, document->call, document->user_id,
                     &profile));
    json_write_object(json);
    json_write_name(json, SLICE("answers"));
    json_write_raw(json, profile.json);
    json_write_name(json, SLICE("version"));
    json_write_int64(json, profile.version);
    json_write_name(json, SLICE("consent_version"));
    if (profile.consent_at == 0) {
        json_write_null(json);
    } else {
        json_write_text(json, profile.consent_version);
    }
    write_time(json, SLICE("consent_at"), profile.consent_at);
    json_write_name(json, SLICE("merged_from"));
    json_write_raw(json, profile.merges.len > 0 ? profile.merges : SLICE("[]"));
    write_time(json, SLICE("created_at"), profile.created_at);
    write_time(json, SLICE("updated_at"), profile.updated_at);
    json_write_end(json);
    return STATUS_OK;
}

static enum status write_profile_history(struct document *document)
{
    struct slice history;

    TRY(profile_history(document->reader, document->call, document->user_id,
                        &history));
    json_write_raw(&document->json, history);
    return STATUS_OK;
}

static enum status write_progress(struct document *document)
{
    struct slice list;

    TRY(progress_list(document->reader, document->call, document->user_id, 0,
                      &list));
    json_write_raw(&document->json, list);
    return STATUS_OK;
}

/* Without their text: it has the links that open things. */
static enum status write_mails(struct document *document)
{
    const struct value params[] = {document->user.values[USER_EMAIL]};
    struct json_writer *json = &document->json;
    struct rows rows;

    TRY(auth_read(document->call, QUERY_outbox_to, params, 1, &rows));
    json_write_array(json);
    for (size_t i = 0; i < rows.count; i++) {
        const struct value *row = &rows.values[i * rows.width];

        json_write_object(json);
        write_text(json, SLICE("kind"), row[0].text);
        write_text(json, SLICE("subject"), row[1].text);
        json_write_name(json, SLICE("attempts"));
        json_write_int64(json, row[2].number);
        write_time(json, SLICE("created_at"), row[3].number);
        json_write_end(json);
    }
    json_write_end(json);
    return STATUS_OK;
}

static enum status write_audit(struct document *document)
{
    return export_audit(document->reader, document->call, document->user_id,
                        &document->json);
}

/* A table without its function here does not compile. */
static const struct {
    struct slice name;
    enum status (*write)(struct document *document);
} parts[] = {
    {SLICE_INIT("account"), write_account},
    {SLICE_INIT("sign_in_methods"), write_methods},
    {SLICE_INIT("sessions"), write_sessions},
#define HOLDING(name, table) {SLICE_INIT(#name), write_##name},
#include "store/holdings.def"
#undef HOLDING
    {SLICE_INIT("mails_waiting"), write_mails},
    {SLICE_INIT("audit"), write_audit},
};

static enum status write_parts(struct document *document)
{
    struct json_writer *json = &document->json;

    json_write_object(json);
    write_text(json, SLICE("format"), SLICE("bookplate-reader-1"));
    write_time(json, SLICE("exported_at"), document->call->now);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        json_write_name(json, parts[i].name);
        TRY(parts[i].write(document));
    }
    json_write_end(json);
    return STATUS_OK;
}

/* Only for somebody who is there. */
static enum status note_it(const struct auth_call *call, struct slice user_id)
{
    const struct value id = value_text(user_id);
    const struct audit_note note = {.event = AUDIT_EXPORT, .subject = id};
    const struct statement statement = {.query = QUERY_user_lock,
                                        .params = &id,
                                        .param_count = 1,
                                        .must_change = true};

    return auth_write_noted(call, &statement, 1, NULL, &note);
}

enum status export_make(const struct reader *reader,
                        const struct auth_call *call, struct slice user_id,
                        struct slice *json)
{
    struct document document = {
        .reader = reader, .call = call, .user_id = user_id};
    struct buf buf;

    TRY(note_it(call, user_id));
    TRY(user_by_id(call, user_id, &document.user));
    buf_init(&buf, call->arena, EXPORT_BYTES_MAX);
    json_writer_init(&document.json, &buf);
    TRY(write_parts(&document));
    return json_write_finish(&document.json, json);
}
