/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the audit knows of one reader, for the reader: what was done by them
 * and to them. Others are in it as "another", without a pseudonym, and what
 * they did without where they were. For reader/export.c.
 */
#ifndef READER_EXPORT_AUDIT_H
#define READER_EXPORT_AUDIT_H

#include "codec/json_write.h"
#include "reader/reader.h"

/* An array, the newest last; of more than STORE_ROWS_MAX rows the newest. */
MUST_USE enum status export_audit(const struct reader *reader,
                                  const struct auth_call *call,
                                  struct slice user_id,
                                  struct json_writer *json);

#endif
