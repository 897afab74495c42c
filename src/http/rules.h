/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What answers are made of: routes, the book, who is trusted. Made at start
 * and again on reload, shared by all loops, never changed in between.
 */
#ifndef HTTP_RULES_H
#define HTTP_RULES_H

#include "http/forwarded.h"
#include "http/origin.h"
#include "http/route.h"
#include "http/site.h"

#include <stdatomic.h>

struct http_rules {
    struct router router;
    struct site *site; /* NULL: there is no book yet */
    struct origin_rules origins;
    struct network_list trusted_proxies;
    bool https;         /* the public address is https */
    struct slice home;  /* the page at "/" while there is no book */
    struct arena arena; /* for what the above points to */
    _Atomic size_t owners;
};

/* Zeroed, with one owner; NULL: no memory. */
struct http_rules *http_rules_new(void);
struct http_rules *http_rules_share(struct http_rules *rules);
/* The last owner frees it. NULL is allowed. */
void http_rules_release(struct http_rules *rules);

#endif
