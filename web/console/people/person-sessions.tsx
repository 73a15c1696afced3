import { useState } from 'react';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { acts } from './acts';
import { ConsolePersonSessionsDocument, type ConsolePersonSessionsQuery } from './operations';
import { PagedTable } from './paged-table';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Connection = NonNullable<ConsolePersonSessionsQuery['user']>['sessionsConnection'];
const nothing: Connection = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const readSessions = ({ user }: ConsolePersonSessionsQuery) => user?.sessionsConnection ?? nothing;

/** Where a person is signed in. */
export function PersonSessions({ person }: { readonly person: PersonFacts }) {
  const words = useTextsOf(texts);
  const { person: said, acts: asked } = words;
  const { session } = said;
  const announce = useAnnounce();
  const [ending, setEnding] = useState<string>();
  const pages = usePages(ConsolePersonSessionsDocument, { id: person.id }, readSessions, { size: 10 });
  return (
    <section className="panel" aria-labelledby="person-sessions">
      <h2 id="person-sessions">{said.sessions}</h2>
      <PagedTable
        pages={pages}
        label={said.sessions}
        empty={said.noSessions}
        columns={[
          {
            key: 'device',
            title: session.device,
            cell: ({ device, isCurrent }) => (
              <>
                <Name>{device}</Name> {isCurrent && <span className="badge info">{said.current}</span>}
              </>
            ),
          },
          { key: 'address', title: session.address, cell: ({ ipAddress }) => ipAddress },
          { key: 'opened', title: session.opened, cell: ({ createdAt }) => <Instant at={createdAt} how="compact" /> },
          {
            key: 'proved',
            title: session.proved,
            cell: ({ authenticatedAt }) => <Instant at={authenticatedAt} how="compact" />,
          },
          { key: 'used', title: session.used, cell: ({ lastUsedAt }) => <Instant at={lastUsedAt} how="relative" /> },
          {
            key: 'end',
            title: '',
            cell: ({ id, device }) => (
              <ActionButton
                reason={person.viewerCanUpdate ? undefined : words.may.update}
                kind="plain"
                label={`${asked.endSession.verb}: ${device}`}
                onPress={() => setEnding(id)}
              >
                {asked.endSession.verb}
              </ActionButton>
            ),
          },
        ]}
      />
      {ending && (
        <Confirm
          title={asked.endSession.title}
          verb={asked.endSession.verb}
          onClose={() => setEnding(undefined)}
          run={async () => {
            const errors = await acts.endSession(ending);
            if (errors.length > 0) return errors;
            announce(said.done(asked.endSession.verb));
            pages.reload();
            return [];
          }}
        >
          <p>{asked.endSession.does}</p>
        </Confirm>
      )}
    </section>
  );
}
