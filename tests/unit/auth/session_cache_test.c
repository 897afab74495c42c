/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#include "auth/mail_token.h"
#include "auth/secret_jwt.h"
#include "auth/session_cache.h"
#include "codec/base64.h"
#include "codec/json_read.h"

/* Made by the original at 1800000000.123 s, for five minutes. */
#define COMPACT                                                                \
    "eyJzZXNzaW9uIjp7InNlc3Npb24iOnsiZXhwaXJlc0F0IjoiMjAyNy0wMS0yMlQwODowMD"   \
    "owMC4wMDBaIiwidG9rZW4iOiJCY0tQY1VMdmZRVzByMlE4cHpTWEs3NFFieXU5Mk5mcSIs"   \
    "ImNyZWF0ZWRBdCI6IjIwMjctMDEtMTVUMDg6MDA6MDAuMDAwWiIsInVwZGF0ZWRBdCI6Ij"   \
    "IwMjctMDEtMTVUMDg6MDA6MDAuMDAwWiIsImlwQWRkcmVzcyI6IiIsInVzZXJBZ2VudCI6"   \
    "InggXCJ5XCIgXFwgw6kg8J-YgCAvIiwidXNlcklkIjoiVml6T1JBM3d1c2VyMDAwMDAwMD"   \
    "AwMDAwMDAwMDAwMDEiLCJpZCI6InNlc3MwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAx"   \
    "In0sInVzZXIiOnsibmFtZSI6IsOEbm5lIDwvc2NyaXB0PiIsImVtYWlsIjoiYUBleGFtcG"   \
    "xlLmNvbSIsImVtYWlsVmVyaWZpZWQiOmZhbHNlLCJpbWFnZSI6bnVsbCwiY3JlYXRlZEF0"   \
    "IjoiMjAyNy0wMS0xNVQwODowMDowMC4wMDBaIiwidXBkYXRlZEF0IjoiMjAyNy0wMS0xNV"   \
    "QwODowMDowMC4wMDBaIiwiYWdlIjowLjEsImlkIjoiVml6T1JBM3d1c2VyMDAwMDAwMDAw"   \
    "MDAwMDAwMDAwMDEifSwidXBkYXRlZEF0IjoxODAwMDAwMDAwMTIzLCJ2ZXJzaW9uIjoiMS"   \
    "J9LCJleHBpcmVzQXQiOjE4MDAwMDAzMDAxMjMsInNpZ25hdHVyZSI6InN3cUU1SnF3YjJW"   \
    "X1JVY091Q2NPdTExczRRSjVsZ0s1UTlRdDdtNWJWM0kifQ"
#define JWT                                                                    \
    "eyJhbGciOiJIUzI1NiJ9.eyJzZXNzaW9uIjp7ImV4cGlyZXNBdCI6IjIwMjctMDEtMjJUM"   \
    "Dg6MDA6MDAuMDAwWiIsInRva2VuIjoiQmNLUGNVTHZmUVcwcjJROHB6U1hLNzRRYnl1OTJ"   \
    "OZnEiLCJjcmVhdGVkQXQiOiIyMDI3LTAxLTE1VDA4OjAwOjAwLjAwMFoiLCJ1cGRhdGVkQ"   \
    "XQiOiIyMDI3LTAxLTE1VDA4OjAwOjAwLjAwMFoiLCJpcEFkZHJlc3MiOiIiLCJ1c2VyQWd"   \
    "lbnQiOiJ4IFwieVwiIFxcIMOpIPCfmIAgLyIsInVzZXJJZCI6IlZpek9SQTN3dXNlcjAwM"   \
    "DAwMDAwMDAwMDAwMDAwMDAxIiwiaWQiOiJzZXNzMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA"   \
    "wMDAwMSJ9LCJ1c2VyIjp7Im5hbWUiOiLDhG5uZSA8L3NjcmlwdD4iLCJlbWFpbCI6ImFAZ"   \
    "XhhbXBsZS5jb20iLCJlbWFpbFZlcmlmaWVkIjpmYWxzZSwiaW1hZ2UiOm51bGwsImNyZWF"   \
    "0ZWRBdCI6IjIwMjctMDEtMTVUMDg6MDA6MDAuMDAwWiIsInVwZGF0ZWRBdCI6IjIwMjctM"   \
    "DEtMTVUMDg6MDA6MDAuMDAwWiIsImFnZSI6MC4xLCJpZCI6IlZpek9SQTN3dXNlcjAwMDA"   \
    "wMDAwMDAwMDAwMDAwMDAxIn0sInVwZGF0ZWRBdCI6MTgwMDAwMDAwMDEyMywidmVyc2lvb"   \
    "iI6IjEiLCJpYXQiOjE4MDAwMDAwMDAsImV4cCI6MTgwMDAwMDMwMH0.qd0crceLv-Vw7Wm"   \
    "GVjUct3k3JTP9CZI2jWRia8p1kYw"
