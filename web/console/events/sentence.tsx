import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

/** What a sentence needs of an event; each screen selects at least these fields. */
export interface ToldEvent {
  readonly type: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly subjectId: string | null;
  readonly subjectName: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Says in one sentence what happened. People lead to their page.
 * @param props.isPlain without links, as inside of something that is pressed
 */
export function EventSentence({ event, isPlain = false }: { readonly event: ToldEvent; readonly isPlain?: boolean }) {
  const words = useTextsOf(texts);
  const { type, actorId, subjectId, details } = event;
  const known = words.sentences[kindOf(event)];
  if (!known) return <>{type}</>;
  const isOwn = subjectId !== null && actorId === subjectId;
  const template = (isOwn && known.own) || known.text;
  const parts = template.split(/(\{\w+\})/).filter(Boolean);
  const count = details['count'];
  return (
    <span className="event-sentence">
      {parts.map((part) => (
        <Part key={part} part={part} event={event} isPlain={isPlain} />
      ))}
      {typeof count === 'number' && <span className="quiet"> ({words.times(String(count))})</span>}
      {'apiTokenId' in details && <span className="quiet"> {words.byToken}</span>}
    </span>
  );
}

function Part({
  part,
  event,
  isPlain,
}: {
  readonly part: string;
  readonly event: ToldEvent;
  readonly isPlain: boolean;
}): ReactNode {
  const words = useTextsOf(texts);
  const { actorId, actorName, subjectId, subjectName, details } = event;
  if (part === '{actor}') return <Person id={actorId} name={actorName ?? byWhom(details, words)} isPlain={isPlain} />;
  if (part === '{subject}')
    return <Person id={subjectId} name={subjectName ?? nameIn(details) ?? words.unknownAccount} isPlain={isPlain} />;
  if (part === '{until}') return <Instant at={String(details['until'])} how="compact" />;
  if (part.startsWith('{')) return <Name>{String(details[part.slice(1, -1)] ?? '–')}</Name>;
  return part;
}

/** A lock without a factor is an administrator's. */
const kindOf = ({ type, details }: ToldEvent): string =>
  type === 'ACCOUNT_LOCKED' && details['factor'] === undefined ? 'LOCKED_BY_ADMINISTRATOR' : type;

/** Who acted, where it was no account. */
const byWhom = ({ by }: ToldEvent['details'], words: (typeof texts)['en']): string =>
  by === 'service' ? words.service : by === 'operator' ? words.operator : words.somebody;

const nameIn = ({ username }: ToldEvent['details']): string | undefined =>
  typeof username === 'string' ? username : undefined;

function Person({
  id,
  name,
  isPlain,
}: {
  readonly id: string | null;
  readonly name: string;
  readonly isPlain: boolean;
}) {
  if (id === null || isPlain) return <Name>{name}</Name>;
  return (
    <Link href={`/console/people/${id}`}>
      <Name>{name}</Name>
    </Link>
  );
}
