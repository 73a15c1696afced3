import type { ReactNode } from 'react';
import { useLoaded } from '../../use-loaded';
import { Instant } from '../ui/instant';
import { Busy, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { ChangesPanel, TimePanel, useMoments } from './changes';
import { Filled } from './filled';
import { ConsoleWhyDocument } from './operations';
import { keyOfPath, Paths } from './paths';
import type { Question } from './question';
import type { AskedPerson } from './question-form';
import { Remedies } from './remedies';
import { texts } from './texts';
import { type Decision, Verdict } from './verdict';

/** The answer of now, and beside it that of another instant if one is chosen. */
export function Answer({
  question,
  person,
}: {
  readonly question: Question;
  readonly person: NonNullable<AskedPerson>;
}) {
  const { check } = question;
  const now = useLoaded(ConsoleWhyDocument, { userId: person.id, check, at: null });
  if (now.error) return <Failed error={now.error} onRetry={() => void now.reload()} />;
  if (!now.data) return <Busy />;
  return <Decided question={question} person={person} now={now.data.accessDecision} isStale={now.isStale} />;
}

interface DecidedProps {
  readonly question: Question;
  readonly person: NonNullable<AskedPerson>;
  readonly now: Decision;
  /** Whether `now` still answers an earlier question. */
  readonly isStale: boolean;
}

/** What changes with the chosen instant stands below the line of time, which keeps its place. */
function Decided({ question, person, now, isStale }: DecidedProps) {
  const words = useTextsOf(texts);
  const { at } = question;
  const moments = useMoments(question, person.createdAt, now.allowed);
  return (
    <>
      <section className="why-answer" aria-label={words.asOfNow} aria-live="polite" aria-busy={isStale}>
        <Verdict decision={now} person={person.fullName} />
        <p className="why-when quiet">{words.asOfNow}</p>
      </section>
      <TimePanel moments={moments} at={at} />
      {at ? (
        <OtherTime
          question={question}
          person={person}
          now={now}
          isStale={isStale}
          at={at}
          isChange={moments.changes.some((change) => change.at === at)}
        />
      ) : (
        <section className="panel" aria-labelledby="why-paths">
          <h2 id="why-paths">{words.paths}</h2>
          <Paths decision={now} />
        </section>
      )}
      {!now.allowed && <Remedies question={question} />}
      <ChangesPanel moments={moments} at={at} />
    </>
  );
}

/** Another instant beside now; at a change of the answer, the moment before beside it. */
function OtherTime({ isChange, ...props }: OtherTimeProps & { readonly isChange: boolean }) {
  return isChange ? <BeforeAndAfter {...props} /> : <ThenAndNow {...props} />;
}

type OtherTimeProps = DecidedProps & { readonly at: string };

const useDecision = ({ question: { check }, person }: DecidedProps, at: string) => {
  const { data, error, isStale, reload } = useLoaded(ConsoleWhyDocument, { userId: person.id, check, at });
  if (error) return { otherwise: <Failed error={error} onRetry={() => void reload()} /> };
  return data && !isStale ? { decision: data.accessDecision } : { otherwise: <Busy /> };
};

function ThenAndNow(props: OtherTimeProps) {
  const words = useTextsOf(texts);
  const { decision, otherwise } = useDecision(props, props.at);
  if (!decision) return otherwise;
  const sides = [
    { title: words.thatTime, decision, when: <AsOf at={decision.at} /> },
    { title: words.now, decision: props.now, when: words.asOfNow },
  ] as const;
  return <Sides title={words.thenAndNow} sides={sides} person={props.person.fullName} />;
}

function BeforeAndAfter(props: OtherTimeProps) {
  const words = useTextsOf(texts);
  const before = useDecision(props, new Date(Date.parse(props.at) - 1).toISOString());
  const after = useDecision(props, props.at);
  if (!before.decision || !after.decision) return before.otherwise ?? after.otherwise;
  const sides = [
    { title: words.justBefore, decision: before.decision, when: <AsOf at={before.decision.at} /> },
    { title: words.fromThenOn, decision: after.decision, when: <AsOf at={after.decision.at} /> },
  ] as const;
  return <Sides title={words.theChange} sides={sides} person={props.person.fullName} />;
}

function AsOf({ at }: { readonly at: string }) {
  const { asOf } = useTextsOf(texts);
  return <Filled text={asOf} parts={{ instant: <Instant at={at} how="compact" /> }} />;
}

interface Side {
  readonly title: string;
  readonly when: ReactNode;
  readonly decision: Decision;
}

/** Two decisions side by side, with what differs marked. */
function Sides({
  title,
  sides,
  person,
}: {
  readonly title: string;
  readonly sides: readonly [Side, Side];
  readonly person: string;
}) {
  const words = useTextsOf(texts);
  const [one, other] = sides;
  const differing = differences(one.decision, other.decision);
  const isSame = one.decision.reason === other.decision.reason && differing.size === 0;
  return (
    <section className="panel" aria-labelledby="why-both" aria-live="polite">
      <h2 id="why-both">{title}</h2>
      {isSame && <p className="quiet">{words.same}</p>}
      <div className="why-both">
        {sides.map(({ title: name, decision, when }) => (
          <div key={name} className="why-side">
            <h3>
              {name} <span className="quiet">{when}</span>
            </h3>
            <Verdict decision={decision} person={person} />
            <Paths decision={decision} differing={differing} />
          </div>
        ))}
      </div>
    </section>
  );
}

/** Keys of the ways that are there on one side only, or came out differently. */
function differences(one: Decision, other: Decision): ReadonlySet<string> {
  const outcomes = ({ paths }: Decision) =>
    new Map(paths.map((path) => [keyOfPath(path), `${path.satisfied} ${path.isActive}`]));
  const [ofOne, ofOther] = [outcomes(one), outcomes(other)];
  return new Set([...ofOne.keys(), ...ofOther.keys()].filter((key) => ofOne.get(key) !== ofOther.get(key)));
}
