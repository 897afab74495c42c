// SPDX-License-Identifier: Apache-2.0
// A strict reader of HTTP/1.1 answers: what RFC 9112 forbids a server to send
// throws, so a test that reads answers also checks how they are written.

const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;
const TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

function parseHead(text) {
  const [statusLine, ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.1 ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/.exec(
    statusLine,
  );
  if (!match) {
    throw new Error(`not a status line: ${JSON.stringify(statusLine)}`);
  }
  const fields = lines.map((line) => {
    const parts = FIELD.exec(line);
    if (!parts || !TEXT.test(parts[2])) {
      throw new Error(`not a field: ${JSON.stringify(line)}`);
    }
    return [parts[1].toLowerCase(), parts[2]];
  });
  return { status: Number(match[1]), fields };
}

function valuesOf(fields, name) {
  return fields.filter(([key]) => key === name).map(([, value]) => value);
}

/** The chunked body at `at`, or null when it is not whole. */
function chunkedBody(buffer, at) {
  const parts = [];
  for (;;) {
    const end = buffer.indexOf('\r\n', at);
    if (end < 0) {
      return null;
    }
    const line = buffer.toString('latin1', at, end);
    if (!/^[0-9a-fA-F]{1,8}$/.test(line)) {
      throw new Error(`not a chunk size: ${JSON.stringify(line)}`);
    }
    const size = Number.parseInt(line, 16);
    at = end + 2;
    if (buffer.length < at + size + 2) {
      return null;
    }
    if (buffer.toString('latin1', at + size, at + size + 2) !== '\r\n') {
      throw new Error('no CRLF behind a chunk, or a trailer');
    }
    parts.push(buffer.subarray(at, at + size));
    at += size + 2;
    if (size === 0) {
      return { body: Buffer.concat(parts), end: at };
    }
  }
}

function bodyOf(buffer, at, answer, isHead, closed) {
  const lengths = valuesOf(answer.fields, 'content-length');
  const codings = valuesOf(answer.fields, 'transfer-encoding');
  if (lengths.length + codings.length > 1) {
    throw new Error('a body framed twice');
  }
  if (lengths.length === 1 && !/^(0|[1-9]\d*)$/.test(lengths[0])) {
    throw new Error(`not a length: ${lengths[0]}`);
  }
  if (isHead || answer.status < 200 || [204, 304].includes(answer.status)) {
    return { body: Buffer.alloc(0), end: at };
  }
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') {
      throw new Error(`not a coding: ${codings[0]}`);
    }
    return chunkedBody(buffer, at);
  }
  const end = lengths.length === 1 ? at + Number(lengths[0]) : buffer.length;
  const isWhole = lengths.length === 1 ? buffer.length >= end : closed;
  return isWhole ? { body: buffer.subarray(at, end), end } : null;
}

/**
 * All answers in `buffer`. `headAt(n)`: was request n a HEAD? Interim answers
 * (1xx) are counted in `interim` only; `rest` is the size of what is not a
 * whole answer yet.
 */
export function parseAnswers(buffer, closed, headAt = () => false) {
  const finals = [];
  let interim = 0;
  let at = 0;
  while (at < buffer.length) {
    const end = buffer.indexOf('\r\n\r\n', at);
    if (end < 0) {
      break;
    }
    const answer = parseHead(buffer.toString('latin1', at, end));
    const isHead = headAt(finals.length);
    const body = bodyOf(buffer, end + 4, answer, isHead, closed);
    if (body === null) {
      break;
    }
    at = body.end;
    if (answer.status < 200) {
      interim++;
    } else {
      const get = (name) => valuesOf(answer.fields, name)[0];
      finals.push({ ...answer, get, body: body.body.toString('utf8') });
    }
  }
  return { finals, interim, rest: buffer.length - at };
}
