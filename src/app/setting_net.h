/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of settings that name a place on a network. Pure checks of text
 * (the arena is for scratch); nothing is resolved. The floors that use the
 * values parse them for good: this is so that a wrong one is refused at the
 * start, under its name.
 */
#ifndef APP_SETTING_NET_H
#define APP_SETTING_NET_H

#include "base/arena.h"

/* http or https, a host, an optional port and path; no user, query, #. */
MUST_USE enum status net_text_check_url(struct arena *arena, struct slice text);
/* A URL with nothing behind the port; "*." may begin the host. */
MUST_USE enum status net_text_check_origin(struct arena *arena,
                                           struct slice text);
/* An IPv4 or IPv6 address without brackets, or a host name (RFC 1123 2.1). */
bool net_text_is_address(struct slice text);
/* An address, or a block in CIDR form whose host bits are all zero. */
MUST_USE enum status net_text_check_block(struct arena *arena,
                                          struct slice text);

#endif
