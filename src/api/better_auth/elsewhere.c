/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/elsewhere.h"

#include "auth/remote.h"
#include "http/response.h"

static void write_member(struct json_writer *json, struct slice name,
                         struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

enum status elsewhere_answer(const struct auth *auth, struct response *response)
{
    enum status status = STATUS_ACCOUNTS_ELSEWHERE;
    struct json_writer json;

    response->status = status_http(status);
    response_json(response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("error"));
    json_write_object(&json);
    write_member(&json, SLICE("code"), status_code(status));
    write_member(&json, SLICE("message"), status_text(status));
    json_write_name(&json, SLICE("fields"));
    json_write_object(&json);
    write_member(&json, SLICE("accounts"), auth->remote->base_url);
    json_write_end(&json);
    json_write_end(&json);
    json_write_end(&json);
    response_json_end(response, &json);
    return STATUS_OK;
}
