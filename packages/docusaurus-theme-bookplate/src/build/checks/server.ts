// SPDX-License-Identifier: Apache-2.0
// Whether the server answers, and lets the book's pages ask it.
import type { Options } from '../../options';
import type { Finding } from './finding';

const PATIENCE_MS = 4000;

async function ask(address: string, origin: string): Promise<Response | null> {
  try {
    return await fetch(address, {
      headers: { origin },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return null;
  }
}

export async function serverFindings(
  { server }: Pick<Options, 'server'>,
  siteUrl: string,
): Promise<Finding[]> {
  if (server === '') {
    return []; // the server that serves the book answers for itself
  }
  const address = `${server}/api/offers`;
  const { origin } = new URL(siteUrl);
  const answer = await ask(address, origin);
  if (!answer?.ok) {
    const what = answer
      ? `answers ${answer.status} to GET /api/offers`
      : 'does not answer';
    return [
      {
        rule: 'server-unreachable',
        text: `${server} ${what}: readers cannot sign in`,
        fix: 'start the server, or correct the option server',
      },
    ];
  }
  const allowed = answer.headers.get('access-control-allow-origin');
  return allowed === origin || server === origin
    ? []
    : [
        {
          rule: 'origin-not-allowed',
          text: `${server} does not let pages of ${origin} ask it${allowed ? ` (it allows ${allowed})` : ''}`,
          fix: `add ${origin} to FRONTEND_URL of the server`,
        },
      ];
}
