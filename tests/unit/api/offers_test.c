/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "api/rest/offers.h"
#include "auth/remote.h"
#include "codec/json_read.h"

static struct arena arena;
static struct auth auth;
static struct better_auth kit;
static struct slice disabled[8];

/* As the settings are when nothing is set. */
static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    auth = (struct auth){.settings = {.sign_up = true,
                                      .sign_in = true,
                                      .min_password = 8,
                                      .max_password = 128,
                                      .session_ms = 604800000}};
    kit = (struct better_auth){
        .auth = &auth, .bearer = true, .disabled_paths = disabled};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct slice text(void)
{
    struct json_writer json;
    struct slice out;
    struct buf buf;

    buf_init(&buf, &arena, 4096);
    json_writer_init(&json, &buf);
    offers_write(&kit, &json);
    check_ok(json_write_finish(&json, &out));
    return out;
}

/* A member as JSON has it. */
static struct slice member(const char *name)
{
    const struct json_limits limits = {4096, 256, false};
    const struct json *json;
    struct json_writer writer;
    struct slice out;
    struct buf buf;

    check_ok(json_parse(&arena, text(), limits, &json));
    json = json_get(json, slice_from_cstr(name));
    if (json == NULL) {
        return SLICE("none");
    }
    buf_init(&buf, &arena, 4096);
    json_writer_init(&writer, &buf);
    json_write_json(&writer, json);
    check_ok(json_write_finish(&writer, &out));
    return out;
}

#define check_member(name, want) check_text(member(name), want)

static void disable(const char *path)
{
    disabled[kit.disabled_count++] = slice_from_cstr(path);
}

static void says_what_a_server_without_settings_offers(void **state)
{
    (void)state;
    check_text(text(), "{\"accounts\":\"builtin\",\"sign_up\":true,"
                       "\"methods\":[\"password\"],"
                       "\"password\":{\"min\":8,\"max\":128},"
                       "\"reset_password\":false,\"verify_email\":\"off\","
                       "\"change_email\":false,\"delete_account\":\"off\","
                       "\"bearer\":true,\"session_expires_in\":604800}");
}

static void closes_sign_up_for_each_reason(void **state)
{
    (void)state;
    auth.settings.sign_up = false;
    check_member("sign_up", "false");
    check_member("methods", "[\"password\"]");
    auth.settings.sign_up = true;
    disable("/sign-up/email");
    check_member("sign_up", "false");
    kit.disabled_count = 0;
    auth.settings.sign_in = false;
    check_member("sign_up", "false");
    check_member("methods", "[]");
}

static void offers_no_password_where_its_path_is_off(void **state)
{
    (void)state;
    auth.settings.can_mail = true;
    check_member("reset_password", "true");
    disable("/sign-in/email");
    check_member("methods", "[]");
    check_member("reset_password", "false");
}

static void promises_by_mail_only_what_mail_can_do(void **state)
{
    (void)state;
    auth.settings.can_mail = true;
    check_member("reset_password", "true");
    check_member("verify_email", "\"offered\"");
    disable("/request-password-reset");
    disable("/send-verification-email");
    check_member("reset_password", "false");
    check_member("verify_email", "\"off\"");
    kit.disabled_count = 0;
    disable("/reset-password");
    check_member("reset_password", "false");
    auth.settings.can_mail = false;
    auth.settings.require_verification = true;
    check_member("verify_email", "\"required\"");
}

static void changes_an_address_where_that_can_succeed(void **state)
{
    (void)state;
    auth.settings.change_email = true;
    check_member("change_email", "false");
    auth.settings.change_email_unverified = true;
    check_member("change_email", "true");
    auth.settings.change_email_unverified = false;
    auth.settings.can_mail = true;
    check_member("change_email", "true");
    disable("/change-email");
    check_member("change_email", "false");
}

static void says_what_deleting_an_account_takes(void **state)
{
    (void)state;
    auth.settings.delete_user = true;
    check_member("delete_account", "\"password\"");
    auth.settings.delete_user_verification = true;
    check_member("delete_account", "\"password\"");
    auth.settings.can_mail = true;
    check_member("delete_account", "\"mail\"");
    disable("/delete-user");
    check_member("delete_account", "\"off\"");
}

static void claims_nothing_of_accounts_kept_elsewhere(void **state)
{
    const struct remote remote = {
        .base_url = SLICE("https://accounts.example.org/api/auth")};

    (void)state;
    auth.remote = &remote;
    auth.settings.change_email = true;
    auth.settings.change_email_unverified = true;
    auth.settings.delete_user = true;
    auth.settings.require_verification = true;
    check_text(text(),
               "{\"accounts\":\"external\",\"accounts_url\":"
               "\"https://accounts.example.org/api/auth\",\"sign_up\":true,"
               "\"methods\":[\"password\"],\"reset_password\":false,"
               "\"verify_email\":\"off\",\"change_email\":false,"
               "\"delete_account\":\"off\",\"bearer\":true}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_what_a_server_without_settings_offers),
        TEST(closes_sign_up_for_each_reason),
        TEST(offers_no_password_where_its_path_is_off),
        TEST(promises_by_mail_only_what_mail_can_do),
        TEST(changes_an_address_where_that_can_succeed),
        TEST(says_what_deleting_an_account_takes),
        TEST(claims_nothing_of_accounts_kept_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
