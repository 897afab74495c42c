/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/service.h"

#include "auth/token_random.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "crypto/equal.h"
#include "crypto/random.h"
#include "crypto/secret.h"

/* What the setting's keys may do. */
#define LIST_SCOPES SERVICE_SCOPE_READ
#define KEY_BYTES   32
/* How exactly it is known when a key was last used. */
#define USED_MS ((int64_t)60000)

struct service_list {
    size_t count;
    struct listed {
        struct slice name;
        unsigned char digest[SHA256_BYTES];
    } items[SERVICE_LIST_MAX];
};

struct reading {
    struct arena *arena;
    struct slice *why;
    struct service_list *list;
    size_t entry; /* from 1 */
};

/* Of service_by_hash. */
enum {
    SERVICE_ID,
    SERVICE_NAME,
    SERVICE_SCOPES,
    SERVICE_HASH
};

static enum status refuse_entry(const struct reading *reading, const char *what)
{
    TRY(arena_format(reading->arena, reading->why, "SERVICE_KEYS: entry %zu %s",
                     reading->entry, what));
    return STATUS_INVALID_VALUE;
}

bool service_name_is_good(struct slice name)
{
    const struct slice others = SLICE("._-");

    for (size_t i = 0; i < name.len; i++) {
        char c = ascii_lower(name.ptr[i]);

        if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) &&
            slice_find(others, c) == others.len) {
            return false;
        }
    }
    return name.len > 0 && name.len <= SERVICE_NAME_MAX;
}

