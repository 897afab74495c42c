// SPDX-License-Identifier: Apache-2.0
// "2 h 20 min". Of plain texts, for it is in the static HTML: a browser need not
// format as the build did.
import { translate } from '@docusaurus/Translate';

export default function durationOf(all: number): string {
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return hours === 0
    ? translate(
        {
          id: 'theme.bookplate.dashboard.minutes',
          message: '{minutes} min',
          description: 'How long something takes, short',
        },
        { minutes },
      )
    : translate(
        {
          id: 'theme.bookplate.dashboard.hours',
          message: '{hours} h {minutes} min',
          description: 'How long something takes, short',
        },
        { hours, minutes },
      );
}
