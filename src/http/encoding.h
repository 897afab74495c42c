/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which stored form of a file to send (RFC 9110 section 12.5.3).
 *
 * Never refuses: who accepts nothing that exists gets the plain file, which
 * the section allows and every client reads. A field that is not well formed
 * counts as absent. One pass, whatever the field holds.
 */
#ifndef HTTP_ENCODING_H
#define HTTP_ENCODING_H

#include "base/slice.h"

/* In rising order of preference when the client has none. */
enum encoding {
    ENCODING_IDENTITY,
    ENCODING_GZIP,
    ENCODING_BR,
    ENCODING_COUNT
};

/* The word of Content-Encoding; "identity" is never sent. */
struct slice encoding_name(enum encoding encoding);

/*
 * `accept` is the Accept-Encoding field, ptr NULL when absent; `available`
 * holds the bit 1 << ENCODING_X of each form that exists.
 */
enum encoding encoding_choose(struct slice accept, unsigned available);

#endif