static bool is_listed(const struct service_list *list, struct slice name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (slice_equal(list->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

static enum status add_entry(struct reading *reading, struct slice entry)
{
    struct service_list *list = reading->list;
    struct listed *item = &list->items[list->count];
    size_t colon = slice_find(entry, ':');
    struct slice name = slice_trim(slice_head(entry, colon));
    struct slice key = slice_trim(slice_from(entry, colon + 1));

    reading->entry++;
    if (list->count == SERVICE_LIST_MAX) {
        return refuse_entry(reading, "is one more than can be kept");
    }
    if (colon == entry.len || !service_name_is_good(name)) {
        return refuse_entry(reading, "does not begin with a name of letters, "
                                     "digits, '.', '_' and '-', and a colon");
    }
    if (is_listed(list, name)) {
        return refuse_entry(reading, "has the name of an earlier one");
    }
    if (key.len < SERVICE_KEY_MIN || key.len > SERVICE_KEY_MAX) {
        return refuse_entry(reading, "has a key that is shorter than 32 "
                                     "characters, or longer than 512");
    }
    TRY(slice_dup(reading->arena, name, &item->name));
    TRY(digest_sha256(key, item->digest));
    list->count++;
    return STATUS_OK;
}

enum status service_list_read(struct slice text, struct arena *arena,
                              struct slice *why,
                              const struct service_list **out)
{
    struct reading reading = {.arena = arena, .why = why};
    struct slice rest = text;
    struct slice entry;

    *why = SLICE("out of memory");
    reading.list = ARENA_NEW(arena, struct service_list);
    TRY_ALLOC(reading.list);
    while (text.len > 0 && slice_split(&rest, ',', &entry)) {
        TRY(add_entry(&reading, entry));
    }
    *why = SLICE_EMPTY;
    *out = reading.list;
    return STATUS_OK;
}

/* All of them are compared, so time does not tell which is near. */
static const struct listed *find_listed(const struct service_list *list,
                                        struct slice digest)
{
    const struct listed *found = NULL;

    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct listed *item = &list->items[i];
        struct slice own = slice_make(item->digest, sizeof(item->digest));

        found = equal_in_constant_time(own, digest) ? item : found;
    }
    return found;
}

static enum status write_hash(struct slice digest, struct arena *arena,
                              struct slice *out)
{
    struct buf buf;

    buf_init(&buf, arena, (size_t)2 * SHA256_BYTES);
    hex_encode(&buf, digest);
    return buf_finish(&buf, out);
}

static enum status find_row(const struct auth_call *call, struct slice digest,
                            struct service *out)
{
    struct value params[1];
    struct slice hash;
    struct rows rows;

    TRY(write_hash(digest, call->arena, &hash));
    params[0] = value_text(hash);
    TRY(auth_read(call, QUERY_service_by_hash, params, 1, &rows));
    if (rows.count == 0 ||
        !equal_in_constant_time(rows.values[SERVICE_HASH].text, hash)) {
        return STATUS_NOT_FOUND;
    }
    *out = (struct service){.id = rows.values[SERVICE_ID].text,
                            .name = rows.values[SERVICE_NAME].text,
                            .scopes = rows.values[SERVICE_SCOPES].text};
    return STATUS_OK;
}

enum status service_find(const struct auth_call *call,
                         const struct service_list *list, struct slice key,
                         struct service *out)
{
    unsigned char digest[SHA256_BYTES];
    const struct listed *listed;

    if (key.len < SERVICE_KEY_MIN || key.len > SERVICE_KEY_MAX) {
        return STATUS_NOT_FOUND;
    }
    TRY(digest_sha256(key, digest));
    listed = find_listed(list, slice_make(digest, sizeof(digest)));
    if (listed != NULL) {
        *out = (struct service){SLICE_EMPTY, listed->name, LIST_SCOPES};
        return STATUS_OK;
    }
    return key.len == SERVICE_KEY_LEN &&
                   slice_starts_with(key, SERVICE_KEY_PREFIX)
               ? find_row(call, slice_make(digest, sizeof(digest)), out)
               : STATUS_NOT_FOUND;
}

bool service_may(const struct service *service, struct slice scope)
{
    struct slice rest = service->scopes;
    struct slice one;

    while (slice_split(&rest, ' ', &one)) {
        if (slice_equal(one, scope)) {
            return true;
        }
    }
    return false;
}

enum status service_note_read(const struct auth_call *call,
                              const struct service *service,
                              const struct audit_note *about)
{
    const struct value used[] = {value_text(service->id),
                                 value_integer(call->now),
                                 value_integer(call->now - USED_MS)};
    const struct statement statement = STATEMENT(service_used, used);
    struct audit_note note = *about;

    note.event = AUDIT_SERVICE_READ;
    TRY(arena_format(call->arena, &note.actor, "service:%.*s",
                     SLICE_ARG(service->name)));
    return auth_write_noted(call, &statement, service->id.len > 0 ? 1 : 0, NULL,
                            &note);
}

static enum status make_key(struct arena *arena, struct slice *key,
                            struct slice *hash)
{
    unsigned char bytes[KEY_BYTES];
    unsigned char digest[SHA256_BYTES];
    struct buf buf;

    TRY(random_bytes(bytes, sizeof(bytes)));
    buf_init(&buf, arena, 2 * SERVICE_KEY_LEN);
    buf_add(&buf, SERVICE_KEY_PREFIX);
    base64url_encode(&buf, slice_make(bytes, sizeof(bytes)));
    secret_wipe(bytes, sizeof(bytes));
    TRY(buf_finish(&buf, key));
    TRY(digest_sha256(*key, digest));
    return write_hash(slice_make(digest, sizeof(digest)), arena, hash);
}

/* With a word for the audit. */
static enum status write_row(const struct auth_call *call,
                             struct statement statement, const char *what,
                             struct slice name)
{
    struct audit_note note = {.event = AUDIT_KEY};

    statement.must_change = true;
    TRY(arena_format(call->arena, &note.detail, "service key %.*s %s",
                     SLICE_ARG(name), what));
    return auth_write_noted(call, &statement, 1, NULL, &note);
}

enum status service_add(const struct auth_call *call, struct slice name,
                        struct slice scopes, struct slice *key)
{
    struct value values[5];
    struct slice hash;
    struct slice id;
    enum status status;

    TRY(make_key(call->arena, key, &hash));
    TRY(token_random_id(call->arena, &id));
    values[0] = value_text(id);
    values[1] = value_text(name);
    values[2] = value_text(hash);
    values[3] = value_text(scopes);
    values[4] = value_integer(call->now);
    status = write_row(call, STATEMENT(service_insert, values), "made", name);
    return status == STATUS_NOT_FOUND ? STATUS_TAKEN : status;
}

enum status service_revoke(const struct auth_call *call, struct slice name)
{
    const struct value values[] = {value_text(name), value_integer(call->now)};

    return write_row(call, STATEMENT(service_revoke, values), "revoked", name);
}

enum status service_rows(const struct auth_call *call, struct rows *out)
{
    return auth_read(call, QUERY_service_all, NULL, 0, out);
}
