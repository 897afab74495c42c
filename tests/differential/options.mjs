// SPDX-License-Identifier: Apache-2.0
// The option sets the scenarios run under, in the original's own words. A
// `true` where the original takes a function that sends a mail stands for one.

const PLUGINS = [
  'bearer',
  ['jwt', { jwks: { keyPairConfig: { alg: 'RS256' } } }],
  'admin',
];

/** What every set starts from: all mails can be sent, nothing is limited. */
export function options(more = {}) {
  return {
    ...more,
    secret: 'bookplate-lab-secret-0123456789abcdefABCDEF',
    trustedOrigins: ['http://localhost:3000', 'https://*.trusted.example'],
    rateLimit: more.rateLimit ?? { enabled: false },
    // Who the client is says a proxy on this machine, to both.
    advanced: {
      ipAddress: { trustedProxies: ['127.0.0.1'] },
      ...more.advanced,
    },
    plugins: more.plugins ?? PLUGINS,
    emailAndPassword: {
      enabled: true,
      sendResetPassword: true,
      ...more.emailAndPassword,
    },
    emailVerification: {
      sendVerificationEmail: true,
      ...more.emailVerification,
    },
  };
}

export const BASELINE = options();
