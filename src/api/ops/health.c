/* SPDX-License-Identifier: Apache-2.0 */
#include "api/ops/health.h"

#include "api/api.h"
#include "http/request.h"
#include "http/response.h"

static void write_status(struct response *response, struct slice word)
{
    struct json_writer json;

    response_json(response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("status"));
    json_write_text(&json, word);
    json_write_end(&json);
    response_json_end(response, &json);
}

enum status ops_healthz(struct request *request, struct response *response)
{
    (void)request;
    write_status(response, SLICE("ok"));
    return STATUS_OK;
}

enum status ops_readyz(struct request *request, struct response *response)
{
    struct api *api = request->app;

    if (!atomic_load(&api->ready)) {
        return STATUS_UNAVAILABLE;
    }
    write_status(response, SLICE("ready"));
    return STATUS_OK;
}
