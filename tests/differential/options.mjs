// SPDX-License-Identifier: Apache-2.0
// The option sets the scenarios run under, in the original's own words. A
// `true` where the original takes a function that sends a mail stands for one.

const PLUGINS = {
  bearer: true,
  jwt: { jwks: { keyPairConfig: { alg: 'RS256', modulusLength: 2048 } } },
  admin: true,
};

/** What every set starts from: all mails can be sent, nothing is limited. */
export function options(more = {}) {
  return {
    trustedOrigins: ['http://localhost:3000', 'https://*.trusted.example'],
    rateLimit: { enabled: false },
    ...more,
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
