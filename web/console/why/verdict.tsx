import { Fragment, type ReactNode } from 'react';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { Filled } from './filled';
import type { ConsoleDecisionFragment } from './operations';
import { texts } from './texts';

export type Decision = ConsoleDecisionFragment;
export type Path = Decision['paths'][number];
export type Clause = Path['clauses'][number];

/** The answer in one sentence, which names the condition or the grant that it depends on. */
export function Verdict({ decision, person }: { readonly decision: Decision; readonly person: string }) {
  const words = useTextsOf(texts);
  const { allowed, reason, paths } = decision;
  const [nearest] = paths;
  const parts: Record<string, ReactNode> = {
    person: <Name>{person}</Name>,
    role: nearest && <Strong>{nearest.role.name}</Strong>,
    permission: nearest && <Strong>{nearest.permission.name}</Strong>,
    clauses: nearest && <UnmetClauses path={nearest} />,
    end: nearest && <End path={nearest} />,
  };
  return (
    <p className={`why-verdict ${allowed ? 'good' : 'bad'}`}>
      <strong>{allowed ? words.yes : words.no}:</strong> <Filled text={words.sentences[reason]} parts={parts} />
    </p>
  );
}

const Strong = ({ children }: { readonly children: string }) => (
  <em>
    <Name>{children}</Name>
  </em>
);

function End({ path: { grant } }: { readonly path: Path }) {
  const { ended } = useTextsOf(texts);
  const at = grant.revokedAt ?? grant.expiresAt;
  if (!at) return ended.other;
  return <Filled text={grant.revokedAt ? ended.revoked : ended.expired} parts={{ instant: <Instant at={at} /> }} />;
}

const mostTold = 2;

function UnmetClauses({ path }: { readonly path: Path }) {
  const words = useTextsOf(texts);
  const unmet = path.clauses.filter(({ satisfied }) => !satisfied);
  const rest = unmet.length - mostTold;
  return (
    <>
      {unmet.slice(0, mostTold).map((clause, place) => (
        <Fragment key={`${clause.path}${clause.operator}`}>
          {place > 0 && words.and}
          <Filled
            text={isMissing(clause.actual) ? words.clauseMissing : words.clause}
            parts={{
              attribute: <em>{clause.attribute}</em>,
              actual: <Value value={clause.actual} />,
              role: <Strong>{path.role.name}</Strong>,
              expected: <Expected clause={clause} />,
            }}
          />
        </Fragment>
      ))}
      {rest > 0 && ` ${words.furtherClauses(rest)}`}
    </>
  );
}

export const isMissing = (value: unknown): boolean => value === null || value === undefined;

/** What a comparison asks for, such as "one of news, sports". */
export function Expected({ clause: { operator, expected } }: { readonly clause: Clause }) {
  const { expected: forms } = useTextsOf(texts);
  // `$not $gt` under a negation.
  const [negation = '', name = negation] = operator.split(' ');
  if (name === '$exists') return expected === false ? forms.absent : forms.present;
  const form = (forms as Readonly<Record<string, string>>)[name] ?? '{value}';
  return (
    <>
      {name !== negation && forms.not}
      <Filled text={form} parts={{ value: <Value value={expected} /> }} />
    </>
  );
}

/** A value of the API: texts as they are, everything else as JSON. */
export function Value({ value }: { readonly value: unknown }) {
  const words = useTextsOf(texts);
  if (value === null || value === undefined) return <em className="why-value">{words.nothing}</em>;
  if (Array.isArray(value))
    return value.map((member, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: members of a list may be equal
      <Fragment key={place}>
        {place > 0 && ', '}
        <Value value={member} />
      </Fragment>
    ));
  return (
    <em className="why-value">
      <Name>{typeof value === 'string' ? value : JSON.stringify(value)}</Name>
    </em>
  );
}
