/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/profile_parts.h"

#include "codec/iso_date.h"
#include "codec/json_write.h"
#include "reader/vault.h"

/* Each change holds at most all answers twice. */
#define ANSWER_BYTES_MAX ((size_t)16 << 20)

/* Of profile_history_of_user. */
enum history_column {
    HISTORY_ID,
    HISTORY_VERSION,
    HISTORY_ACTOR,
    HISTORY_CHANGES,
    HISTORY_CREATED_AT
};

static enum status write_one(const struct reader *reader,
                             const struct auth_call *call,
                             const struct record *row, struct json_writer *json)
{
    const struct vault_place place =
        profile_history_place(record_text(row, HISTORY_ID));
    char at[ISO_DATE_SIZE];
    struct slice changes;

    TRY(vault_open(reader->vault, call, &place,
                   record_text(row, HISTORY_CHANGES), &changes));
    iso_date_print(record_number(row, HISTORY_CREATED_AT), at);
    json_write_object(json);
    json_write_name(json, SLICE("version"));
    json_write_int64(json, record_number(row, HISTORY_VERSION));
    json_write_name(json, SLICE("at"));
    json_write_text(json, slice_make(at, sizeof(at)));
    json_write_name(json, SLICE("actor"));
    json_write_text(json, record_text(row, HISTORY_ACTOR));
    json_write_name(json, SLICE("changes"));
    json_write_raw(json, changes);
    json_write_end(json);
    return STATUS_OK;
}

enum status profile_history(const struct reader *reader,
                            const struct auth_call *call, struct slice user_id,
                            struct slice *json)
{
    const struct value params[] = {value_text(user_id)};
    struct json_writer writer;
    struct rows rows;
    struct buf buf;

    TRY(auth_read(call, QUERY_profile_history_of_user, params, 1, &rows));
    buf_init(&buf, call->arena, ANSWER_BYTES_MAX);
    json_writer_init(&writer, &buf);
    json_write_array(&writer);
    for (size_t i = 0; i < rows.count; i++) {
        const struct record row = {.values = &rows.values[i * rows.width]};

        TRY(write_one(reader, call, &row, &writer));
    }
    json_write_end(&writer);
    return json_write_finish(&writer, json);
}
