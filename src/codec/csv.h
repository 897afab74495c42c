/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comma-separated values (RFC 4180), a record at a time, strictly.
 *
 * A field may stand in double quotes, and then holds commas, line ends and,
 * doubled, quotes. Lines end in CRLF or LF; the last one need not. A quote
 * inside a bare field, or anything behind a closing one, is refused rather
 * than guessed at. Spaces are part of a field.
 *
 * Where a record ends and what it says are two questions, so that a reader of
 * a long file holds no more than one record.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/arena.h"

#define CSV_FIELDS_MAX ((size_t)128)

struct csv_record {
    struct slice fields[CSV_FIELDS_MAX];
    size_t count;
};

/*
 * The bytes of the first record, its line end included; 0 when `text` ends
 * before the record does, as far as can be told without what follows. Never
 * fails: of a text that is not CSV it gives some part that csv_parse refuses.
 */
size_t csv_length(struct slice text);

/*
 * One record, with its line end or without. Fields point into it, or into
 * the arena where quotes were doubled. STATUS_UNREADABLE, or STATUS_TOO_LARGE
 * for too many fields.
 */
MUST_USE enum status csv_parse(struct slice record, struct arena *arena,
                               struct csv_record *out);

#endif
