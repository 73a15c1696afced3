import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { Name } from '../ui/name';
import { type Column, Rows } from '../ui/rows';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { addressOf } from '../ui/use-url-state';
import { Filled } from './filled';
import { ConsoleWhoMayDocument, type ConsoleWhoMayQuery } from './operations';
import { Grant } from './paths';
import type { Question } from './question';
import { texts } from './texts';

type Allowed = ConsoleWhoMayQuery['allowedUsers']['nodes'][number];
const readAllowed = ({ allowedUsers }: ConsoleWhoMayQuery) => allowedUsers;

/** Who may do what was asked about, at the instant of the question. A row leads to the question about that person. */
export function WhoMay({ question: { check, at } }: { readonly question: Question }) {
  const words = useTextsOf(texts);
  const [, navigate] = useLocation();
  const pages = usePages(ConsoleWhoMayDocument, { check, at: at ?? null }, readAllowed);
  const columns = useColumns();
  const askAbout = ({ user }: Allowed) => {
    const { action, resource, attributes } = check;
    const asked = {
      person: user.id,
      action,
      resource,
      attributes: attributes ? JSON.stringify(attributes) : '',
      at: at ?? '',
    };
    navigate(addressOf('/console/why', asked));
  };
  return (
    <Rows
      label={words.list}
      columns={columns}
      pages={pages}
      keyOf={({ user }) => user.id}
      onOpen={askAbout}
      empty={
        <Empty title={words.nobody}>
          <p className="quiet">{words.nobodyLead}</p>
        </Empty>
      }
    />
  );
}

function useColumns(): readonly Column<Allowed>[] {
  const words = useTextsOf(texts);
  return useMemo(
    () => [
      {
        key: 'person',
        title: words.columnsWho.person,
        width: 'minmax(10rem, 1fr)',
        cell: ({ user }) => (
          <>
            <Name>{user.fullName}</Name> <span className="quiet">{user.username}</span>
          </>
        ),
      },
      {
        key: 'why',
        title: words.columnsWho.why,
        width: 'minmax(9rem, 1fr)',
        narrowWidth: '8rem',
        cell: ({ path }) =>
          path ? <Filled text={words.byRole} parts={{ role: <Name>{path.role.name}</Name> }} /> : words.administrator,
      },
      {
        key: 'grant',
        title: words.columnsWho.grant,
        width: 'minmax(14rem, 2fr)',
        isSecondary: true,
        cell: ({ path }) =>
          path && (
            <span className="quiet">
              <Grant grant={path.grant} />
            </span>
          ),
      },
    ],
    [words],
  );
}
