import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useLanguage } from '../../texts/context';
import { useLoaded } from '../../use-loaded';
import { useTextsOf } from '../ui/use-texts-of';
import { addressOf } from '../ui/use-url-state';
import { ConsoleOverviewDocument } from './operations';
import { texts } from './texts';

interface Estimated {
  readonly count: number;
  readonly isEstimate: boolean;
}

/** How accounts, sessions and work stand now. What the viewer may not read is left out. @param props.now asked again when it changes */
export function Standing({ now }: { readonly now: string }) {
  const words = useTextsOf(texts);
  const { data, reload } = useLoaded(ConsoleOverviewDocument, {});
  const asked = useRef(now);
  useEffect(() => {
    if (asked.current !== now) void reload();
    asked.current = now;
  }, [now, reload]);
  const found = data?.securityOverview;
  if (!found) return null;
  const { standing } = words;
  return (
    <section aria-label={words.now}>
      <h2>{words.now}</h2>
      <ul className="tiles standing">
        <Tile name={standing.sessions} value={found.openSessions} href="/console/sessions" />
        <Tile
          name={standing.locked}
          value={found.lockedAccounts}
          href={addressOf('/console/people', { locked: 'yes' })}
          isBad
        />
        <Tile name={standing.ending} value={found.endingGrants} href={addressOf('/console', { list: 'ending' })} />
        <Tile name={standing.accounts} value={found.accounts} href="/console/people" />
        <Tile name={standing.mailsFailed} value={found.mails?.failed ?? null} href="/console/work" isBad />
        <Tile name={standing.jobsFailed} value={found.jobs?.failed ?? null} href="/console/work" isBad />
        <Tile name={standing.waiting} value={added(found.mails?.waiting, found.jobs?.waiting)} href="/console/work" />
        <Tile
          name={standing.streams}
          value={{ count: found.streams, isEstimate: false }}
          href="/console/live"
          note={standing.streamsLead}
        />
      </ul>
    </section>
  );
}

const added = (one: Estimated | undefined, other: Estimated | undefined): Estimated | null =>
  one && other ? { count: one.count + other.count, isEstimate: one.isEstimate || other.isEstimate } : null;

function Tile({
  name,
  value,
  href,
  isBad = false,
  note,
}: {
  readonly name: string;
  readonly value: Estimated | null;
  readonly href: string;
  /** Whether anything but none wants attention. */
  readonly isBad?: boolean;
  readonly note?: ReactNode;
}) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  if (!value) return null;
  const number = value.count.toLocaleString(language);
  return (
    <li className="tile">
      <Link href={href} className="tile-link">
        <span className="tile-name">{name}</span>{' '}
        <span className={isBad && value.count > 0 ? 'tile-number bad' : 'tile-number'}>
          {value.isEstimate ? words.about(number) : number}
        </span>
      </Link>
      {note && <span className="quiet tile-note">{note}</span>}
    </li>
  );
}