#define JWE                                                                    \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiZDhXTVRJSWFtbW"   \
    "RiSEpMSVBLOXdDWWFSY3FQRERnM3pXcm1JWXdnQkdXMCJ9..lPDH5cW482TJV3T9bynzKw"   \
    ".BSvCDA8AreWNT9l3Q7N3dmFj2BbSW5dwjt0LsmlNy3rLShy-QCPsYUujRMP8wW5PjEqmI"   \
    "0Fe3kznMmaV6SPxIM700A1ftiejJukwk-MzGna_WrdWCP2qlTkrg_dqCNOQEUvg3Wje0Bf"   \
    "lV7rBKA7t5HwDL1fE1kwVTAeWS0FT-_A4zYo2WYgCbXj8ht2h619Ip8nkh5GiObYlqYWiA"   \
    "1Ae-Z_bcu6HXRrsjupwIDvq5C4v2QZJthwcTdLpPxLQlCPK5MzX74GP-edVTM3pqNWyTim"   \
    "gykLE0JdZRRurp1jOwivycAVbn0Ak51yRqYs4lEcVDzzn-jdlw8YXK_2sSgwGp9C2CAoEl"   \
    "8uWfnVII5NQmYqFHdy5ZbpjKNjCJGEGzNCTwsQupciP4F5Nf7Oe3wFxnPLk0dC4BLRIVaJ"   \
    "Ar_GjOE_wMKnEriWqdPAE6DUeaZCsEyHgshcl1eOPpY41L4DStcFjVF5a_bLBia_WgfU_h"   \
    "8yA1rdIXpv2xPJjmRRI8bzxnEyF5Nh3BvtET5-08DkhH5EiE6sV-qvoxN1UuWkXrZLJK1x"   \
    "X7TkOozvMBw2Jae3WZZyBrIoAnLNCGTX2hRQ3V1oWJkMh9ZK4J0I8a4VJZQJGosS_zu-_G"   \
    "LKwoEeuSm6HVJdYs97MsJO74mDpWcP80SaHNPuhFJWmNc8g6TdJ_COFPjgY2hMV416I3hs"   \
    "6QgAt0sQV6zclFTq4I93pj8umeyppgL2BpPm5RQFVMqqwNDLjqOLhSXf6_FVesrqY4uyRv"   \
    "9h-WmhiSUC9Cp6ZbQQHzjbdNKwEj3vrRPZt5CSWpVkG62-hl3aWRMGKwczf_HxdlY2ngox"   \
    "7Imi5Crymk9s2p2XyF7k5mJjAYxSluDMC-rg.4I_m9WSZKQWQK48j_1E4Nhp1J0Pt2g30z"   \
    "d73ZPEDenE"
