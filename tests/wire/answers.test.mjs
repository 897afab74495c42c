// SPDX-License-Identifier: Apache-2.0
// The reader of answers must not be kinder than the server's own parser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseAnswers } from './answers.mjs';

const OK = 'HTTP/1.1 200 OK\r\n';
const read = (text, closed = false, headAt = undefined) =>
  parseAnswers(Buffer.from(text, 'latin1'), closed, headAt);

test('reads two answers and an interim one', () => {
  const { finals, interim, rest } = read(
    `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 2\r\n\r\nab` +
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n`,
  );
  assert.deepEqual(finals.map((final) => final.body), ['ab', 'cd']);
  assert.equal(interim, 1);
  assert.equal(rest, 0);
});

test('knows answers that have no body', () => {
  const head = `${OK}Content-Length: 5\r\n\r\n`;
  assert.equal(read(head, false, () => true).rest, 0);
  assert.equal(read(head).rest, head.length);
  assert.equal(read('HTTP/1.1 204 No\r\n\r\n').finals.length, 1);
  assert.equal(read(`${OK}\r\nab`, true).finals[0].body, 'ab');
  assert.equal(read(`${OK}\r\nab`).finals.length, 0);
});

test('waits at every byte', () => {
  for (const text of [
    `${OK}Content-Length: 2\r\n\r\nab`,
    `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
  ]) {
    for (let len = 0; len < text.length; len++) {
      assert.equal(read(text.slice(0, len)).finals.length, 0);
    }
    assert.equal(read(text).finals.length, 1);
  }
});

const malformed = {
  'another version': 'HTTP/1.0 200 OK\r\n\r\n',
  'no reason phrase': 'HTTP/1.1 200\r\n\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a bare LF': `${OK}X: a\nY: b\r\n\r\n`,
  'a control': `${OK}X: \0\r\n\r\n`,
  'a blank before the colon': `${OK}X : a\r\n\r\n`,
  'an obs-fold': `${OK}X: a\r\n b\r\n\r\n`,
  'two lengths': `${OK}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`,
  'length and coding': `${OK}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n`,
  'a sign in a length': `${OK}Content-Length: +1\r\n\r\n`,
  'a leading zero in a length': `${OK}Content-Length: 01\r\n\r\n`,
  'another coding': `${OK}Transfer-Encoding: gzip\r\n\r\n`,
  'a chunk extension': `${OK}Transfer-Encoding: chunked\r\n\r\n1;a\r\nb\r\n`,
  'no CRLF behind a chunk': `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nabc`,
  'bytes between answers': `${OK}Content-Length: 0\r\n\r\nx${OK}\r\n`,
};
for (const [name, text] of Object.entries(malformed)) {
  test(`refuses ${name}`, () => assert.throws(() => read(text, true)));
}
