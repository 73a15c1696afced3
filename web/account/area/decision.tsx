import { useTexts } from '../../texts/context';
import { useFormat } from '../../texts/format';
import type { AccessDecision } from './ask-why';

type Path = AccessDecision['paths'][number];
type Clause = Path['clauses'][number];

/** A decision in words: the answer, the reason, and each way that led to it or failed. */
export function Decision({ decision: { allowed, reason, at, paths } }: { readonly decision: AccessDecision }) {
  const { account } = useTexts();
  const texts = account.access;
  const { dateTime } = useFormat();
  return (
    <div className={`notice ${allowed ? 'good' : 'bad'}`}>
      <p>
        <strong>{allowed ? texts.allowed : texts.refused}</strong> {texts.reasons[reason]}
      </p>
      <p>{texts.atInstant(dateTime(at))}</p>
      {paths.length > 0 && (
        <ul className="paths">
          {paths.slice(0, 10).map((path) => (
            <Way key={`${path.grant.grantedAt}${path.role.name}${path.permission.name}`} path={path} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Way({ path }: { readonly path: Path }) {
  const { account } = useTexts();
  const texts = account.access;
  const { dateTime } = useFormat();
  const { role, grant, permission, isActive, clauses } = path;
  const { grantedAt, grantedByName, expiresAt, revokedAt } = grant;
  const end = revokedAt
    ? texts.revokedOn(dateTime(revokedAt))
    : expiresAt
      ? texts.until(dateTime(expiresAt))
      : undefined;
  return (
    <li>
      {texts.way(role.name, permission.name)}{' '}
      {grantedByName ? texts.grantedBy(grantedByName, dateTime(grantedAt)) : texts.granted(dateTime(grantedAt))}
      {end && `, ${end}`}. {!isActive && texts.inactive}
      {clauses.length > 0 && (
        <ul>
          {clauses.map((clause) => (
            <Comparison
              key={`${clause.attribute}${clause.operator}${JSON.stringify(clause.expected)}`}
              clause={clause}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

function Comparison({ clause: { attribute, operator, expected, actual, satisfied } }: { readonly clause: Clause }) {
  const { account } = useTexts();
  const texts = account.access;
  // `$not $gt` under a negation.
  const [negation, name = negation] = operator.split(' ');
  const words = `${name === negation ? '' : `${texts.not} `}${texts.operators[name ?? ''] ?? operator}`;
  return (
    <li>
      {satisfied ? '✓ ' : '✗ '}
      <span className="hidden">{satisfied ? texts.met : texts.notMet}</span>
      <code>{attribute}</code> {words} <code>{JSON.stringify(expected)}</code> ({texts.itIs}{' '}
      {actual === null || actual === undefined ? texts.missing : <code>{JSON.stringify(actual)}</code>})
    </li>
  );
}
