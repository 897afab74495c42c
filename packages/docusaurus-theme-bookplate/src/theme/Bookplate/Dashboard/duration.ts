// SPDX-License-Identifier: Apache-2.0
// "2 h 20 min". Of plain texts, for it is in the static HTML: a browser need not
// format as the build did.
import { translate } from '@docusaurus/Translate';

function hoursOf(hours: number): string {
  return translate(
    {
      id: 'theme.bookplate.dashboard.wholeHours',
      message: '{hours} h',
      description: 'How long something takes, short',
    },
    { hours },
  );
}

function minutesOf(minutes: number): string {
  return translate(
    {
      id: 'theme.bookplate.dashboard.minutes',
      message: '{minutes} min',
      description: 'How long something takes, short',
    },
    { minutes },
  );
}

export default function durationOf(all: number): string {
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return [
    hours > 0 ? hoursOf(hours) : '',
    minutes > 0 || hours === 0 ? minutesOf(minutes) : '',
  ]
    .filter(Boolean)
    .join(' ');
}
