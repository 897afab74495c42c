/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/hex.h"
#include "codec/json_read.h"
#include "codec/json_write.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct json_writer writer;

static int begin(void **state)
{
    (void)set_up(state);
    json_writer_init(&writer, &buf);
    return 0;
}

/* What was written since the last call; the next writes something new. */
static struct slice finished(void)
{
    struct slice text;

    check_ok(json_write_finish(&writer, &text));
    text = written();
    json_writer_init(&writer, &buf);
    return text;
}

static struct slice quoted(struct slice text)
{
    json_write_text(&writer, text);
    return finished();
}

static struct slice number(double value)
{
    json_write_number(&writer, value);
    return finished();
}

static void places_commas_and_colons(void **state)
{
    (void)state;
    json_write_object(&writer);
    json_write_name(&writer, SLICE("a"));
    json_write_array(&writer);
    json_write_int64(&writer, 1);
    json_write_object(&writer);
    json_write_end(&writer);
    json_write_array(&writer);
    json_write_end(&writer);
    json_write_null(&writer);
    json_write_end(&writer);
    json_write_name(&writer, SLICE("b"));
    json_write_bool(&writer, true);
    json_write_name(&writer, SLICE("c"));
    json_write_raw(&writer, SLICE("[0]"));
    json_write_name(&writer, SLICE("d"));
    json_write_text(&writer, SLICE("x"));
    json_write_end(&writer);
    check_text(finished(),
               "{\"a\":[1,{},[],null],\"b\":true,\"c\":[0],\"d\":\"x\"}");
}

static void prints_integers_to_their_ends(void **state)
{
    (void)state;
    json_write_array(&writer);
    json_write_int64(&writer, INT64_MIN);
    json_write_int64(&writer, INT64_MAX);
    json_write_uint64(&writer, UINT64_MAX);
    json_write_int64(&writer, 0);
    json_write_end(&writer);
    check_text(finished(), "[-9223372036854775808,9223372036854775807,"
                           "18446744073709551615,0]");
}

