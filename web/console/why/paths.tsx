import { Link } from 'wouter';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { Filled } from './filled';
import { texts } from './texts';
import { type Clause, type Decision, Expected, isMissing, type Path, Value } from './verdict';

const mostShown = 20;

/** Tells apart what is the same way at two instants. */
export const keyOfPath = ({ grant, permission }: Path): string => `${grant.id} ${permission.id}`;

/** Each way to what was asked about: grant, role, permission and the comparisons of its conditions. */
export function Paths({
  decision: { paths },
  differing,
}: {
  readonly decision: Decision;
  /** Keys of the ways to mark. */
  readonly differing?: ReadonlySet<string>;
}) {
  const words = useTextsOf(texts);
  if (paths.length === 0) return <p className="quiet">{words.noPaths}</p>;
  return (
    <>
      <ul className="why-paths">
        {paths.slice(0, mostShown).map((path) => (
          <Way key={keyOfPath(path)} path={path} isDiffering={differing?.has(keyOfPath(path)) ?? false} />
        ))}
      </ul>
      {paths.length > mostShown && <p className="quiet">{words.further(paths.length - mostShown)}</p>}
    </>
  );
}

function Way({ path, isDiffering }: { readonly path: Path; readonly isDiffering: boolean }) {
  const words = useTextsOf(texts);
  const { role, permission, satisfied, isActive, clauses } = path;
  const [kind, state] = satisfied
    ? ['good', words.way.satisfied]
    : ['bad', isActive ? words.way.unmet : words.way.inactive];
  return (
    <li className={isDiffering ? 'why-path differs' : 'why-path'}>
      <p className="why-path-head">
        <Link href={`/console/roles/${role.id}`}>
          <Name>{role.name}</Name>
        </Link>
        <span aria-hidden="true">→</span>
        <Name>{permission.name}</Name>
        <span className={`badge ${kind}`}>{state}</span>
        {isDiffering && <span className="badge warm">{words.differs}</span>}
      </p>
      <p className="quiet">
        <Grant grant={path.grant} />
      </p>
      {clauses.length > 0 ? <Clauses clauses={clauses} /> : <p className="quiet">{words.unconditional}</p>}
    </li>
  );
}

/** By whom, when and until when. */
export function Grant({
  grant,
}: {
  readonly grant: Omit<Path['grant'], 'id' | 'revokedAt'> & { readonly revokedAt?: string | null };
}) {
  const words = useTextsOf(texts);
  const { grantedAt, grantedByName, expiresAt, revokedAt } = grant;
  const by = grantedByName ? words.grantedBy : words.granted;
  const end = revokedAt ?? expiresAt;
  return (
    <>
      <Filled text={by} parts={{ by: <Name>{grantedByName ?? ''}</Name>, instant: <Instant at={grantedAt} /> }} />
      {', '}
      {end ? (
        <Filled text={revokedAt ? words.revoked : words.until} parts={{ instant: <Instant at={end} /> }} />
      ) : (
        words.forGood
      )}
    </>
  );
}

function Clauses({ clauses }: { readonly clauses: readonly Clause[] }) {
  const words = useTextsOf(texts);
  return (
    <ul className="why-clauses">
      {clauses.map((clause) => (
        <li key={`${clause.path}${clause.operator}`} className={clause.satisfied ? 'met' : 'unmet'}>
          <span aria-hidden="true">{clause.satisfied ? '✓' : '✗'}</span>
          <span className="hidden">{clause.satisfied ? words.met : words.notMet}: </span>
          <span>
            <code>{clause.attribute}</code> <span className="quiet">{words.asksFor}</span> <Expected clause={clause} />{' '}
            ·{' '}
            {isMissing(clause.actual) ? (
              <em>{words.missing}</em>
            ) : (
              <>
                <span className="quiet">{words.is}</span> <Value value={clause.actual} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
