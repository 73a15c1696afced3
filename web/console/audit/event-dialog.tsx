import { type ReactNode, useCallback } from 'react';
import { Link } from 'wouter';
import { EventChanges } from '../events/changes';
import { EventSentence } from '../events/sentence';
import { texts as eventTexts } from '../events/texts';
import { Dialog } from '../ui/dialog';
import { useExactInstant } from '../ui/instant';
import { Name } from '../ui/name';
import { Busy } from '../ui/states';
import { useFound } from '../ui/use-found';
import { useTextsOf } from '../ui/use-texts-of';
import { addressOf } from '../ui/use-url-state';
import {
  ConsoleAuditSessionDocument,
  type ConsoleAuditSessionQuery,
  ConsoleEventByIdDocument,
  type ConsoleEventByIdQuery,
  type ConsoleEventFragment,
} from './operations';
import { texts } from './texts';

const readEvent = ({ node }: ConsoleEventByIdQuery): readonly ConsoleEventFragment[] =>
  node && 'type' in node ? [node as ConsoleEventFragment] : [];

const readSession = ({ node }: ConsoleAuditSessionQuery): readonly string[] =>
  node && 'session' in node && node.session ? [node.session.id] : [];

/**
 * All that is known of an event.
 * @param props.event undefined: it is read by its id, as from a link
 * @param props.actions what can be done about it
 */
export function EventDialog({
  id,
  event,
  actions,
  onClose,
}: {
  readonly id: string;
  readonly event: ConsoleEventFragment | undefined;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
}) {
  const words = useTextsOf(texts);
  const read = useCallback(readEvent, []);
  const found = useFound(ConsoleEventByIdDocument, event ? undefined : { id }, read);
  const shown = event ?? found?.[0];
  return (
    <Dialog title={words.event} kind="wide" onClose={onClose}>
      {shown ? <Told event={shown} /> : found ? <p>{words.gone}</p> : <Busy />}
      {shown && actions}
    </Dialog>
  );
}

function Told({ event }: { readonly event: ConsoleEventFragment }) {
  const words = useTextsOf(texts);
  const { type, details, subjectId, ipAddress, requestId, occurredAt } = event;
  const { changes: _changes, ...rest } = details;
  return (
    <div className="event">
      <p className="event-told">
        <EventSentence event={event} />
      </p>
      <EventChanges details={details} />
      <Facts event={event} />
      {Object.keys(rest).length > 0 && (
        <>
          <h3>{words.further}</h3>
          <pre className="event-details">{JSON.stringify(rest, null, 2)}</pre>
        </>
      )}
      <p className="buttons">
        {subjectId && <Link href={addressOf('/console/audit', { person: subjectId })}>{words.samePerson}</Link>}
        {ipAddress && <Link href={addressOf('/console/audit', { address: ipAddress })}>{words.sameAddress}</Link>}
        {requestId && <Link href={addressOf('/console/audit', { request: requestId })}>{words.sameRequest}</Link>}
        {subjectId && !type.startsWith('SIGNING') && (
          <Link href={addressOf('/console/why', { person: subjectId, at: occurredAt })}>{words.whyThen}</Link>
        )}
      </p>
    </div>
  );
}

function Facts({ event }: { readonly event: ConsoleEventFragment }) {
  const { facts } = useTextsOf(texts);
  const { types } = useTextsOf(eventTexts);
  const exact = useExactInstant();
  // Who may read events may not always read sessions.
  const [sessionId] = useFound(ConsoleAuditSessionDocument, { id: event.id }, readSession) ?? [];
  const rows: readonly (readonly [string, ReactNode])[] = [
    [facts.at, exact(event.occurredAt)],
    [facts.type, (types as Readonly<Record<string, string>>)[event.type] ?? event.type],
    [facts.actor, event.actorName && <Name>{event.actorName}</Name>],
    [facts.subject, event.subjectName && <Name>{event.subjectName}</Name>],
    [facts.address, event.ipAddress],
    [facts.device, event.device && <Name>{event.device}</Name>],
    [facts.agent, event.userAgent && <Name>{event.userAgent}</Name>],
    [facts.request, event.requestId && <code>{event.requestId}</code>],
    [facts.session, sessionId && <code>{sessionId}</code>],
    [facts.id, <code key="id">{event.id}</code>],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <FactRow key={name} name={name}>
            {value}
          </FactRow>
        ))}
    </dl>
  );
}

function FactRow({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
