import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useLanguage } from '../../texts/context';
import { useLoaded } from '../../use-loaded';
import { useAfterUndo } from '../ui/announce';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { numberOf } from '../ui/number-of';
import { toggled } from '../ui/row-keys';
import { type Column, Rows, type Selection } from '../ui/rows';
import { ScreenPage } from '../ui/screen';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { Badges } from './badges';
import { Bulk } from './bulk';
import { type Asked, askedBy } from './filter';
import { Filters } from './filters';
import {
  ConsolePeopleCountDocument,
  ConsolePeopleDocument,
  type ConsolePeopleQuery,
  type ConsolePersonRowFragment,
} from './operations';
import { texts } from './texts';

type PersonRow = ConsolePersonRowFragment;
const readPeople = ({ users }: ConsolePeopleQuery) => users;

/** Finds people, by filters that are in the address, and does something with those who are chosen. */
export function PeopleList() {
  const words = useTextsOf(texts);
  const [url] = useUrlState();
  const [, navigate] = useLocation();
  const asked = askedBy(url);
  const pages = usePages(ConsolePeopleDocument, { ...asked }, readPeople);
  const [chosen, onChange] = useState<ReadonlySet<string>>(new Set());
  useAfterUndo(pages.reload);
  const people = useKnown(pages.rows, chosen);
  const selection = { chosen, onChange };
  const columns = useColumns(selection);
  return (
    <ScreenPage title={words.title} isFilling>
      <Filters />
      {chosen.size > 0 ? (
        <Bulk people={people} onNobody={() => onChange(new Set())} onDone={pages.reload} />
      ) : (
        <Count asked={asked} />
      )}
      <Rows
        label={words.list}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        onOpen={({ id }) => navigate(`/console/people/${id}`)}
        selection={selection}
        empty={
          <Empty title={words.empty}>
            <p className="quiet">{words.emptyLead}</p>
          </Empty>
        }
      />
    </ScreenPage>
  );
}

/** Those who are chosen, also when a later search no longer shows them. */
function useKnown(rows: readonly PersonRow[], chosen: ReadonlySet<string>): readonly PersonRow[] {
  const known = useRef(new Map<string, PersonRow>());
  for (const row of rows) known.current.set(row.id, row);
  return [...chosen].flatMap((id) => known.current.get(id) ?? []);
}

/** Asked for beside the rows, which must not wait for it. */
function Count({ asked: { search, filter } }: { readonly asked: Asked }) {
  const { count } = useTextsOf(texts);
  const { language } = useLanguage();
  const { data } = useLoaded(ConsolePeopleCountDocument, { search, filter });
  return (
    <p className="quiet people-count" aria-live="polite">
      {data && count(numberOf(data.users.totalCount, language))}
    </p>
  );
}

function useColumns(selection: Selection): readonly Column<PersonRow>[] {
  const words = useTextsOf(texts);
  const { columns } = words;
  const { chosen, onChange } = selection;
  return useMemo(
    () => [
      {
        key: 'choose',
        title: <span className="hidden">{columns.chosen}</span>,
        width: '1.4rem',
        cell: ({ id, fullName }) => (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={words.choose(fullName)}
            checked={chosen.has(id)}
            onChange={() => onChange(toggled(chosen, id))}
          />
        ),
      },
      {
        key: 'person',
        title: columns.person,
        width: 'minmax(11rem, 2fr)',
        cell: ({ fullName, username }) => (
          <span className="person-line">
            <Name>{fullName}</Name> {fullName !== username && <span className="quiet">{username}</span>}
          </span>
        ),
      },
      {
        key: 'state',
        title: columns.state,
        width: 'minmax(8rem, 1fr)',
        narrowWidth: '7.5rem',
        cell: (person) => <Badges person={person} />,
      },
      {
        key: 'email',
        title: columns.email,
        width: 'minmax(11rem, 1.6fr)',
        isSecondary: true,
        cell: ({ email }) => email && <Name>{email}</Name>,
      },
      {
        key: 'roles',
        title: columns.roles,
        width: 'minmax(9rem, 1.4fr)',
        isSecondary: true,
        cell: ({ roles }) => <RoleNames roles={roles} />,
      },
      {
        key: 'seen',
        title: columns.seen,
        width: '9.5rem',
        isSecondary: true,
        cell: ({ lastLoginAt }) =>
          lastLoginAt ? <Instant at={lastLoginAt} how="relative" /> : <span className="quiet">{words.never}</span>,
      },
    ],
    [words, columns, chosen, onChange],
  );
}

/** Three at most; everybody has the role `user`, so it says nothing. */
function RoleNames({ roles }: { readonly roles: PersonRow['roles'] }) {
  const own = roles.filter(({ name }) => name !== 'user');
  const shown = own
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
  return shown ? <Name>{own.length > 3 ? `${shown} …` : shown}</Name> : null;
}