static void escapes_as_json_stringify(void **state)
{
    (void)state;
    check_text(quoted(SLICE("\"\\/\b\f\n\r\t")),
               "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    check_text(quoted(SLICE("\0\x01\x0b\x1f\x7f")),
               "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
    check_text(quoted(SLICE("gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80\xe2\x80\xa8")),
               "\"gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80\xe2\x80\xa8\"");
    check_text(quoted(SLICE_EMPTY), "\"\"");
}

/* Texts are looked through eight bytes at a time. */
static void escapes_every_byte_at_every_place(void **state)
{
    char text[19];
    char expected[48];

    (void)state;
    for (int c = 0; c < 128; c++) {
        for (size_t at = 0; at < sizeof(text); at++) {
            bool plain = c >= 0x20 && c != '"' && c != '\\';
            struct slice alone = quoted(slice_make((char[]){(char)c}, 1));

            memset(text, 'x', sizeof(text));
            text[at] = (char)c;
            assert_int_equal(alone.len == 3, plain);
            (void)snprintf(expected, sizeof(expected), "\"%.*s%.*s%.*s\"",
                           (int)at, "xxxxxxxxxxxxxxxxxxx", (int)alone.len - 2,
                           alone.ptr + 1, (int)(sizeof(text) - 1 - at),
                           "xxxxxxxxxxxxxxxxxxx");
            check_slice(quoted(slice_make(text, sizeof(text))),
                        slice_from_cstr(expected));
        }
    }
}

/* A lead byte must not swallow the quote behind it. */
static void never_writes_bad_utf8(void **state)
{
    (void)state;
    check_text(quoted(SLICE("a\xff\n\xe2\x82\"b\xed\xa0\x80")),
               "\"a\xef\xbf\xbd\\n\xef\xbf\xbd\\\"b"
               "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void cannot_end_a_script_element(void **state)
{
    (void)state;
    writer.for_script = true;
    check_text(quoted(SLICE("</script><!--&\xe2\x80\xa8\xe2\x80\xa9\"\n\xff")),
               "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029"
               "\\\"\\n\xef\xbf\xbd\"");
}

static void prints_doubles_as_javascript(void **state)
{
    (void)state;
    check_text(number(100), "100");
    check_text(number(-0.0), "0");
    check_text(number(0.1), "0.1");
    check_text(number(-1.5), "-1.5");
    check_text(number(1e21), "1e+21");
    check_text(number(123456789012345680000.0), "123456789012345680000");
    check_text(number(1e-6), "0.000001");
    check_text(number(1e-7), "1e-7");
    check_text(number(1.25e-7), "1.25e-7");
    check_text(number(9007199254740993.0), "9007199254740992");
    check_text(number(5e-324), "5e-324");
    check_text(number(DBL_MAX), "1.7976931348623157e+308");
    check_text(number(DBL_MIN), "2.2250738585072014e-308");
    /* nearest of 16 digits ends in 1, but reads back as another number */
    check_text(number(ldexp(1, -44)), "5.684341886080802e-14");
    check_text(number(0.1 + 0.2), "0.30000000000000004");
    check_text(number((double)NAN), "null");
    check_text(number((double)-INFINITY), "null");
}

/* Bits as hexadecimal digits, then what JSON.stringify makes of them. */
static const char numbers_script[] =
    "node -e '"
    "const v=new DataView(new ArrayBuffer(8));let out=[];"
    "const say=()=>out.push(v.getBigUint64(0).toString(16).padStart(16,\"0\")"
    "+\" \"+JSON.stringify(v.getFloat64(0)));"
    "const num=x=>{v.setFloat64(0,x);say()};"
    "for(let i=0;i<24000;i++){require(\"crypto\").randomFillSync(v);say()}"
    "for(let e=-1074;e<1024;e++)for(const d of[0n,1n,-1n]){"
    "v.setFloat64(0,2**e);v.setBigUint64(0,v.getBigUint64(0)+d);say()}"
    "for(let e=-323;e<309;e++)for(let d=1;d<10;d++)num(Number(d+\"e\"+e));"
    "for(let i=0;i<10000;i++)num(Number((Math.random()*"
    "10**(Math.random()*44-22)).toPrecision(1+i%17)));"
    "for(let i=0;i<2000;i++){v.setBigUint64(0,BigInt(i*i));say()}"
    "console.log(out.join(\"\\n\"))'";

static size_t check_number_line(struct slice line)
{
    struct slice bytes;
    uint64_t bits = 0;
    double value;

    check_ok(hex_decode(&arena, slice_head(line, 16), &bytes));
    for (size_t i = 0; i < 8; i++) {
        bits = bits << 8 | (uint8_t)bytes.ptr[i];
    }
    memcpy(&value, &bits, sizeof(value));
    buf_clear(&buf);
    json_writer_init(&writer, &buf);
    json_write_number(&writer, value);
    check_slice(slice_make(buf.bytes, buf.len), slice_from(line, 17));
    return 1;
}

static bool node_is_there(void)
{
    if (system("command -v node >/dev/null 2>&1") == 0) {
        return true;
    }
    print_message("# node is not there: comparison skipped\n");
    return false;
}

static void agrees_with_node_on_many_doubles(void **state)
{
    char line[128];
    size_t count = 0;
    FILE *node;

    (void)state;
    if (!node_is_there()) {
        return;
    }
    node = popen(numbers_script, "r");
    assert_non_null(node);
    while (fgets(line, sizeof(line), node) != NULL) {
        count += check_number_line(slice_make(line, strcspn(line, "\n")));
    }
    assert_int_equal(pclose(node), 0);
    assert_int_equal(count, 24000 + 2098 * 3 + 632 * 9 + 10000 + 2000);
}

/* The text in hexadecimal digits, then what JSON.stringify makes of it. */
static const char texts_script[] =
    "node -e '"
    "for(let i=0;i<0x3000;i+=16){let s=\"\";"
    "for(let j=0;j<16;j++)s+=String.fromCodePoint(i+j);"
    "console.log(Buffer.from(s).toString(\"hex\")+\" \"+"
    "Buffer.from(JSON.stringify(s)).toString(\"hex\"))}'";

static void agrees_with_node_on_texts(void **state)
{
    char line[1024];
    size_t count = 0;
    FILE *node;

    (void)state;
    if (!node_is_there()) {
        return;
    }
    node = popen(texts_script, "r");
    assert_non_null(node);
    while (fgets(line, sizeof(line), node) != NULL) {
        struct slice rest = slice_make(line, strcspn(line, "\n"));
        struct slice part;
        struct slice text;
        struct slice json;

        assert_true(slice_split(&rest, ' ', &part));
        check_ok(hex_decode(&arena, part, &text));
        check_ok(hex_decode(&arena, rest, &json));
        check_slice(quoted(text), json);
        count++;
    }
    assert_int_equal(pclose(node), 0);
    assert_int_equal(count, 0x300);
}

static void writes_a_tree_as_it_was_read(void **state)
{
    struct slice text =
        SLICE("{\"z\":[1,-2,0.5,1e-7,{}],\"a\":{\"\":[]},"
              "\"t\":\"\\u0001\\\"x\",\"n\":[null,true,false]}");
    const struct json *json;

    (void)state;
    check_ok(json_parse(&arena, text, JSON_LIMITS_DEFAULT, &json));
    json_write_json(&writer, json);
    check_slice(finished(), text);
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < JSON_WRITE_DEPTH_MAX; i++) {
        if (i % 2 == 0) {
            json_write_array(&writer);
        } else {
            json_write_object(&writer);
            json_write_name(&writer, SLICE("n"));
        }
    }
    json_write_null(&writer);
    for (size_t i = 0; i < JSON_WRITE_DEPTH_MAX; i++) {
        json_write_end(&writer);
    }
    assert_int_equal(finished().len, 64 + 32 * 4 + 4 + 64);
}

static void running_out_of_room_sticks(void **state)
{
    struct buf small;
    struct slice text;

    (void)state;
    buf_init(&small, &arena, 10);
    json_writer_init(&writer, &small);
    json_write_array(&writer);
    json_write_text(&writer, SLICE("0123456789"));
    json_write_end(&writer);
    check_status(json_write_finish(&writer, &text), STATUS_TOO_LARGE);
}

static void value_without_a_name(void)
{
    json_write_object(&writer);
    json_write_null(&writer);
}

static void name_in_an_array(void)
{
    json_write_array(&writer);
    json_write_name(&writer, SLICE("a"));
}

static void name_without_a_value(void)
{
    json_write_object(&writer);
    json_write_name(&writer, SLICE("a"));
    json_write_end(&writer);
}

static void two_values(void)
{
    json_write_null(&writer);
    json_write_null(&writer);
}

static void one_end_too_many(void)
{
    json_write_end(&writer);
}

static void not_closed(void)
{
    struct slice text;

    json_write_array(&writer);
    (void)!json_write_finish(&writer, &text);
}

static void too_deep(void)
{
    for (size_t i = 0; i <= JSON_WRITE_DEPTH_MAX; i++) {
        json_write_array(&writer);
    }
}

static void misuse_ends_in_an_assertion(void **state)
{
    void (*const mistakes[])(void) = {
        value_without_a_name,
        name_in_an_array,
        name_without_a_value,
        two_values,
        one_end_too_many,
        not_closed,
        too_deep,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        int ended = 0;
        pid_t child = fork();

        if (child == 0) {
            (void)signal(SIGABRT, SIG_DFL);
            (void)close(STDERR_FILENO);
            mistakes[i]();
            _exit(0);
        }
        assert_int_equal(waitpid(child, &ended, 0), child);
        assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGABRT);
    }
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, begin, tear_down)

RUN_TESTS(CASE(places_commas_and_colons), CASE(prints_integers_to_their_ends),
          CASE(escapes_as_json_stringify),
          CASE(escapes_every_byte_at_every_place), CASE(never_writes_bad_utf8),
          CASE(cannot_end_a_script_element), CASE(prints_doubles_as_javascript),
          CASE(agrees_with_node_on_many_doubles),
          CASE(agrees_with_node_on_texts), CASE(writes_a_tree_as_it_was_read),
          CASE(depth_has_a_limit), CASE(running_out_of_room_sticks),
          CASE(misuse_ends_in_an_assertion))
