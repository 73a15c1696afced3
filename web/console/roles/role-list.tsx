import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLanguage } from '../../texts/context';
import { Field } from '../../ui/field';
import type { Submit } from '../../use-form';
import { useLoaded } from '../../use-loaded';
import { Confirm } from '../ui/confirm';
import { mutate } from '../ui/mutate';
import { Name } from '../ui/name';
import { numberOf } from '../ui/number-of';
import { type Column, Rows } from '../ui/rows';
import { ScreenPage } from '../ui/screen';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import {
  ConsoleCreateRoleDocument,
  ConsoleRoleMemberCountDocument,
  ConsoleRolesDocument,
  type ConsoleRolesQuery,
} from './operations';
import { RoleSearch } from './role-search';
import { texts } from './texts';

type Listed = ConsoleRolesQuery['rolesConnection']['nodes'][number];
const readRoles = ({ rolesConnection }: ConsoleRolesQuery) => rolesConnection;

/** All roles that the viewer may read, the highest level first. */
export function RoleList() {
  const words = useTextsOf(texts);
  const [, navigate] = useLocation();
  const mayCreate = useCan()('create', 'role');
  const [url] = useUrlState();
  const search = url.get('search') ?? '';
  const pages = usePages(ConsoleRolesDocument, { search }, readRoles, { size: 100 });
  return (
    <ScreenPage
      title={words.title}
      lead={words.lead}
      isFilling
      actions={
        <>
          <Link href="/console/roles/map" className="button">
            {words.map}
          </Link>
          {mayCreate && <Creating />}
        </>
      }
    >
      <RoleSearch />
      <Rows
        label={words.list}
        columns={useColumns()}
        pages={pages}
        keyOf={({ id }) => id}
        onOpen={({ id }) => navigate(`/console/roles/${id}`)}
        empty={<Empty title={search ? words.noneFits : words.empty} />}
      />
    </ScreenPage>
  );
}

function useColumns(): readonly Column<Listed>[] {
  const words = useTextsOf(texts);
  const mayCount = useCan()('read', 'user');
  return useMemo(() => {
    const { columns, system } = words;
    return [
      {
        key: 'name',
        title: columns.name,
        width: 'minmax(10rem, 1fr)',
        cell: ({ id, name, isSystem }) => (
          <>
            <Link href={`/console/roles/${id}`} tabIndex={-1}>
              <Name>{name}</Name>
            </Link>{' '}
            {isSystem && <span className="badge">{system}</span>}
          </>
        ),
      },
      { key: 'level', title: columns.level, width: '4.5rem', narrowWidth: '3rem', cell: ({ level }) => level },
      ...(mayCount
        ? [
            {
              key: 'members',
              title: columns.members,
              width: '6rem',
              narrowWidth: '5rem',
              cell: ({ id }: Listed) => <MemberCount id={id} />,
            },
          ]
        : []),
      {
        key: 'permissions',
        title: columns.permissions,
        width: '7rem',
        isSecondary: true,
        cell: ({ permissionsConnection }) => permissionsConnection.totalCount,
      },
      {
        key: 'description',
        title: columns.description,
        width: 'minmax(12rem, 2fr)',
        isSecondary: true,
        cell: ({ description }) => description && <Name>{description}</Name>,
      },
    ];
  }, [words, mayCount]);
}

/** Counted for rows in view only: counting holders is the costly part. */
function MemberCount({ id }: { readonly id: string }) {
  const { language } = useLanguage();
  const { data } = useLoaded(ConsoleRoleMemberCountDocument, { id });
  const count = data?.role?.users?.totalCount;
  return count === undefined ? '…' : numberOf(count, language);
}

function Creating() {
  const words = useTextsOf(texts);
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const run: Submit = async ({ name = '', level = '', description = '' }) => {
    const input = { name, level: Number(level) || 0, description: description || null };
    const { role, errors } = await mutate(ConsoleCreateRoleDocument, { input });
    if (role) navigate(`/console/roles/${role.id}`);
    return errors;
  };
  return (
    <>
      <button type="button" className="button main" onClick={() => setOpen(true)}>
        {words.create}
      </button>
      {isOpen && (
        <Confirm title={words.create} verb={words.createVerb} kind="main" run={run} onClose={() => setOpen(false)}>
          <Field name="name" label={words.name} />
          <Field name="level" label={words.level} inputMode="numeric" />
          <Field name="description" label={words.description} isOptional />
        </Confirm>
      )}
    </>
  );
}
