/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as the JSON that clients know: columns in the schema's order, the id
 * last, hidden ones left out, dates as JavaScript prints them.
 */
#ifndef AUTH_RECORD_JSON_H
#define AUTH_RECORD_JSON_H

#include "codec/json_write.h"
#include "store/record.h"

void record_write(struct json_writer *json, const struct record *record);
/* Name and value of one column. */
void record_write_member(struct json_writer *json, const struct record *record,
                         size_t column);
/*
 * In the order the original gives them in a session's copy (auth/
 * session_cache.h): the id first. For users and sessions.
 */
void record_write_copy(struct json_writer *json, const struct record *record);

#endif
