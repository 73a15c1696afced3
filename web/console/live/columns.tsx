import { memo, useMemo } from 'react';
import { changesOf } from '../events/changes';
import { EventSentence } from '../events/sentence';
import { texts as eventTexts } from '../events/texts';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import type { Column } from '../ui/rows';
import { useTextsOf } from '../ui/use-texts-of';
import type { LiveEvent } from './feed';
import { texts } from './texts';

export function useColumns(): readonly Column<LiveEvent>[] {
  const { columns } = useTextsOf(texts);
  return useMemo(
    () => [
      {
        key: 'when',
        title: columns.when,
        width: '9.5rem',
        narrowWidth: '4.8rem',
        cell: ({ occurredAt }) => <Instant at={occurredAt} how="compact" />,
      },
      {
        key: 'what',
        title: columns.what,
        width: 'minmax(12rem, 1fr)',
        cell: (event) => <Told event={event} />,
      },
      {
        key: 'type',
        title: columns.type,
        width: '12rem',
        isSecondary: true,
        cell: (event) => <Type event={event} />,
      },
      {
        key: 'address',
        title: columns.address,
        width: '8.5rem',
        isSecondary: true,
        cell: ({ ipAddress }) => ipAddress && <Name>{ipAddress}</Name>,
      },
      {
        key: 'device',
        title: columns.device,
        width: '10.3rem',
        isSecondary: true,
        cell: ({ device }) => device && <Name>{device}</Name>,
      },
    ],
    [columns],
  );
}

/** Types that are marked: something was refused, or wants a look. */
const bad = ['LOGIN_FAILED', 'TWO_FACTOR_FAILED', 'ACCOUNT_LOCKED', 'REFRESH_TOKEN_REUSED', 'SIGNING_KEY_REVOKED'];
const warm = ['PERMISSION_DENIED', 'RATE_LIMITED', 'USER_DEACTIVATED', 'USER_DELETED', 'SESSION_REVOKED'];
const toneOf = (type: string): string =>
  bad.includes(type) ? 'badge bad' : warm.includes(type) ? 'badge warm' : 'badge';

const Type = memo(({ event: { type } }: { readonly event: LiveEvent }) => {
  const { types } = useTextsOf(eventTexts);
  return <span className={toneOf(type)}>{(types as Readonly<Record<string, string>>)[type] ?? type}</span>;
});

/** The sentence, and what changed. Rows come and go many times a second, but an event stays as it is. */
const Told = memo(({ event }: { readonly event: LiveEvent }) => (
  <>
    <EventSentence event={event} />
    <Changed event={event} />
  </>
));

const mostChanges = 2;

function Changed({ event: { details } }: { readonly event: LiveEvent }) {
  const { nothing } = useTextsOf(eventTexts);
  const changes = changesOf(details);
  if (changes.length === 0) return null;
  const text = (value: unknown) =>
    value === null || value === undefined ? nothing : typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <span className="quiet live-changes">
      {changes.slice(0, mostChanges).map(([field, { from, to }]) => (
        <span key={field}>
          {' '}
          {field}: <Name>{text(from)}</Name> → <Name>{text(to)}</Name>
        </span>
      ))}
      {changes.length > mostChanges && ' …'}
    </span>
  );
}
