import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { EventSentence } from '../events/sentence';
import { Instant, useExactInstant } from '../ui/instant';
import { useTextsOf } from '../ui/use-texts-of';
import { allowedAt, type Change, type Period, type PersonEvent, type Span, shareOf, stopsOf } from './moments';
import { texts } from './texts';

interface TimelineProps {
  readonly span: Span;
  readonly periods: readonly Period[];
  /** Newest first. */
  readonly changes: readonly Change[];
  readonly events: readonly PersonEvent[];
  /** In milliseconds since 1970; undefined: now. */
  readonly at: number | undefined;
  readonly onMove: (at: number | undefined) => void;
}

/**
 * The time as a slider: its ground shows when the answer was yes and when no, its marks what happened. Arrows move from mark to
 * mark, page keys from change to change of the answer, Home and End to the ends.
 */
export function Timeline(props: TimelineProps) {
  const { span, periods, changes, events, at, onMove } = props;
  const words = useTextsOf(texts);
  const exact = useExactInstant();
  const track = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number>();
  const stops = useMemo(() => stopsOf(changes, events, span), [changes, events, span]);
  const shown = dragged ?? at ?? span.to;
  const percent = (instant: number) => `${shareOf(instant, span) * 100}%`;
  const pointed = ({ clientX }: PointerEvent) => instantAt(clientX, track.current, span, stops);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextBy(event.key, shown, { stops, span, changes });
    if (next === undefined) return;
    event.preventDefault();
    onMove(next >= span.to ? undefined : next);
  };
  return (
    <div className="why-timeline">
      <div
        ref={track}
        className="why-track"
        role="slider"
        tabIndex={0}
        aria-label={words.instant}
        aria-valuemin={span.from}
        aria-valuemax={span.to}
        aria-valuenow={Math.min(Math.max(shown, span.from), span.to)}
        aria-valuetext={words.position(
          exact(new Date(shown).toISOString()),
          allowedAt(periods, shown) ? words.yes : words.no,
        )}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(pointed(event));
        }}
        onPointerMove={(event) => dragged !== undefined && setDragged(pointed(event))}
        onPointerUp={(event) => {
          const to = pointed(event);
          setDragged(undefined);
          onMove(to >= span.to ? undefined : to);
        }}
        onPointerCancel={() => setDragged(undefined)}
      >
        {periods.map(({ from, to, allowed }) => (
          <span
            key={from}
            className={`why-period ${allowed ? 'good' : 'bad'}`}
            style={{ left: percent(from), width: `calc(${percent(to)} - ${percent(from)})` }}
          />
        ))}
        {events.map(({ id, occurredAt }) => (
          <span key={id} className="why-event" style={{ left: percent(Date.parse(occurredAt)) }} />
        ))}
        {changes.map((change) => (
          <span key={change.at} className="why-change" style={{ left: percent(Date.parse(change.at)) }} />
        ))}
        <span className="why-thumb" style={{ left: percent(shown) }} />
      </div>
      <div className="why-ends quiet">
        <Instant at={new Date(span.from).toISOString()} how="date" />
        <span className="why-legend" aria-hidden="true">
          <span className="why-key good" /> {words.legend.yes} <span className="why-key bad" /> {words.legend.no}
        </span>
        <span>{words.now}</span>
      </div>
      <p className="why-shown" aria-hidden="true">
        <Instant at={new Date(shown).toISOString()} how="compact" />
      </p>
      <Happened at={shown} events={events} />
    </div>
  );
}

/** The events of exactly that instant. */
function Happened({ at, events }: { readonly at: number; readonly events: readonly PersonEvent[] }) {
  const then = events.filter(({ occurredAt }) => Date.parse(occurredAt) === at);
  return (
    <ul className="why-happened" aria-live="polite">
      {then.map((event) => (
        <li key={event.id}>
          <EventSentence event={event} />
        </li>
      ))}
    </ul>
  );
}

/** In pixels: a pointer so near to a mark means it. */
const near = 7;

function instantAt(x: number, track: HTMLElement | null, { from, to }: Span, stops: readonly number[]): number {
  const { left, width } = track?.getBoundingClientRect() ?? { left: 0, width: 1 };
  const instant = from + Math.min(Math.max((x - left) / width, 0), 1) * (to - from);
  const reach = (near / width) * (to - from);
  const nearest = stops.reduce(
    (best, stop) => (Math.abs(stop - instant) < Math.abs(best - instant) ? stop : best),
    Number.POSITIVE_INFINITY,
  );
  return Math.abs(nearest - instant) <= reach ? nearest : Math.round(instant / 1000) * 1000;
}

interface Places {
  readonly stops: readonly number[];
  readonly span: Span;
  readonly changes: readonly Change[];
}

/** @returns where a key leads; undefined when it is none of the slider's */
function nextBy(key: string, at: number, { stops, span, changes }: Places): number | undefined {
  const later = (places: readonly number[]) => places.find((each) => each > at) ?? span.to;
  const earlier = (places: readonly number[]) => places.findLast((each) => each < at) ?? span.from;
  const ofChanges = changes.map((change) => Date.parse(change.at)).reverse();
  if (key === 'ArrowRight' || key === 'ArrowUp') return later(stops);
  if (key === 'ArrowLeft' || key === 'ArrowDown') return earlier(stops);
  if (key === 'PageUp') return later(ofChanges);
  if (key === 'PageDown') return earlier(ofChanges);
  if (key === 'Home') return span.from;
  return key === 'End' ? span.to : undefined;
}
