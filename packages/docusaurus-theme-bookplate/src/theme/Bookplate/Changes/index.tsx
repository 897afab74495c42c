// SPDX-License-Identifier: Apache-2.0
// The end of the questionnaire: what the book shows otherwise now, each with a
// way to take it back, and the way on.
import { useEffect, useState, type ReactNode, type Ref } from 'react';
import { PageMetadata } from '@docusaurus/theme-common';
import Translate, { translate } from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import {
  useStore,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';
import type { Answering } from '@theme/Bookplate/Questionnaire/useAnswering';
import type { StepView } from '@theme/Bookplate/Questionnaire/useStep';
import SavedStatus from '@theme/Bookplate/Questionnaire/SavedStatus';

import ChangeLine from './ChangeLine';
import OwnVersion from './OwnVersion';
import Refused from './Refused';
import StillOpen from './StillOpen';
import WayOn from './WayOn';
import { changesOf, type Change } from './changes';
import styles from './styles.module.css';

export interface Props {
  questionnaire: Questionnaire;
  answering: Answering;
  steps: StepView;
  heading: Ref<HTMLHeadingElement>;
}

/** Worked out once, so that a line stays when it is taken back. */
function useChanges({ questionnaire, answering }: Props): Change[] | null {
  const [changes, setChanges] = useState<Change[] | null>(null);
  useEffect(() => {
    void import(
      '@generated/docusaurus-theme-bookplate/default/conditions.json'
    ).then(({ default: conditions }) =>
      setChanges(
        changesOf({
          questionnaire,
          before: answering.before,
          now: answering.answers,
          tabs: Object.values(options.tabs),
          conditions,
        }),
      ),
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once
  }, []);
  return changes;
}

export default function Changes(props: Props): ReactNode {
  const { questionnaire, answering, steps, heading } = props;
  const { version } = useStore().local;
  const changes = useChanges(props);
  return (
    <section>
      <PageMetadata
        title={translate({
          id: 'theme.bookplate.changes.page',
          message: 'Your book fits you now',
          description: 'Title of the page after the questionnaire',
        })}
      />
      <h2 ref={heading} tabIndex={-1} className={styles.title}>
        {changes?.length === 0 ? (
          <Translate
            id="theme.bookplate.changes.none"
            description="Heading after a questionnaire without new answers"
          >
            Nothing has changed
          </Translate>
        ) : (
          <Translate
            id="theme.bookplate.changes.title"
            description="Heading above what the book shows since the answers"
          >
            Your book now shows
          </Translate>
        )}
      </h2>
      <Refused
        questionnaire={questionnaire}
        errors={answering.errors}
        onStep={steps.go}
      />
      {version && <OwnVersion version={version} />}
      <ul className={styles.changes}>
        {changes?.map((change) => (
          <ChangeLine
            key={`${change.kind} ${change.ids.join(' ')}`}
            change={change}
            answering={answering}
          />
        ))}
      </ul>
      <StillOpen
        questionnaire={questionnaire}
        answers={answering.answers}
        onStep={steps.go}
      />
      <SavedStatus saved={answering.saved} />
      <WayOn steps={steps} />
    </section>
  );
}
