/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "base/clock.h"

/* Of the whole process: whoever makes a row, the chain looks for it. */
static _Atomic int64_t last_ms;

static const struct {
    struct slice word;
    struct slice text;
} events[AUDIT_EVENTS] = {
#define AUDIT(name, word, text) {SLICE_INIT(word), SLICE_INIT(text)},
#include "audit/audit.def"
#undef AUDIT
};

struct slice audit_word(enum audit_event event)
{
    return events[event].word;
}

struct slice audit_text(enum audit_event event)
{
    return events[event].text;
}

bool audit_find(struct slice word, enum audit_event *out)
{
    for (size_t i = 0; i < AUDIT_EVENTS; i++) {
        if (slice_equal(events[i].word, word)) {
            *out = (enum audit_event)i;
            return true;
        }
    }
    return false;
}

bool audit_is_word(struct slice actor)
{
    return slice_equal(actor, SLICE("command")) ||
           slice_equal(actor, SLICE("sweep")) ||
           slice_starts_with(actor, SLICE("service:"));
}

/* The first half of an address: enough to see a pattern, not a person. */
static enum status network_of(struct slice address, struct arena *arena,
                              struct slice *out)
{
    size_t dots = 0;

    for (size_t i = 0; i < address.len; i++) {
        dots += address.ptr[i] == '.' ? 1 : 0;
        if (dots == 2) {
            return arena_format(arena, out, "%.*s.0.0/16",
                                SLICE_ARG(slice_head(address, i)));
        }
    }
    /* Of IPv6 the network is all that is ever known (limit/key.h). */
    *out = address;
    return STATUS_OK;
}

/* Not in the middle of a character, which no database would take. */
static struct slice short_detail(struct slice detail)
{
    size_t len = detail.len;

    if (len > AUDIT_DETAIL_MAX) {
        len = AUDIT_DETAIL_MAX;
        while (len > 0 && ((unsigned char)detail.ptr[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    return slice_head(detail, len);
}

static const enum query_id inserts[] = {
    [AUDIT_OF_ID] = QUERY_audit_insert,
    [AUDIT_OF_USER] = QUERY_audit_insert_of_user,
    [AUDIT_OF_SESSION] = QUERY_audit_insert_of_session,
    [AUDIT_OF_EMAIL] = QUERY_audit_insert_of_email,
    [AUDIT_OF_MANY] = QUERY_audit_insert_of_many,
};

enum status audit_statement(const struct audit_note *note, struct arena *arena,
                            struct audit_row *row, struct statement *out)
{
    struct slice network;

    TRY(network_of(note->address, arena, &network));
    row->values[0] = value_text(note->id);
    row->values[1] = value_integer(note->now);
    row->values[2] = value_text(audit_word(note->event));
    row->values[3] = value_text(note->actor);
    row->values[4] = note->subject.kind == VALUE_NULL ? value_text(SLICE_EMPTY)
                                                      : note->subject;
    row->values[5] = value_text(network);
    row->values[6] = value_text(short_detail(note->detail));
    row->values[7] = value_text(note->owner);
    if (note->of == AUDIT_OF_MANY) { /* the list is its last parameter */
        row->values[6] = row->values[4];
        row->values[4] = row->values[5];
        row->values[5] = value_text(short_detail(note->detail));
    }
    *out = (struct statement){
        .query = inserts[note->of],
        .params = row->values,
        .param_count = note->of == AUDIT_OF_SESSION ? 8 : 7,
    };
    atomic_store_explicit(&last_ms, clock_mono_ms(), memory_order_relaxed);
    return STATUS_OK;
}

int64_t audit_last_ms(void)
{
    return atomic_load_explicit(&last_ms, memory_order_relaxed);
}
