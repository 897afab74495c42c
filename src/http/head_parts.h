/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the head parser, and the chunked decoder for its trailer,
 * share. Nobody else includes this.
 */
#ifndef HTTP_HEAD_PARTS_H
#define HTTP_HEAD_PARTS_H

#include "http/head.h"

/* Fields that say where a message ends, or for whom it is. */
enum field_kind {
    FIELD_OTHER,
    FIELD_HOST,
    FIELD_LENGTH,
    FIELD_CODING,
    FIELD_CONNECTION,
    FIELD_EXPECT,
    FIELD_DISGUISED /* Content_Length: some proxies take "_" for "-" */
};

enum field_kind field_kind_of(struct slice name);

/* All three take a line without its CRLF and free of controls but HTAB. */
MUST_USE enum status head_line_read(struct head_parser *parser,
                                    struct slice line, struct http_head *head);
MUST_USE enum status head_field_read(struct head_parser *parser,
                                     struct slice line, struct http_head *head);
/* At the empty line: do the fields fit together? */
MUST_USE enum status head_fields_settle(const struct head_parser *parser,
                                        struct http_head *head);

/* host[:port], RFC 3986 section 3.2 without user and without "%". */
bool authority_is_valid(struct slice text);

#endif
