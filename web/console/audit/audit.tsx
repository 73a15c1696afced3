import { useMemo } from 'react';
import { useLanguage } from '../../texts/context';
import { useLoaded } from '../../use-loaded';
import { EventSentence } from '../events/sentence';
import { texts as eventTexts } from '../events/texts';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { type Column, Rows } from '../ui/rows';
import { ScreenPage } from '../ui/screen';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import '../styles/lists.css';
import '../styles/audit.css';
import { EventDialog } from './event-dialog';
import { Exporting } from './exporting';
import { filterOf } from './filter';
import { Filters } from './filters';
import {
  ConsoleEventCountDocument,
  type ConsoleEventFragment,
  ConsoleEventsDocument,
  type ConsoleEventsQuery,
  type SecurityEventFilter,
} from './operations';
import { texts } from './texts';
import { Verification } from './verification';

const readEvents = ({ securityEvents }: ConsoleEventsQuery) => securityEvents;

/** The record of security events, by filters that are in the address. */
export default function Audit() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const { timeZone } = useLanguage();
  const filter = filterOf(url, timeZone);
  const pages = usePages(ConsoleEventsDocument, { filter }, readEvents, { direction: 'backward' });
  const columns = useColumns();
  const openId = url.get('event');
  const open = openId === null ? undefined : pages.rows.find(({ id }) => id === openId);
  return (
    <ScreenPage title={words.title} lead={words.lead} isFilling actions={<Exporting filter={filter} />}>
      <Verification />
      <Filters />
      <Count filter={filter} />
      <Rows
        label={words.list}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        onOpen={({ id }) => set({ event: id }, 'push')}
        empty={
          <Empty title={words.empty}>
            <p className="quiet">{words.emptyLead}</p>
          </Empty>
        }
      />
      {openId && <EventDialog id={openId} event={open} onClose={() => set({ event: '' }, 'push')} />}
    </ScreenPage>
  );
}

/** Asked for beside the rows, which must not wait for it. */
function Count({ filter }: { readonly filter: SecurityEventFilter }) {
  const { count, about } = useTextsOf(texts);
  const { language } = useLanguage();
  const { data } = useLoaded(ConsoleEventCountDocument, { filter });
  if (!data) return <p className="quiet count" />;
  const { totalCount, totalCountIsEstimate } = data.securityEvents;
  const number = totalCount.toLocaleString(language);
  return (
    <p className="quiet count" aria-live="polite">
      {totalCountIsEstimate ? about(number) : count(number)}
    </p>
  );
}

function useColumns(): readonly Column<ConsoleEventFragment>[] {
  const { columns } = useTextsOf(texts);
  const { types } = useTextsOf(eventTexts);
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
        cell: (event) => <EventSentence event={event} />,
      },
      {
        key: 'type',
        title: columns.kind,
        width: '13rem',
        isSecondary: true,
        cell: ({ type }) => <span className="badge">{(types as Readonly<Record<string, string>>)[type] ?? type}</span>,
      },
      {
        key: 'address',
        title: columns.address,
        width: '10rem',
        isSecondary: true,
        cell: ({ ipAddress }) => ipAddress && <Name>{ipAddress}</Name>,
      },
      {
        key: 'device',
        title: columns.device,
        width: '11rem',
        isSecondary: true,
        cell: ({ device }) => device && <Name>{device}</Name>,
      },
    ],
    [columns, types],
  );
}
