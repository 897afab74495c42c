/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes the chunked framing (RFC 9112 section 7.1) off a body as it arrives.
 *
 * As strict as the head: CRLF only, 1 to 16 hex digits and nothing else on
 * the size line. Chunk extensions are refused: nobody needs them, and readers
 * that skip them differently were smuggled past. Trailer fields are checked
 * like header fields and dropped; one that frames or routes is refused.
 *
 * It holds no bytes: every call uses up its input, and the data it gives
 * points into that input.
 *
 * Invariant: the payload given is never longer than the limit, and a chunk
 * that would pass it is refused before its first byte. With at most 20 bytes
 * of framing a byte of payload, the limit bounds what is read, too.
 */
#ifndef HTTP_CHUNKED_H
#define HTTP_CHUNKED_H

#include "base/status.h"

/* Bytes with the last CRLF; trailers are thrown away, so both are small. */
#define CHUNKED_TRAILER_MAX    ((size_t)8 * 1024)
#define CHUNKED_TRAILER_FIELDS 32
/* A name longer than "transfer-encoding" is no name to beware of. */
#define CHUNKED_NAME_MAX 24

enum chunked_state {
    CHUNKED_SIZE, /* first, so that zero is the start */
    CHUNKED_SIZE_LF,
    CHUNKED_DATA,
    CHUNKED_DATA_CR,
    CHUNKED_DATA_LF,
    CHUNKED_LINE, /* the first byte of a line; from here on, the trailer */
    CHUNKED_NAME,
    CHUNKED_VALUE,
    CHUNKED_VALUE_LF,
    CHUNKED_END_LF,
    CHUNKED_DONE
};

struct chunked {
    enum chunked_state state;
    enum status refused;
    unsigned int digits; /* of the chunk size so far */
    uint64_t size;       /* of the chunk, then what is left of it */
    uint64_t room;       /* payload bytes still allowed */
    size_t trailer_len;
    size_t trailer_fields;
    size_t name_len;
    char name[CHUNKED_NAME_MAX];
};

/* `limit`: payload bytes; past it the body is STATUS_TOO_LARGE. */
void chunked_init(struct chunked *chunked, uint64_t limit);

/*
 * Takes framing and one run of payload off the front of *input. Call until
 * *done, or until *data is empty: then *input is, too, and more must come.
 * Behind the end, *input is left at the next request. Any status but OK is
 * final: answer it and close.
 */
MUST_USE enum status chunked_next(struct chunked *chunked, struct slice *input,
                                  struct slice *data, bool *done);

#endif