#define JWE_ROTATED                                                            \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiVTE4MkgzaERnZF"   \
    "dYeWhRQzIxNFRiQjhGcXlCYmYzU1pZV013bGJ6WHhKTSJ9..I4zbe8mNa6QZn8_gc_ErOw"   \
    ".P6JeoZRons7GadQol1GADnCUuoDFfP728HjV4n5uODe2kCx1OiKEVi0C5WyRj_jh8OSBO"   \
    "Oie_JpFXcwYqnj3pkp8g1PtTZw-OeVAZwxCAMACCw-jLdUEacVOgl4nyCmjwUnXpBbBw8O"   \
    "rGtFq6e1ya5y8h7MZizkUlANV7ccWGVUQr9_OCeN9ZLdl8bOPNqebVfHFqEguCXaVnUJkG"   \
    "TkqNm1efqGPqAelbqKhwcB7tsGBHiZYRHefTd3pnmlDPn2Q_mclGcu8OK2tezGXj416Jkh"   \
    "uFO7eBcyaGW9wsQJKpMhtOVOREGNnab-8Kf15PDSnFXGM99qNx2ycfOWCJexhNyGagzrP-"   \
    "Mg2qEwx6IVJmJG6GjSFjJZAvxbDfYq5X-EGygGgcB4fK3pZDN2oXURn5n3wUTd4ww9t9ef"   \
    "RQt0RHN-FwZQajiQXzzEDHWGJ_x3s8Q8mWX5K9DivM8NfESRmXb_-LG3LZujY_nxF6qaAK"   \
    "j_wT-7NN3u-6LJUTT4JBD5HhYe8m5LNMIhqLcG3A2ezXwHRhR6ikPYjfWTaFYe8qh0Q6Mo"   \
    "IOvRBXyGucPhptLM89odUAId3WJXY0ZxxyL5NU1VyLTgKaEGXk3P_xLF-HT6hGS8NcarF6"   \
    "VShkDONclmkEGcC_eYCFAtkFuRaKz8V25yeU0EzksMBCL-B3dZ95CMg5fQbJdUhHvvRNN3"   \
    "09drFxXFsP2vbmZmP1Mfz7WlIC2MnPVD027XLg0b1nDdZYGc0Li5Cc_j4gM3siRKC5oRtV"   \
    "ohSIG9y5wlz5PAup6lGxM1OFplQZZpHCacHbfGyB_HN3tnmpVGjLmYe3jgFl9VPF8cpXk5"   \
    "Bi0IIx2-Elfu-oT3tArF3tmMl6VmFrmNk55g.gcltYlDR6gh3SROGtd0BlFeFm0R_nChGY"   \
    "cpd91zfo68"
#define JWE_UNNAMED                                                            \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0..gl2-rkChTY6M0HUmGB96c"   \
    "A.n2G204JxizZIumoBvTrkDHRoPIvNBfvdFM9QfuD0Wp--RDX2j9I0dmk7T1P9IiRLYIzp"   \
    "ulXckigbYHLFOwRbAvfaHt9ojLhpdiPhzoGDt9yLqLVpVYvg4CxrC611dwAJ8iBjoI_5vm"   \
    "LLlfGn57q3b1RIkAkkH9yDEKgV1tsvoxkiSDQAYATkYPobQ9bhsrHaLcErMUvqiLD4OE6_"   \
    "-pZGS-4io_DSvEoVEyFpP6R4LCdbxSJBIq_AherLo_ixoGiDvWKYK6zn2aoMWibOgKKKmX"   \
    "CORC73ZJ9kwjkqb1BwYjWIevOQ-OwzzNIEPkpBiAubHTZEG_yer0Eqj-071k9NnEMn6sDZ"   \
    "xIB_ti3mM3fVsnxCrQD-koKqAy-ZH-EzFMImz99i76_VczcR9prcKEnNuqVq1jaK65IvkE"   \
    "cVTMEAh6Bm-s--I74BNUbaufFTywwFXCo17WecxrM_lXecW-tjhK-HKw_czIZ9lQWOD1_3"   \
    "uCEWhmIkufo1FkDXUCAvErUzG5DHFpCeUyRntC9X33P_BW11D9FtNnF5R-p93ABWX-zC6A"   \
    "6mHtFGSBsTBC7thQdW53Mph5Hs4yIJlebAursTBCN0e5U2cLMLnHtTkaypwl04zxuV6nYG"   \
    "L2F8_2lRpcg1sqp8M20VPxUhzLDy0MHkXR_-QTEoH0BfcZ6HZIZuKL1KqVM9NO7VjTrkg9"   \
    "J8wFkEHf1gqR6_cfwc2DpetNE1crU1_l16ifA71ic8n12JEX2LiTdlEggCUvLexxgH3tPF"   \
    "Z-bQUdrYHCO74pcJeUNGE5c16SwMVcrBxPSVTEKDlsU.yAEILeL0sX9DGYaLqqvtZtiHkc"   \
    "rY0ebl5C5lua6Kge4"

