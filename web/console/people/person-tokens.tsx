import { useState } from 'react';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { acts } from './acts';
import { ConsolePersonTokensDocument, type ConsolePersonTokensQuery } from './operations';
import { PagedTable } from './paged-table';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Connection = NonNullable<ConsolePersonTokensQuery['user']>['apiTokensConnection'];
type Token = Connection['nodes'][number];
const nothing: Connection = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const readTokens = ({ user }: ConsolePersonTokensQuery) => user?.apiTokensConnection ?? nothing;

/** The API tokens of a person, those that do not work any more included. */
export function PersonTokens({ person }: { readonly person: PersonFacts }) {
  const words = useTextsOf(texts);
  const { person: said, acts: asked } = words;
  const announce = useAnnounce();
  const [revoking, setRevoking] = useState<Token>();
  const pages = usePages(ConsolePersonTokensDocument, { id: person.id }, readTokens, { size: 10 });
  return (
    <section className="panel" aria-labelledby="person-tokens">
      <h2 id="person-tokens">{said.tokens}</h2>
      <PagedTable
        pages={pages}
        label={said.tokens}
        empty={said.noTokens}
        columns={[
          {
            key: 'name',
            title: said.token.name,
            cell: ({ name, isActive }) => (
              <>
                <Name>{name}</Name> {!isActive && <span className="badge">{said.notActive}</span>}
              </>
            ),
          },
          { key: 'scopes', title: said.token.scopes, cell: ({ scopes }) => <code>{scopes.join(' ')}</code> },
          {
            key: 'created',
            title: said.token.created,
            cell: ({ createdAt }) => <Instant at={createdAt} how="compact" />,
          },
          {
            key: 'used',
            title: said.token.used,
            cell: ({ lastUsedAt }) =>
              lastUsedAt ? <Instant at={lastUsedAt} how="relative" /> : <span className="quiet">{words.never}</span>,
          },
          {
            key: 'until',
            title: said.token.until,
            cell: ({ expiresAt }) =>
              expiresAt ? <Instant at={expiresAt} how="compact" /> : <span className="quiet">{said.endless}</span>,
          },
          {
            key: 'revoke',
            title: '',
            cell: (token) =>
              token.isActive && (
                <ActionButton
                  reason={person.viewerCanUpdate ? undefined : words.may.update}
                  kind="plain"
                  label={`${asked.revokeToken.verb}: ${token.name}`}
                  onPress={() => setRevoking(token)}
                >
                  {asked.revokeToken.verb}
                </ActionButton>
              ),
          },
        ]}
      />
      {revoking && (
        <Confirm
          title={asked.revokeToken.title(revoking.name)}
          verb={asked.revokeToken.verb}
          onClose={() => setRevoking(undefined)}
          run={async () => {
            const errors = await acts.revokeToken(revoking.id);
            if (errors.length > 0) return errors;
            announce(said.done(asked.revokeToken.verb));
            pages.reload();
            return [];
          }}
        >
          <p>{asked.revokeToken.does}</p>
        </Confirm>
      )}
    </section>
  );
}
