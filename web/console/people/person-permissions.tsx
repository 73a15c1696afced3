import { Link } from 'wouter';
import { Name } from '../ui/name';
import { shortened } from '../ui/shortened';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { ConsolePersonPermissionsDocument, type ConsolePersonPermissionsQuery } from './operations';
import { PagedTable } from './paged-table';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Connection = NonNullable<ConsolePersonPermissionsQuery['user']>['permissionsConnection'];
const nothing: Connection = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const readPermissions = ({ user }: ConsolePersonPermissionsQuery) => user?.permissionsConnection ?? nothing;

/** What a person may do now, and which role each permission comes from. */
export function PersonPermissions({ person }: { readonly person: PersonFacts }) {
  const { person: said } = useTextsOf(texts);
  const can = useCan();
  const pages = usePages(ConsolePersonPermissionsDocument, { id: person.id }, readPermissions, { size: 20 });
  return (
    <section className="panel" aria-labelledby="person-permissions">
      <h2 id="person-permissions">{said.permissions}</h2>
      {person.isAdmin && <p>{said.everything}</p>}
      <PagedTable
        pages={pages}
        label={said.permissions}
        empty={said.noPermissions}
        columns={[
          {
            key: 'name',
            title: said.permission.name,
            cell: ({ resource, action }) => <code className="permission-name">{`${resource}:${action}`}</code>,
          },
          {
            key: 'condition',
            title: said.permission.condition,
            cell: ({ conditions }) =>
              conditions ? (
                <code className="condition" title={JSON.stringify(conditions)}>
                  {shortened(JSON.stringify(conditions))}
                </code>
              ) : (
                <span className="quiet">{said.always}</span>
              ),
          },
          {
            key: 'role',
            title: said.permission.role,
            cell: ({ role }) =>
              can('read', 'role') ? (
                <Link href={`/console/roles/${role.id}`}>
                  <Name>{role.name}</Name>
                </Link>
              ) : (
                <Name>{role.name}</Name>
              ),
          },
        ]}
      />
    </section>
  );
}