#define TOKEN  "BcKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq"
#define NOW    ((int64_t)1800000000123)
#define MINUTE ((int64_t)60000)

/* What the copies above hold. */
#define SESSION                                                                \
    "{\"expiresAt\":\"2027-01-22T08:00:00.000Z\",\"token\":\"" TOKEN "\","     \
    "\"createdAt\":\"2027-01-15T08:00:00.000Z\","                              \
    "\"updatedAt\":\"2027-01-15T08:00:00.000Z\",\"ipAddress\":\"\","           \
    "\"userAgent\":\"x \\\"y\\\" \\\\ \xc3\xa9 \xf0\x9f\x98\x80 /\","          \
    "\"userId\":\"VizORA3wuser00000000000000000001\","                         \
    "\"id\":\"sess0000000000000000000000000001\"}"
#define USER                                                                   \
    "{\"name\":\"\xc3\x84nne </script>\",\"email\":\"a@example.com\","         \
    "\"emailVerified\":false,\"image\":null,"                                  \
    "\"createdAt\":\"2027-01-15T08:00:00.000Z\","                              \
    "\"updatedAt\":\"2027-01-15T08:00:00.000Z\",\"age\":0.1,"                  \
    "\"id\":\"VizORA3wuser00000000000000000001\"}"

static const struct session_cache_input input = {
    .session = SLICE_INIT(SESSION),
    .user = SLICE_INIT(USER),
    .version = SLICE_INIT("1"),
    .now_ms = NOW,
    .max_age_s = 300,
};

static const struct session_cache_rules rules = {
    .token = SLICE_INIT(TOKEN),
    .version = SLICE_INIT("1"),
    .now_ms = NOW,
};

static const struct slice originals[] = {
    SLICE_INIT(COMPACT),
    SLICE_INIT(JWT),
    SLICE_INIT(JWE),
    SLICE_INIT(JWE_UNNAMED),
};

#define ORIGINALS (sizeof(originals) / sizeof(originals[0]))

static struct arena arena;
static struct secrets *secrets;

static enum status open_with(const struct secrets *by, struct slice value,
                             const struct session_cache_rules *with,
                             struct session_cache *out)
{
    struct arena scratch;
    enum status status;

    arena_init(&scratch, (size_t)1 << 20);
    status =
        session_cache_open(by, value, with, out == NULL ? &scratch : &arena,
                           out == NULL ? &(struct session_cache){0} : out);
    arena_release(&scratch);
    return status;
}

static void check_refused(struct slice value)
{
    check_status(open_with(secrets, value, &rules, NULL), STATUS_INVALID_TOKEN);
}

static void check_found(const struct secrets *by, struct slice value)
{
    struct session_cache cache;
    struct slice text;
    double age;

    check_ok(open_with(by, value, &rules, &cache));
    check_ok(json_text(json_get(cache.session, SLICE("userAgent")), &text));
    check_text(text, "x \"y\" \\ \xc3\xa9 \xf0\x9f\x98\x80 /");
    check_ok(json_text(json_get(cache.user, SLICE("name")), &text));
    check_text(text, "\xc3\x84nne </script>");
    check_ok(json_number(json_get(cache.user, SLICE("age")), &age));
    assert_true(age == 0.1);
    assert_in_range(cache.expires_ms, NOW + 5 * MINUTE - 999, NOW + 5 * MINUTE);
}

