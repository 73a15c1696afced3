import { EventSentence } from '../events/sentence';
import { Instant } from '../ui/instant';
import { NoRight } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan, useViewer } from '../ui/viewer';
import { ConsolePersonEventsDocument, type ConsolePersonEventsQuery } from './operations';
import { PagedTable } from './paged-table';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Connection = NonNullable<ConsolePersonEventsQuery['user']>['securityEvents'];
const nothing: Connection = { nodes: [], pageInfo: { hasPreviousPage: false, startCursor: null } };
const readEvents = ({ user }: ConsolePersonEventsQuery) => user?.securityEvents ?? nothing;

/** What has happened to the account, the newest first. */
export function PersonEvents({ person }: { readonly person: PersonFacts }) {
  const { person: said } = useTextsOf(texts);
  const can = useCan();
  const { id } = useViewer();
  const isReadable = can('read', 'security-event') || id === person.id;
  return (
    <section className="panel" aria-labelledby="person-events">
      <h2 id="person-events">{said.events}</h2>
      {isReadable ? <Events id={person.id} /> : <NoRight right="security-event:read" />}
    </section>
  );
}

function Events({ id }: { readonly id: string }) {
  const { person: said } = useTextsOf(texts);
  const pages = usePages(ConsolePersonEventsDocument, { id }, readEvents, { size: 15, direction: 'backward' });
  return (
    <PagedTable
      pages={pages}
      label={said.events}
      empty={said.noEvents}
      columns={[
        { key: 'what', title: said.what, cell: (event) => <EventSentence event={event} /> },
        { key: 'address', title: said.session.address, cell: ({ ipAddress }) => ipAddress },
        { key: 'when', title: said.when, cell: ({ occurredAt }) => <Instant at={occurredAt} how="compact" /> },
      ]}
    />
  );
}
