import { useMemo } from 'react';
import { serverNow } from '../../server-clock';
import { useLoaded } from '../../use-loaded';
import { EventSentence } from '../events/sentence';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { Busy, Failed } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useCan, useViewer } from '../ui/viewer';
import { Filled } from './filled';
import { type Change, periodsOf, spanOf } from './moments';
import { ConsoleWhyChangesDocument, type ConsoleWhyChangesQuery, ConsoleWhyEventsDocument } from './operations';
import type { Question } from './question';
import { texts } from './texts';
import { Timeline } from './timeline';

const readChanges = ({ accessChanges }: ConsoleWhyChangesQuery) => accessChanges;
const none: readonly never[] = [];

/** When the answer changed, and what the person's events were, newest first. */
export function useMoments({ person, check }: Question, createdAt: string, allowedNow: boolean) {
  const pages = usePages(ConsoleWhyChangesDocument, { userId: person, check }, readChanges, { size: 50 });
  const events = useEvents(person);
  const { rows: changes } = pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that comes later is about a later now
  const now = useMemo(() => serverNow(), [changes, events]);
  const span = useMemo(() => spanOf(changes, createdAt, now), [changes, createdAt, now]);
  const periods = useMemo(() => periodsOf(changes, span, allowedNow), [changes, span, allowedNow]);
  return { pages, changes, events, span, periods };
}

type Moments = ReturnType<typeof useMoments>;

interface MovableTime {
  readonly moments: Moments;
  /** RFC 3339; undefined: now. */
  readonly at: string | undefined;
}

const useMove = () => {
  const [, set] = useUrlState();
  return (to: number | undefined) => set({ at: to === undefined ? '' : new Date(to).toISOString() });
};

/** The line of time, with buttons that lead from change to change. */
export function TimePanel({ moments: { changes, events, span, periods }, at }: MovableTime) {
  const words = useTextsOf(texts);
  const move = useMove();
  const instant = at === undefined ? undefined : Date.parse(at);
  return (
    <section className="panel" aria-labelledby="why-time">
      <h2 id="why-time">{words.timeline}</h2>
      <p className="quiet">{words.timelineLead}</p>
      <Timeline span={span} periods={periods} changes={changes} events={events} at={instant} onMove={move} />
      <Steps changes={changes} at={instant} onMove={move} />
    </section>
  );
}

/** Each change with what was behind it. */
export function ChangesPanel({ moments: { changes, pages }, at }: MovableTime) {
  const words = useTextsOf(texts);
  const move = useMove();
  const { hasMore, isLoading, error, loadMore } = pages;
  return (
    <section className="panel" aria-labelledby="why-changes">
      <h2 id="why-changes">{words.changes}</h2>
      {error && changes.length === 0 && <Failed error={error} onRetry={loadMore} />}
      {isLoading && changes.length === 0 && <Busy />}
      {!isLoading && !hasMore && changes.length === 0 && <p>{words.neverChanged}</p>}
      <ChangeList changes={changes} at={at === undefined ? undefined : Date.parse(at)} onMove={move} />
      {hasMore && !isLoading && (
        <button type="button" className="button" onClick={loadMore}>
          {words.lookFurther}
        </button>
      )}
    </section>
  );
}

/** The person's newest events, as far as the viewer may read them. */
function useEvents(person: string) {
  const can = useCan();
  const { id } = useViewer();
  const mayRead = can('read', 'security-event') || id === person;
  const { data } = useLoaded(ConsoleWhyEventsDocument, { userId: mayRead ? person : id });
  return (mayRead && data?.user?.securityEvents.nodes) || none;
}

interface Movable {
  readonly changes: readonly Change[];
  readonly at: number | undefined;
  readonly onMove: (at: number | undefined) => void;
}

/** Buttons that lead from change to change. */
function Steps({ changes, at, onMove }: Movable) {
  const words = useTextsOf(texts);
  const instants = changes.map((change) => Date.parse(change.at));
  const here = at ?? Number.POSITIVE_INFINITY;
  const earlier = instants.find((each) => each < here);
  const later = instants.findLast((each) => each > here);
  // A change of yes and no is what is looked for; where there is none, one of the reason.
  const newest = changes.find(({ before, after }) => before.allowed !== after.allowed) ?? changes[0];
  const turn = newest && Date.parse(newest.at);
  return (
    <div className="buttons">
      <button
        type="button"
        className="button main"
        disabled={turn === undefined || turn === at}
        onClick={() => onMove(turn)}
      >
        {words.toChange}
      </button>
      <button type="button" className="button" disabled={earlier === undefined} onClick={() => onMove(earlier)}>
        {words.earlier}
      </button>
      <button type="button" className="button" disabled={later === undefined} onClick={() => onMove(later)}>
        {words.later}
      </button>
      <button type="button" className="button" disabled={at === undefined} onClick={() => onMove(undefined)}>
        {words.toNow}
      </button>
    </div>
  );
}

function ChangeList({ changes, at, onMove }: Movable) {
  const words = useTextsOf(texts);
  return (
    <ol className="why-changes">
      {changes.map((change) => (
        <li key={change.at} aria-current={Date.parse(change.at) === at || undefined}>
          <button type="button" className="link-button" onClick={() => onMove(Date.parse(change.at))}>
            <Instant at={change.at} how="compact" />
          </button>{' '}
          <span className={`badge ${badges[kindOf(change)]}`}>{words.became[kindOf(change)]}</span>
          <Causes change={change} />
        </li>
      ))}
    </ol>
  );
}

const badges = { yes: 'good', no: 'bad', other: '' } as const;

const kindOf = ({ before, after }: Change): 'yes' | 'no' | 'other' =>
  before.allowed === after.allowed ? 'other' : after.allowed ? 'yes' : 'no';

/** The events tell who did it; without them the rows tell what happened. */
function Causes({ change: { causes, events } }: { readonly change: Change }) {
  const words = useTextsOf(texts);
  if (events.length > 0)
    return events.map((event) => (
      <span key={event.id} className="why-cause">
        <EventSentence event={event} />
      </span>
    ));
  return causes.slice(0, 5).map(({ kind, role, permission }) => (
    <span key={`${kind}${role?.id}${permission?.name}`} className="why-cause">
      <Filled
        text={words.causes[kind]}
        parts={{ role: <Name>{role?.name ?? ''}</Name>, permission: <Name>{permission?.name ?? ''}</Name> }}
      />
    </span>
  ));
}
