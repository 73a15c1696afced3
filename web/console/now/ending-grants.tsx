import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { Dialog } from '../ui/dialog';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { type Column, Rows } from '../ui/rows';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { ConsoleEndingGrantsDocument, type ConsoleEndingGrantsQuery } from './operations';
import { texts } from './texts';

type Grant = ConsoleEndingGrantsQuery['roleGrants']['nodes'][number];

const week = 7 * 24 * 3_600_000;
const readGrants = ({ roleGrants }: ConsoleEndingGrantsQuery) => roleGrants;

/** The grants that end within a week, those that end first at first. */
export function EndingGrants({ now, onClose }: { readonly now: string; readonly onClose: () => void }) {
  const { standing, noneEnding } = useTextsOf(texts);
  const [, navigate] = useLocation();
  // The list stays as it was opened while the clock goes on.
  const endingBefore = useMemo(() => new Date(Date.parse(now) + week).toISOString(), [now]);
  const pages = usePages(ConsoleEndingGrantsDocument, { endingBefore }, readGrants);
  const columns = useColumns();
  return (
    <Dialog title={standing.ending} kind="wide" onClose={onClose}>
      <div className="ending">
        <Rows
          label={standing.ending}
          columns={columns}
          pages={pages}
          keyOf={({ id }) => id}
          onOpen={({ user }) => navigate(`/console/people/${user.id}`)}
          empty={<Empty title={noneEnding} />}
        />
      </div>
    </Dialog>
  );
}

function useColumns(): readonly Column<Grant>[] {
  const { columns } = useTextsOf(texts);
  return useMemo(
    () => [
      {
        key: 'person',
        title: columns.person,
        width: 'minmax(8rem, 2fr)',
        cell: ({ user }) => (
          <Link href={`/console/people/${user.id}`}>
            <Name>{user.fullName}</Name>
          </Link>
        ),
      },
      {
        key: 'role',
        title: columns.role,
        width: 'minmax(6rem, 1fr)',
        cell: ({ role }) => (
          <Link href={`/console/roles/${role.id}`}>
            <Name>{role.name}</Name>
          </Link>
        ),
      },
      {
        key: 'ends',
        title: columns.ends,
        width: '9rem',
        cell: ({ expiresAt }) => expiresAt && <Instant at={expiresAt} how="relative" />,
      },
      {
        key: 'by',
        title: columns.by,
        width: 'minmax(6rem, 1fr)',
        isSecondary: true,
        cell: ({ grantedByName }) => grantedByName && <Name>{grantedByName}</Name>,
      },
    ],
    [columns],
  );
}
