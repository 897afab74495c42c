/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/verify.h"

#include "codec/hex.h"

#include <inttypes.h>

#define PAGE_ROWS ((int64_t)1000)
/* Of a page of the longest rows, and what hashing them takes. */
#define PAGE_MEMORY ((size_t)64 << 20)
/* The head moves twice a second, the last look takes a moment. */
#define TRIES_MAX 100

struct walk {
    const struct audit_check *check;
    struct arena *arena; /* the caller's */
    struct audit_finding *out;
    int64_t seq; /* of the last row that fits */
    char hash[AUDIT_HASH_LEN];
    size_t len;
};

/*
 * STATUS_CLOSED ends the walk: there is something to say. Numbers that
 * somebody wrote into the table are any there are.
 */
#define COMPLAIN(walk, ...)                                                    \
    (arena_format((walk)->arena, &(walk)->out->problem, __VA_ARGS__) ==        \
             STATUS_OK                                                         \
         ? STATUS_CLOSED                                                       \
         : STATUS_NO_MEMORY)

static struct slice last_hash(const struct walk *walk)
{
    return slice_make(walk->hash, walk->len);
}

static enum status check_number(struct walk *walk, int64_t seq)
{
    if (seq == walk->seq + 1) {
        return STATUS_OK;
    }
    if (seq <= walk->seq) { /* the first of all, and below 1 */
        return COMPLAIN(walk, "row %" PRId64 " was added: numbers begin with 1",
                        seq);
    }
    return seq == walk->seq + 2
               ? COMPLAIN(walk, "row %" PRId64 " is missing", walk->seq + 1)
               : COMPLAIN(walk, "rows %" PRId64 " to %" PRId64 " are missing",
                          walk->seq + 1, seq - 1);
}

static enum status check_anchors(struct walk *walk,
                                 const struct audit_entry *entry)
{
    for (size_t i = 0; i < walk->check->anchor_count; i++) {
        const struct audit_anchor *anchor = &walk->check->anchors[i];

        if (anchor->seq == entry->seq &&
            !slice_equal_nocase(anchor->hash, entry->hash)) {
            return COMPLAIN(walk,
                            "row %" PRId64 " has another hash than the one "
                            "given: it or rows before it were written anew",
                            entry->seq);
        }
    }
    return STATUS_OK;
}

static enum status check_row(struct walk *walk, const struct audit_entry *entry,
                             struct arena *page)
{
    struct slice hash;

    TRY(check_number(walk, entry->seq));
    TRY(audit_entry_hash(entry, last_hash(walk), page, &hash));
    if (!slice_equal(hash, entry->hash)) {
        return COMPLAIN(walk,
                        "row %" PRId64 " was changed, or is not the one that "
                        "followed row %" PRId64,
                        entry->seq, walk->seq);
    }
    TRY(check_anchors(walk, entry));
    walk->seq = entry->seq;
    walk->len = AUDIT_HASH_LEN;
    memcpy(walk->hash, hash.ptr, AUDIT_HASH_LEN);
    walk->out->rows++;
    return STATUS_OK;
}

static enum status read_page(struct walk *walk, struct arena *page,
                             struct rows *rows)
{
    /* At first below any number somebody may have given to a row. */
    const struct value params[] = {
        value_integer(walk->seq == 0 ? INT64_MIN : walk->seq),
        value_integer(PAGE_ROWS)};
    const struct statement statement = {
        .query = QUERY_audit_page, .params = params, .param_count = 2};

    return store_read(walk->check->store, &statement, page, rows);
}

