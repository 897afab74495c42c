// SPDX-License-Identifier: Apache-2.0
// One screen of the questionnaire: its questions, and the ways on from it. None
// of them has to be answered.
import {
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { PageMetadata } from '@docusaurus/theme-common';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Translate, { translate } from '@docusaurus/Translate';
import {
  labelIn,
  type Answer,
  type Answers,
  type Question as Asked,
} from 'docusaurus-theme-bookplate/client';
import Problem from '@theme/Bookplate/Problem';
import Question from '@theme/Bookplate/Question';
import type { Screen } from '@theme/Bookplate/Questionnaire/screens';

import Ways from './Ways';
import styles from './styles.module.css';

export interface Props {
  screen: Screen;
  /** From 1. */
  step: number;
  count: number;
  heading: Ref<HTMLHeadingElement>;
  answers: Answers;
  /** By question. */
  errors: Record<string, string>;
  onAnswer(id: string, answer: Answer | undefined): void;
  onNext(): void;
  onBack?: () => void;
  onSkipAll(): void;
  /** What became of the last answer. */
  status: ReactNode;
  consent?: ReactNode;
}

const stepName = (step: number, count: number) =>
  translate(
    {
      id: 'theme.bookplate.step.of',
      message: 'Step {step} of {count}',
      description: 'Where the reader is in the questionnaire',
    },
    { step, count },
  );

/** Required answers may be left too; what that means is said beforehand. */
function Needed({ questions }: { questions: Asked[] }): ReactNode {
  if (!questions.some(({ required }) => required)) {
    return null;
  }
  return (
    <p className={styles.note}>
      <Translate
        id="theme.bookplate.step.needed"
        description="Below the title of a step with questions that have a star"
      >
        Your profile is complete with the questions marked *. You may leave
        these too: the book then fits you less closely.
      </Translate>
    </p>
  );
}

/** The first field that says itself that it is wrong. */
function wrongField(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>('input:invalid, textarea:invalid');
}

export default function Step(props: Props): ReactNode {
  const { screen, step, count, answers, errors, onAnswer, onNext } = props;
  const { i18n } = useDocusaurusContext();
  const form = useRef<HTMLFormElement>(null);
  const [asked, setAsked] = useState(false);
  const label = (text: Screen['help']) => labelIn(text, i18n.currentLocale);
  const mine = screen.questions.filter(({ id }) => id in errors);
  const title = label(screen.title);
  const next = (event: FormEvent) => {
    event.preventDefault();
    const wrong = form.current && wrongField(form.current);
    if (wrong) {
      wrong.focus();
    } else if (mine.length > 0 && !asked) {
      setAsked(true); // who goes on a second time has seen them
    } else {
      onNext();
    }
  };
  return (
    <form ref={form} noValidate onSubmit={next}>
      <PageMetadata title={`${stepName(step, count)}: ${title}`} />
      <p className={styles.place}>{stepName(step, count)}</p>
      <div className={styles.track} aria-hidden="true">
        <div style={{ inlineSize: `${(step / count) * 100}%` }} />
      </div>
      <h2 ref={props.heading} tabIndex={-1} className={styles.title} dir="auto">
        {title}
      </h2>
      {screen.help && <p dir="auto">{label(screen.help)}</p>}
      <Needed questions={screen.questions} />
      {asked && (
        <Problem
          problem={null}
          fields={Object.fromEntries(
            mine.map(({ id }) => [id, errors[id] ?? '']),
          )}
          labels={Object.fromEntries(
            mine.map(({ id, label: text }) => [id, label(text)]),
          )}
        />
      )}
      {props.consent}
      {screen.questions.map((question) => (
        <Question
          key={question.id}
          question={question}
          value={answers[question.id]}
          error={errors[question.id]}
          onAnswer={(answer) => {
            setAsked(false);
            onAnswer(question.id, answer);
          }}
        />
      ))}
      {props.status}
      <Ways
        last={step === count}
        onBack={props.onBack}
        onSkip={onNext}
        onSkipAll={props.onSkipAll}
      />
    </form>
  );
}
