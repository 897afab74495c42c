/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entry.h"

#include "audit/audit.h"
#include "base/buf.h"
#include "codec/hex.h"
#include "crypto/digest.h"

/* Says which encoding this is, should there ever be another. */
#define ENCODING SLICE("bookplate-audit-1")
/* Columns that somebody wrote may be longer than ours ever are. */
#define ENCODED_MAX ((size_t)1 << 20)

static struct slice text_of(const struct value *value)
{
    return value->kind == VALUE_TEXT ? value->text : SLICE_EMPTY;
}

static int64_t number_of(const struct value *value)
{
    return value->kind == VALUE_INTEGER ? value->number : 0;
}

static void take(const struct value *values, struct audit_entry *out)
{
    out->id = text_of(&values[0]);
    out->created_ms = number_of(&values[1]);
    out->event = text_of(&values[2]);
    out->actor = text_of(&values[3]);
    out->subject = text_of(&values[4]);
    out->network = text_of(&values[5]);
    out->detail = text_of(&values[6]);
}

void audit_entry_take_waiting(const struct rows *rows, size_t row,
                              struct audit_entry *out)
{
    *out = (struct audit_entry){.hash = SLICE_EMPTY};
    take(&rows->values[row * rows->width], out);
}

void audit_entry_take(const struct rows *rows, size_t row,
                      struct audit_entry *out)
{
    const struct value *values = &rows->values[row * rows->width];

    out->seq = number_of(&values[0]);
    out->hash = text_of(&values[1]);
    take(values + 2, out);
}

enum status audit_entry_rename(struct audit_entry *entry,
                               const struct audit_names *names,
                               struct arena *arena)
{
    TRY(audit_name(names, 0, entry->subject, arena, &entry->subject));
    return audit_is_word(entry->actor)
               ? STATUS_OK
               : audit_name(names, 0, entry->actor, arena, &entry->actor);
}

static void add_text(struct buf *to, struct slice text)
{
    buf_add_u64(to, text.len);
    buf_add_byte(to, ':');
    buf_add(to, text);
}

static void add_number(struct buf *to, int64_t number)
{
    buf_format(to, "%lld;", (long long)number);
}

enum status audit_entry_hash(const struct audit_entry *entry,
                             struct slice previous, struct arena *arena,
                             struct slice *out)
{
    const struct slice texts[] = {entry->id,      entry->event,
                                  entry->actor,   entry->subject,
                                  entry->network, entry->detail};
    unsigned char digest[SHA256_BYTES];
    struct slice encoded;
    struct buf buf;

    buf_init(&buf, arena, ENCODED_MAX);
    add_text(&buf, ENCODING);
    add_text(&buf, previous);
    add_number(&buf, entry->seq);
    add_number(&buf, entry->created_ms);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        add_text(&buf, texts[i]);
    }
    TRY(buf_finish(&buf, &encoded));
    TRY(digest_sha256(encoded, digest));
    buf_init(&buf, arena, AUDIT_HASH_LEN);
    hex_encode(&buf, slice_make((const char *)digest, sizeof(digest)));
    return buf_finish(&buf, out);
}
