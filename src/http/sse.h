/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-sent events: an answer that goes on. The handler starts the stream
 * and sends events one by one; each send parks until the client has taken it
 * (back-pressure reaches the producer), and a comment goes out as a heartbeat
 * while there is nothing to say, so that proxies keep the connection.
 *
 * The client's leaving cancels the fiber. Ends with sse_end, or by itself
 * when the handler returns; CLEANUP(sse_release) covers every way out.
 */
#ifndef HTTP_SSE_H
#define HTTP_SSE_H

#include "http/request.h"
#include "http/response.h"

struct sse {
    struct request *request;
    struct response *response;
    struct timer heartbeat;
    int64_t heartbeat_ms;
    enum status failed; /* what ended it before its time; sticks */
    bool open;
    bool sending; /* an event is half out: no heartbeat in the middle of it */
    bool in_chunks;
};

/* Sends the head. For HEAD nothing follows, and every send is a no-op. */
MUST_USE enum status sse_start(struct sse *sse, struct request *request,
                               struct response *response);

/*
 * `event` and `id` may be empty; line breaks in `data` become several data
 * lines, those in the other two are refused (NUL too). Once a send has failed,
 * or the server has cut the stream, all that follow fail the same and send
 * nothing.
 */
MUST_USE enum status sse_send(struct sse *sse, struct slice event,
                              struct slice id, struct slice data);
/* Tells the client when to come back if the stream breaks. */
MUST_USE enum status sse_retry(struct sse *sse, uint64_t after_ms);

MUST_USE enum status sse_end(struct sse *sse);
void sse_release(struct sse *sse);

/*
 * From the loop, when the server must stop now: tells the client to come back
 * in a second, and cancels the handler. What it still sends goes nowhere.
 */
void sse_cut(struct sse *sse);

/* What the client saw last; empty on a first visit. */
struct slice sse_last_id(const struct request *request);

#endif
