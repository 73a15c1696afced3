import { Link } from 'wouter';
import { useLanguage } from '../../texts/context';
import { useLoaded } from '../../use-loaded';
import { EventSentence } from '../events/sentence';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { findingLink } from './links';
import { ConsoleUnusualDocument, type ConsoleUnusualQuery } from './operations';
import type { Span } from './span';
import { texts } from './texts';

type Finding = ConsoleUnusualQuery['unusualActivity'][number];

/** Kinds that are told as a fault; the others want a look. */
const grave: readonly string[] = ['CHAIN_FAULT', 'SIGNING_KEY_REVOKED', 'REFRESH_TOKEN_REUSED', 'ACCOUNT_TAKEN_BACK'];

/** What somebody should look at, the gravest first. */
export function Unusual({ span }: { readonly span: Span }) {
  const words = useTextsOf(texts);
  const { data, error, reload } = useLoaded(ConsoleUnusualDocument, { since: span.from });
  const found = data?.unusualActivity;
  if (!found && error) return <Failed error={error} onRetry={() => void reload()} />;
  return (
    <section className="panel unusual" aria-label={words.unusual} aria-busy={!found}>
      <h2>{words.unusual}</h2>
      {found?.length === 0 && <p className="quiet">{words.nothingUnusual[span.name]}</p>}
      {found && found.length > 0 && (
        <ul className="findings">
          {found.map((finding) => (
            <FindingRow key={JSON.stringify([finding.kind, finding.criteria])} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const words = useTextsOf(texts);
  const { kind, lastAt } = finding;
  return (
    <li className="finding">
      <span className={grave.includes(kind) ? 'badge bad' : 'badge warm'}>{words.kinds[kind]}</span>
      <span className="finding-told">
        <Told finding={finding} />
      </span>
      <span className="quiet">
        <Instant at={lastAt} how="relative" />
      </span>
      <Link href={findingLink(finding)}>
        {words.look}
        <span className="hidden">: {words.kinds[kind]}</span>
      </Link>
    </li>
  );
}

function Told({ finding: { kind, count, isLowerBound, criteria, lastEvent } }: { readonly finding: Finding }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const number = (isLowerBound ? words.atLeast : String)(count.toLocaleString(language));
  if (kind === 'MANY_FAILURES_FROM_ADDRESS')
    return (
      <>
        {words.failuresFrom(number)} <Name>{criteria.ipAddress ?? ''}</Name>
      </>
    );
  if (kind === 'MANY_ACCOUNTS_LOCKED') return <>{words.locked(number)}</>;
  if (kind === 'ADMINISTRATOR_MADE' && lastEvent)
    return (
      <>
        <EventSentence event={lastEvent} /> {words.asAdministrator}
      </>
    );
  if (kind === 'CHAIN_FAULT' || !lastEvent) return <>{words.chainFault}</>;
  return (
    <>
      <EventSentence event={lastEvent} />
      {count > 1 && <span className="quiet"> ({words.times(number)})</span>}
    </>
  );
}
