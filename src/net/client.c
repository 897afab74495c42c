/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client.h"

#include "base/buf.h"
#include "base/mem.h"
#include "net/client_thread.h"

enum status client_new(const struct client_options *options,
                       struct client **out)
{
    struct client *client = mem_alloc(sizeof(*client));

    TRY_ALLOC(client);
    client->options = *options;
    if (client->options.streams_max == 0) {
        client->options.streams_max = CLIENT_STREAMS_MAX;
    }
    if (client->options.library == NULL) {
        client->options.library = "libcurl.so.4";
    }
    pthread_mutex_init(&client->lock, NULL);
    *out = client;
    return STATUS_OK;
}

void client_free(struct client *client)
{
    pthread_mutex_lock(&client->lock);
    client->stopping = true;
    pthread_mutex_unlock(&client->lock);
    if (client->thread != NULL) {
        client_thread_free(client->thread);
    }
    pthread_mutex_destroy(&client->lock);
    mem_free(client);
}

size_t client_streams(struct client *client)
{
    size_t streams;

    pthread_mutex_lock(&client->lock);
    streams = client->streams;
    pthread_mutex_unlock(&client->lock);
    return streams;
}

/* Under the client's lock, so that nothing is begun behind client_free. */
static enum status submit(struct client *client, struct client_stream *stream)
{
    if (client->stopping) {
        return STATUS_UNAVAILABLE;
    }
    if (client->streams >= client->options.streams_max) {
        return STATUS_BUSY;
    }
    if (client->thread == NULL) {
        TRY(client_thread_new(client, &client->thread));
    }
    client->streams++;
    stream->thread = client->thread;
    atomic_fetch_add(&stream->owners, 1);
    pthread_mutex_lock(&stream->lock);
    client_thread_order(stream);
    pthread_mutex_unlock(&stream->lock);
    return STATUS_OK;
}

enum status client_stream_start(struct client_stream *stream)
{
    struct client *client = stream->client;
    enum status status;

    pthread_mutex_lock(&client->lock);
    status = submit(client, stream);
    pthread_mutex_unlock(&client->lock);
    return status;
}

enum status client_open(struct client *client,
                        const struct client_request *request,
                        struct client_stream **out)
{
    struct client_stream *stream;
    enum status status;

    *out = NULL;
    TRY(client_stream_new(client, &stream));
    status =
        client_request_copy(&stream->request_memory, request, &stream->request);
    if (status == STATUS_OK) {
        status = client_stream_start(stream);
    }
    if (status != STATUS_OK) {
        client_stream_release(stream);
        return status;
    }
    *out = stream;
    return STATUS_OK;
}

static enum status copy_head(struct arena *arena,
                             const struct client_head *head,
                             struct client_head *out)
{
    struct client_header *copy =
        arena_alloc(arena, head->header_count * sizeof(*copy));

    TRY_ALLOC(copy);
    for (size_t i = 0; i < head->header_count; i++) {
        TRY(slice_dup(arena, head->headers[i].name, &copy[i].name));
        TRY(slice_dup(arena, head->headers[i].value, &copy[i].value));
    }
    *out = (struct client_head){head->status, copy, head->header_count};
    return STATUS_OK;
}

enum status client_call(struct client *client,
                        const struct client_request *request,
                        struct arena *arena, struct client_response *out)
{
    CLEANUP(client_stream_close) struct client_stream *stream = NULL;
    const struct client_head *head;
    struct slice piece;
    struct buf body;

    TRY(client_open(client, request, &stream));
    TRY(client_stream_head(stream, &head));
    TRY(copy_head(arena, head, &out->head));
    buf_init(&body, arena, stream->request.body_limit);
    do {
        TRY(client_stream_read(stream, &piece));
        buf_add(&body, piece);
    } while (piece.len > 0);
    return buf_finish(&body, &out->body);
}

struct slice client_header_find(const struct client_head *head,
                                struct slice name)
{
    for (size_t i = 0; i < head->header_count; i++) {
        if (slice_equal_nocase(head->headers[i].name, name)) {
            return head->headers[i].value;
        }
    }
    return SLICE_EMPTY;
}
