/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its answer, from the head's first byte to the last byte
 * sent. Private to http/: a connection borrows an exchange from its server
 * while it has something to say.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/request.h"
#include "http/response.h"
#include "http/rules.h"
#include "http/send.h"

struct sse;

/* The rules a loop uses now, or used when a running request began. */
struct rules_in_use {
    struct http_rules *rules;
    size_t users; /* requests of this loop; and one while they are current */
};

struct exchange {
    struct list node; /* in the pool */
    struct arena arena;
    struct head_parser parser;
    struct request request;
    struct response response;
    struct rules_in_use *in_use; /* NULL until it is answered */
    struct date_line *date;
    struct slice cors_fields; /* whole header lines, or empty */
    struct sse *stream;       /* the event stream it has become, or NULL */
    int64_t heartbeat_ms;
    const bool *draining; /* the server's: no connection is kept any more */
    enum status refusal;  /* what is wrong with the head; OK: nothing */
    bool waiting;         /* for the rest of the head, under a deadline */
    bool ended;
    bool keep; /* the connection may go on */
};

struct exchange_pool {
    struct list idle;
    size_t count;
};

void exchange_pool_init(struct exchange_pool *pool);
void exchange_pool_release(struct exchange_pool *pool);
/* NULL: no memory. */
struct exchange *exchange_take(struct exchange_pool *pool);
void exchange_give_back(struct exchange_pool *pool, struct exchange *exchange);

struct rules_in_use *rules_in_use_new(struct http_rules *rules);
void rules_in_use_release(struct rules_in_use *in_use);

/*
 * In the exchange's fiber: answers the request, with an error if need be.
 * Anything but STATUS_OK: the connection cannot be used any more.
 */
MUST_USE enum status exchange_answer(struct exchange *exchange);

/* The head of an answer that goes on (http/sse.h). */
MUST_USE enum status exchange_send_head(struct exchange *exchange);

static inline struct exchange *exchange_of(struct request *request)
{
    return CONTAINER_OF(request, struct exchange, request);
}

#endif
