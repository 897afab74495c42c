// SPDX-License-Identifier: Apache-2.0
// How far the reader got. The list of chapters is in the static HTML; what this
// browser knows is added at once, with or without an account and a server.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import chapters from '@generated/docusaurus-theme-bookplate/default/chapters.json';
import { useStore } from 'docusaurus-theme-bookplate/client';
import { shownModules } from 'docusaurus-theme-bookplate/core/chapters';
import { overviewOf } from 'docusaurus-theme-bookplate/core/overview';
import Notice from '@theme/Bookplate/Account/Notice';
import Continue from '@theme/Bookplate/Dashboard/Continue';
import Module from '@theme/Bookplate/Dashboard/Module';
import Prompts from '@theme/Bookplate/Dashboard/Prompts';
import GuestOffer from '@theme/Bookplate/GuestOffer';
import durationOf from '@theme/Bookplate/Dashboard/duration';
import Page from '@theme/Bookplate/Page';

const title = () =>
  translate({
    id: 'theme.bookplate.dashboard.title',
    message: 'My progress',
    description: 'Title of the page that shows how far the reader got',
  });

const all = chapters.modules.flatMap((module) => module.chapters);

function Whole(): ReactNode {
  const { progress } = useStore().local;
  const { read, total, minutesLeft } = overviewOf(all, progress);
  return (
    <p>
      <Translate
        id="theme.bookplate.dashboard.whole"
        description="How much of the whole book was read"
        values={{ read, total }}
      >
        {'Chapters read: {read} of {total}.'}
      </Translate>{' '}
      {minutesLeft > 0 && (
        <Translate
          id="theme.bookplate.dashboard.left"
          description="How long what was not read takes"
          values={{ time: durationOf(minutesLeft) }}
        >
          {'About {time} left.'}
        </Translate>
      )}
    </p>
  );
}

export default function DashboardPage(): ReactNode {
  return (
    <Page title={title()} wide>
      <Notice />
      <GuestOffer />
      <Continue chapters={all} />
      <Whole />
      <Prompts />
      {shownModules(chapters).map((module, at) => (
        <Module key={at} module={module} book={chapters} />
      ))}
    </Page>
  );
}