static void opens_the_original_s_copies(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGINALS; i++) {
        check_found(secrets, originals[i]);
    }
}

static void makes_the_original_s_copies(void **state)
{
    struct slice out;

    (void)state;
    check_ok(session_cache_make(secrets, SESSION_CACHE_COMPACT, &input, &arena,
                                &out));
    check_text(out, COMPACT);
    check_ok(
        session_cache_make(secrets, SESSION_CACHE_JWT, &input, &arena, &out));
    check_text(out, JWT);
    check_ok(
        session_cache_make(secrets, SESSION_CACHE_JWE, &input, &arena, &out));
    check_found(secrets, out);
    /* All but the vector and the id in it are the original's. */
    assert_int_equal(out.len, sizeof(JWE) - 1);
}

static void a_passing_session_s_copy_is_brief(void **state)
{
    static const int64_t seconds[] = {60, 300, 300};
    struct session_cache_input passing = input;
    struct session_cache cache;
    struct slice out;

    (void)state;
    passing.max_age_s = 0;
    for (int form = SESSION_CACHE_COMPACT; form <= SESSION_CACHE_JWE; form++) {
        check_ok(session_cache_make(secrets, (enum session_cache_form)form,
                                    &passing, &arena, &out));
        check_ok(open_with(secrets, out, &rules, &cache));
        assert_in_range(cache.expires_ms, NOW + seconds[form] * 1000 - 999,
                        NOW + seconds[form] * 1000);
    }
}

static void survives_a_rotation(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();

    (void)state;
    for (size_t i = 0; i < ORIGINALS; i++) {
        check_found(rotated, originals[i]);
        check_status(open_with(foreign, originals[i], &rules, NULL),
                     STATUS_INVALID_TOKEN);
    }
    check_found(rotated, SLICE(JWE_ROTATED));
    check_found(foreign, SLICE(JWE_ROTATED));
    check_refused(SLICE(JWE_ROTATED));
    secrets_free(rotated);
    secrets_free(foreign);
}

static void signs_with_the_newest(void **state)
{
    struct secrets *rotated = lab_rotated();
    struct secrets *foreign = lab_foreign();
    struct slice out;

    (void)state;
    for (int form = SESSION_CACHE_COMPACT; form <= SESSION_CACHE_JWE; form++) {
        check_ok(session_cache_make(rotated, (enum session_cache_form)form,
                                    &input, &arena, &out));
        check_found(foreign, out);
        check_refused(out);
    }
    secrets_free(rotated);
    secrets_free(foreign);
}

/* Every fifth byte; every one would take a second a form. */
static void refuses_changed_and_missing_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGINALS; i++) {
        struct slice whole = originals[i];

        for (size_t at = 0; at < whole.len; at += 5) {
            char other = whole.ptr[at] == 'A' ? 'B' : 'A';
            struct arena scratch;

            arena_init(&scratch, (size_t)1 << 20);
            check_refused(lab_changed(&scratch, whole, at, other));
            check_refused(slice_head(whole, at));
            check_refused(slice_from(whole, at + 1));
            arena_release(&scratch);
        }
        check_refused(slice_head(whole, whole.len - 1));
    }
}

static void expires(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGINALS; i++) {
        struct session_cache_rules later = rules;
        struct session_cache cache;

        check_ok(open_with(secrets, originals[i], &rules, &cache));
        later.now_ms = cache.expires_ms - 1;
        check_ok(open_with(secrets, originals[i], &later, NULL));
        later.now_ms = cache.expires_ms;
        check_status(open_with(secrets, originals[i], &later, NULL),
                     STATUS_INVALID_TOKEN);
    }
}

