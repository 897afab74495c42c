// SPDX-License-Identifier: Apache-2.0
// One request over a connection of its own, written byte for byte as the
// scenario says, so that no client library adds, sorts or repairs anything.
import { Connection } from '../wire/raw.mjs';

const PATIENCE_MS = 15_000;

function bodyBytes(body) {
  if (body === undefined) {
    return null;
  }
  if (Buffer.isBuffer(body)) {
    return body;
  }
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The bytes of a request; `fields` are [name, value], latin1. */
export function requestBytes({ method, target, fields, body }) {
  const bytes = bodyBytes(body);
  const all = [...fields, ['Connection', 'close']];
  // What Node's own clients and the official one do with a POST.
  if (bytes !== null || !['GET', 'HEAD', 'OPTIONS'].includes(method)) {
    all.push(['Content-Length', `${bytes?.length ?? 0}`]);
  }
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes ?? Buffer.alloc(0)]);
}

/** The answer, or {status: 0, body: why there is none}. */
export async function send(port, request) {
  const connection = await Connection.open(port);
  const finals = () =>
    connection.answers(() => request.method === 'HEAD').finals;
  try {
    await connection.send([requestBytes(request)]);
    await connection.until(
      () => connection.closed || finals().length > 0,
      PATIENCE_MS,
    );
    const [answer] = finals();
    return answer ?? { status: 0, fields: [], body: 'no answer' };
  } catch (error) {
    return { status: 0, fields: [], body: `${error.message}` };
  } finally {
    connection.destroy();
  }
}
