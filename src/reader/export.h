/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is kept of one reader, as one JSON document
 * (docs/privacy.md).
 *
 * Never holds a password's hash, a token or a link that opens anything, nor a
 * word about another reader: of a session that an administrator had in the
 * reader's name it leaves out where that was. What our tables hold follows
 * store/holdings.def, so that no table is forgotten.
 */
#ifndef READER_EXPORT_H
#define READER_EXPORT_H

#include "reader/reader.h"

/*
 * The audit has its row, durable, before anything is read. STATUS_NOT_FOUND
 * when there is no such user. *json lives as long as the call's arena.
 */
MUST_USE enum status export_make(const struct reader *reader,
                                 const struct auth_call *call,
                                 struct slice user_id, struct slice *json);

#endif