static void belongs_to_one_session_and_version(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGINALS; i++) {
        struct session_cache_rules other = rules;

        other.token = SLICE("ccKPcULvfQW0r2Q8pzSXK74Qbyu92Nfq");
        check_status(open_with(secrets, originals[i], &other, NULL),
                     STATUS_INVALID_TOKEN);
        other.token = SLICE_EMPTY;
        check_status(open_with(secrets, originals[i], &other, NULL),
                     STATUS_INVALID_TOKEN);
        other = rules;
        other.version = SLICE("2");
        check_status(open_with(secrets, originals[i], &other, NULL),
                     STATUS_INVALID_TOKEN);
    }
}

static void check_session(const char *expires_at, enum status expected)
{
    struct session_cache_input other = input;
    struct slice out;

    check_ok(arena_format(&arena, &other.session,
                          "{\"token\":\"" TOKEN "\",\"expiresAt\":%s}",
                          expires_at));
    check_ok(session_cache_make(secrets, SESSION_CACHE_COMPACT, &other, &arena,
                                &out));
    check_status(open_with(secrets, out, &rules, NULL), expected);
}

static void ends_with_the_session(void **state)
{
    (void)state;
    check_session("\"2027-01-15T08:00:00.123Z\"", STATUS_OK);
    check_session("\"2027-01-15T08:00:00.122Z\"", STATUS_INVALID_TOKEN);
    check_session("\"2026-12-31T23:59:59.999Z\"", STATUS_INVALID_TOKEN);
    check_session("\"9999-12-31T23:59:59.999Z\"", STATUS_OK);
    check_session("\"2027-02-30T08:00:00.000Z\"", STATUS_INVALID_TOKEN);
    check_session("\"\"", STATUS_INVALID_TOKEN);
    check_session("\"never\"", STATUS_INVALID_TOKEN);
    check_session("1900000000000", STATUS_INVALID_TOKEN);
    check_session("null", STATUS_INVALID_TOKEN);
}

/* A token of ours with any payload, in the form jwt. */
static void check_payload(const char *payload, enum status expected)
{
    struct slice text;

    check_ok(secret_jwt_make(secrets, slice_from_cstr(payload), &arena, &text));
    check_status(open_with(secrets, text, &rules, NULL), expected);
}

#define SOME_SESSION "\"session\":" SESSION

static void refuses_other_payloads_of_ours(void **state)
{
    (void)state;
    check_payload("{" SOME_SESSION ",\"user\":{},\"exp\":1800000001}",
                  STATUS_OK);
    check_payload("{" SOME_SESSION ",\"user\":{},\"version\":\"\","
                  "\"exp\":1800000001}",
                  STATUS_OK);
    check_payload("{" SOME_SESSION ",\"user\":{},\"version\":1,"
                  "\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{" SOME_SESSION ",\"user\":{}}", STATUS_INVALID_TOKEN);
    check_payload("{" SOME_SESSION ",\"user\":null,\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{" SOME_SESSION ",\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("{\"user\":{},\"exp\":1800000001}", STATUS_INVALID_TOKEN);
    check_payload("{\"session\":[],\"user\":{},\"exp\":1800000001}",
                  STATUS_INVALID_TOKEN);
    check_payload("[]", STATUS_INVALID_TOKEN);
    check_payload("", STATUS_INVALID_TOKEN);
}

static void a_mail_token_is_no_copy(void **state)
{
    const struct mail_token token = {
        .email = SLICE("a@example.com"),
        .expires_ms = NOW + MINUTE,
    };
    struct slice text;

    (void)state;
    check_ok(mail_token_make(secrets, &token, &arena, &text));
    check_refused(text);
}

/* The compact form with this text around a rightly signed payload. */
static void check_compact(const char *format, enum status expected)
{
    const char *payload = "{" SOME_SESSION ",\"user\":{}";
    unsigned char mac[HMAC_BYTES];
    struct slice digits;
    struct slice text;
    struct buf buf;

    check_ok(arena_format(&arena, &text, "%s,\"expiresAt\":1800000001000}",
                          payload));
    check_ok(secrets_sign(secrets, text, mac));
    buf_init(&buf, &arena, 64);
    base64url_encode(&buf, slice_make(mac, sizeof(mac)));
    check_ok(buf_finish(&buf, &digits));
    buf_init(&buf, &arena, 8192);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at == '@') {
            buf_add(&buf, slice_from_cstr(payload));
        } else if (*at == '#') {
            buf_add(&buf, digits);
        } else {
            buf_add_byte(&buf, *at);
        }
    }
    check_ok(buf_finish(&buf, &text));
    buf_init(&buf, &arena, 8192);
    base64url_encode(&buf, text);
    check_ok(buf_finish(&buf, &text));
    check_status(open_with(secrets, text, &rules, NULL), expected);
}

