/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting options of one of libcurl's handles: the first failure sticks, so
 * that a page of options reads as one. Typed, because setopt itself takes
 * anything and checks nothing. Only client*.c includes this.
 */
#ifndef NET_CLIENT_SETUP_H
#define NET_CLIENT_SETUP_H

#include "net/client_curl.h"

struct client_setup {
    const struct client_curl *curl;
    CURL *easy;
    CURLcode failed;
};

static inline void client_setup_keep(struct client_setup *setup, CURLcode code)
{
    if (setup->failed == CURLE_OK) {
        setup->failed = code;
    }
}

static inline void client_setup_long(struct client_setup *setup,
                                     CURLoption option, int64_t value)
{
    client_setup_keep(
        setup, setup->curl->easy_setopt(setup->easy, option, (long)value));
}

static inline void client_setup_text(struct client_setup *setup,
                                     CURLoption option, const char *text)
{
    client_setup_keep(setup,
                      setup->curl->easy_setopt(setup->easy, option, text));
}

static inline void client_setup_pointer(struct client_setup *setup,
                                        CURLoption option, void *pointer)
{
    client_setup_keep(setup,
                      setup->curl->easy_setopt(setup->easy, option, pointer));
}

#endif
