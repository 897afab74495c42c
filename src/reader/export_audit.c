/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/export_audit.h"

#include "audit/list.h"
#include "codec/iso_date.h"

/* What the reader has been called under each key. */
struct own_names {
    struct slice items[AUDIT_KEYS_MAX];
    size_t count;
};

static enum status own_names_make(const struct reader *reader,
                                  const struct auth_call *call,
                                  struct slice user_id, struct own_names *out)
{
    out->count = audit_names_count(reader->names);
    for (size_t i = 0; i < out->count; i++) {
        TRY(audit_name(reader->names, i, user_id, call->arena, &out->items[i]));
    }
    return STATUS_OK;
}

static bool is_own(const struct own_names *own, struct slice name)
{
    for (size_t i = 0; i < own->count; i++) {
        if (slice_equal(own->items[i], name)) {
            return true;
        }
    }
    return false;
}

static struct slice person(const struct own_names *own, struct slice name)
{
    if (name.len == 0 || audit_is_word(name)) {
        return name;
    }
    return is_own(own, name) ? SLICE("you") : SLICE("another");
}

static void write_member(struct json_writer *json, struct slice name,
                         struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

static void write_entry(struct json_writer *json, const struct own_names *own,
                        const struct audit_entry *entry)
{
    struct slice by = person(own, entry->actor);
    bool by_another = slice_equal(by, SLICE("another"));
    char at[ISO_DATE_SIZE];

    iso_date_print(entry->created_ms, at);
    json_write_object(json);
    write_member(json, SLICE("at"), slice_make(at, sizeof(at)));
    write_member(json, SLICE("event"), entry->event);
    write_member(json, SLICE("by"), by);
    write_member(json, SLICE("to"), person(own, entry->subject));
    write_member(json, SLICE("network"),
                 by_another ? SLICE_EMPTY : entry->network);
    write_member(json, SLICE("detail"), entry->detail);
    json_write_end(json);
}

enum status export_audit(const struct reader *reader,
                         const struct auth_call *call, struct slice user_id,
                         struct json_writer *json)
{
    const struct audit_question question = {.store = call->auth->store,
                                            .names = reader->names,
                                            .user_id = user_id,
                                            .limit = (int64_t)STORE_ROWS_MAX};
    struct own_names own;
    struct audit_list list;

    TRY(own_names_make(reader, call, user_id, &own));
    TRY(audit_list_read(&question, call->arena, &list));
    json_write_array(json);
    for (size_t i = 0; i < list.count; i++) {
        write_entry(json, &own, &list.entries[i]);
    }
    json_write_end(json);
    return STATUS_OK;
}