static enum status walk_page(struct walk *walk, struct arena *page,
                             size_t *count)
{
    struct audit_entry entry;
    struct rows rows;

    TRY(read_page(walk, page, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        audit_entry_take(&rows, i, &entry);
        TRY(check_row(walk, &entry, page));
    }
    *count = rows.count;
    return STATUS_OK;
}

static enum status walk_rows(struct walk *walk)
{
    CLEANUP(arena_release) struct arena page;
    size_t count = 0;

    arena_init(&page, PAGE_MEMORY);
    do {
        arena_reset(&page);
        TRY(walk_page(walk, &page, &count));
    } while (count > 0);
    return STATUS_OK;
}

static enum status check_head(struct walk *walk, const struct rows *head)
{
    int64_t seq;

    if (head->count == 0) {
        return COMPLAIN(walk, "the head of the chain is missing");
    }
    seq = head->values[0].number;
    if (seq < walk->seq) {
        return COMPLAIN(walk,
                        "row %" PRId64 " was added, or the head was changed: "
                        "it ends the chain at row %" PRId64,
                        seq + 1, seq);
    }
    if (seq > walk->seq) {
        return COMPLAIN(walk,
                        "the chain was cut off behind row %" PRId64 ": its "
                        "head says that there are %" PRId64,
                        walk->seq, seq);
    }
    return slice_equal(head->values[1].text, last_hash(walk))
               ? STATUS_OK
               : COMPLAIN(walk,
                          "the head of the chain has another hash than row "
                          "%" PRId64,
                          walk->seq);
}

/* Those that no row answered. */
static enum status check_far_anchors(struct walk *walk)
{
    for (size_t i = 0; i < walk->check->anchor_count; i++) {
        if (walk->check->anchors[i].seq > walk->seq) {
            return COMPLAIN(walk,
                            "row %" PRId64 ", whose hash was given, is "
                            "missing: the chain was cut off",
                            walk->check->anchors[i].seq);
        }
    }
    return STATUS_OK;
}

static enum status read_head(const struct walk *walk, struct rows *head)
{
    const struct statement statement = {.query = QUERY_audit_head};

    return store_read(walk->check->store, &statement, walk->arena, head);
}

static int64_t head_seq(const struct rows *head)
{
    return head->count == 0 ? -1 : head->values[0].number;
}

/*
 * Rows may follow while we walk, and the head with them; when it stood still
 * from before the last of them were read to after, it and they must agree.
 */
static enum status walk_all(struct walk *walk)
{
    struct rows before;
    struct rows after;

    for (int tries = 0; tries < TRIES_MAX; tries++) {
        TRY(read_head(walk, &before));
        TRY(walk_rows(walk));
        TRY(read_head(walk, &after));
        if (head_seq(&before) == head_seq(&after)) {
            TRY(check_head(walk, &after));
            return check_far_anchors(walk);
        }
    }
    return STATUS_UNAVAILABLE;
}

static enum status count_waiting(const struct walk *walk)
{
    const struct statement statement = {.query = QUERY_audit_waiting_count};
    struct rows rows;

    TRY(store_read(walk->check->store, &statement, walk->arena, &rows));
    walk->out->waiting = rows.values[0].number;
    return STATUS_OK;
}

enum status audit_verify(const struct audit_check *check, struct arena *arena,
                         struct audit_finding *out)
{
    struct walk walk = {.check = check, .arena = arena, .out = out};
    enum status status;

    *out = (struct audit_finding){.problem = SLICE_EMPTY};
    status = walk_all(&walk);
    TRY(status == STATUS_CLOSED ? STATUS_OK : status);
    TRY(count_waiting(&walk));
    return slice_dup(arena, last_hash(&walk), &out->hash);
}

enum status audit_anchor_read(struct slice text, struct audit_anchor *out)
{
    size_t colon = slice_find(text, ':');
    uint64_t seq;

    if (!slice_to_u64(slice_head(text, colon), INT64_MAX, &seq) || seq == 0) {
        return STATUS_INVALID_VALUE;
    }
    *out = (struct audit_anchor){(int64_t)seq, slice_from(text, colon + 1)};
    for (size_t i = 0; i < out->hash.len; i++) {
        if (hex_digit(out->hash.ptr[i]) < 0) {
            return STATUS_INVALID_VALUE;
        }
    }
    return out->hash.len == AUDIT_HASH_LEN ? STATUS_OK : STATUS_INVALID_VALUE;
}