static void the_compact_form_has_one_spelling(void **state)
{
    (void)state;
    check_compact("{\"session\":@},\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_OK);
    check_compact("{\"session\":@},\"expiresAt\":1800000001001,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@},\"expiresAt\":01800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@},\"expiresAt\":,\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@},\"signature\":\"#\"}", STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@} ,\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@},\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"} ",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\": @},\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":@},\"session\":@},\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"session\":,\"expiresAt\":1800000001000,"
                  "\"signature\":\"#\"}",
                  STATUS_INVALID_TOKEN);
    check_compact("{\"signature\":\"#\"}", STATUS_INVALID_TOKEN);
    check_compact("{\"session\":\"}", STATUS_INVALID_TOKEN);
    check_compact("{}", STATUS_INVALID_TOKEN);
}

static void refuses_what_is_no_copy_at_all(void **state)
{
    char *bytes = arena_alloc(&arena, 20000);

    (void)state;
    assert_non_null(bytes);
    check_refused(SLICE(""));
    check_refused(SLICE("."));
    check_refused(SLICE(".."));
    check_refused(SLICE("..."));
    check_refused(SLICE("...."));
    check_refused(SLICE("......"));
    check_refused(SLICE("deleted"));
    check_refused(SLICE(COMPACT "="));
    check_refused(SLICE(COMPACT "A"));
    memset(bytes, 'A', 20000);
    check_refused(slice_make(bytes, SESSION_CACHE_LIMIT));
    check_refused(slice_make(bytes, 20000));
    memset(bytes, '.', 20000);
    check_refused(slice_make(bytes, 20000));
}

static void goes_without_a_copy_that_is_too_large(void **state)
{
    struct session_cache_input large = input;
    struct slice out;
    char *name = arena_alloc(&arena, 20000);

    (void)state;
    assert_non_null(name);
    memset(name, 'n', 20000);
    for (int form = SESSION_CACHE_COMPACT; form <= SESSION_CACHE_JWE; form++) {
        check_ok(arena_format(&arena, &large.user, "{\"name\":\"%.*s\"}", 9000,
                              name));
        check_ok(session_cache_make(secrets, (enum session_cache_form)form,
                                    &large, &arena, &out));
        check_ok(open_with(secrets, out, &rules, NULL));
        check_ok(arena_format(&arena, &large.user, "{\"name\":\"%.*s\"}", 13000,
                              name));
        check_status(session_cache_make(secrets, (enum session_cache_form)form,
                                        &large, &arena, &out),
                     STATUS_TOO_LARGE);
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)16 << 20);
    secrets = lab_single();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    secrets_free(secrets);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_the_original_s_copies),
        cmocka_unit_test(makes_the_original_s_copies),
        cmocka_unit_test(a_passing_session_s_copy_is_brief),
        cmocka_unit_test(survives_a_rotation),
        cmocka_unit_test(signs_with_the_newest),
        cmocka_unit_test(refuses_changed_and_missing_bytes),
        cmocka_unit_test(expires),
        cmocka_unit_test(belongs_to_one_session_and_version),
        cmocka_unit_test(ends_with_the_session),
        cmocka_unit_test(refuses_other_payloads_of_ours),
        cmocka_unit_test(a_mail_token_is_no_copy),
        cmocka_unit_test(the_compact_form_has_one_spelling),
        cmocka_unit_test(refuses_what_is_no_copy_at_all),
        cmocka_unit_test(goes_without_a_copy_that_is_too_large),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
