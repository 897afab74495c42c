/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host part of a URL made canonical: a name or dotted quad in lower case,
 * or an IPv6 address in brackets as browsers print it (WHATWG URL 3.5).
 * STATUS_INVALID_VALUE for anything else. Used by codec/url.c only.
 */
#ifndef CODEC_URL_HOST_H
#define CODEC_URL_HOST_H

#include "base/arena.h"

MUST_USE enum status url_host_parse(struct arena *arena, struct slice text,
                                    struct slice *out);

#endif
