/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

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

enum status audit_statement(const struct audit_note *note, struct slice id,
                            int64_t now, struct arena *arena,
                            struct audit_row *row, struct statement *out)
{
    struct slice network;

    TRY(network_of(note->address, arena, &network));
    row->values[0] = value_text(id);
    row->values[1] = value_integer(now);
    row->values[2] = value_text(audit_word(note->event));
    row->values[3] = value_text(note->actor);
    row->values[4] = note->subject.kind == VALUE_NULL ? value_text(SLICE_EMPTY)
                                                      : note->subject;
    row->values[5] = value_text(network);
    row->values[6] = value_text(slice_head(note->detail, AUDIT_DETAIL_MAX));
    *out = (struct statement){
        .query = QUERY_audit_insert, .params = row->values, .param_count = 7};
    return STATUS_OK;
}
