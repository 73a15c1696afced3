import { Link } from 'wouter';
import { useLanguage } from '../../texts/context';
import { useFormat } from '../../texts/format';
import { useLoaded } from '../../use-loaded';
import { Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { Chart } from './chart';
import { eventsLink } from './links';
import { ConsoleStatisticsDocument, type ConsoleStatisticsQuery } from './operations';
import type { Span } from './span';
import { texts } from './texts';

type Statistics = ConsoleStatisticsQuery['securityStatistics'];

/** Which types each number adds up. */
const tiles = {
  signIns: ['LOGIN_SUCCEEDED'],
  failures: ['LOGIN_FAILED', 'TWO_FACTOR_FAILED'],
  locks: ['ACCOUNT_LOCKED'],
  refusals: ['PERMISSION_DENIED', 'RATE_LIMITED'],
  sessionsEnded: ['SESSION_REVOKED', 'REFRESH_TOKEN_REUSED'],
  roles: ['ROLE_GRANTED', 'ROLE_REVOKED', 'ROLE_EXPIRED', 'ROLE_UPDATED'],
} as const;
type Tile = keyof typeof tiles;

/** Numbers of events with a small chart each; each leads to the list of its events. */
export function EventNumbers({ span }: { readonly span: Span }) {
  const words = useTextsOf(texts);
  const { timeZone = browsersZone } = useLanguage();
  const { from, to, interval } = span;
  const { data, error, reload } = useLoaded(ConsoleStatisticsDocument, { from, to, interval, timeZone });
  const found = data?.securityStatistics;
  if (!found && error) return <Failed error={error} onRetry={() => void reload()} />;
  return (
    <section aria-label={words.events} aria-busy={!found}>
      <h2>{words.events}</h2>
      <ul className="tiles">
        {(Object.keys(tiles) as Tile[]).map((tile) => (
          <li key={tile} className="tile">
            <TileContent tile={tile} span={span} found={found} />
          </li>
        ))}
      </ul>
      {found && !found.isComplete && <Incomplete since={found.countedSince} />}
    </section>
  );
}

const browsersZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function TileContent({
  tile,
  span,
  found,
}: {
  readonly tile: Tile;
  readonly span: Span;
  readonly found: Statistics | undefined;
}) {
  const { tiles: names } = useTextsOf(texts);
  const { language } = useLanguage();
  const label = useLabels(span);
  const types: readonly string[] = tiles[tile];
  const series = found?.series.filter(({ type }) => types.includes(type)) ?? [];
  const counts = (found?.starts ?? []).map((_, place) =>
    series.reduce((sum, one) => sum + (one.counts[place] ?? 0), 0),
  );
  const total = series.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Link href={eventsLink(types, found?.starts[0] ?? span.from)} className="tile-link">
        <span className="tile-name">{names[tile]}</span>{' '}
        <span className="tile-number">{found ? total.toLocaleString(language) : '…'}</span>
      </Link>
      <Chart title={names[tile]} labels={(found?.starts ?? []).map(label)} counts={counts} />
    </>
  );
}

/** What an interval is called: its hour, or its day. */
function useLabels({ interval }: Span): (start: string) => string {
  const { dateTime, date } = useFormat();
  return interval === 'HOUR' ? dateTime : date;
}

function Incomplete({ since }: { readonly since: string | null }) {
  const words = useTextsOf(texts);
  const { dateTime } = useFormat();
  return <p className="quiet">{since ? words.countedSince(dateTime(since)) : words.counting}</p>;
}
