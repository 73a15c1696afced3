import { useState } from 'react';
import { Link } from 'wouter';
import { useLanguage } from '../../texts/context';
import { ActionButton } from '../ui/action-button';
import { useAfterUndo, useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { endIn, GrantFields } from './act-fields';
import { ConsolePersonGrantsDocument, type ConsolePersonGrantsQuery } from './operations';
import { PagedTable } from './paged-table';
import { perform } from './perform';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Connection = NonNullable<ConsolePersonGrantsQuery['user']>['grantsConnection'];
type Grant = Connection['nodes'][number];
const nothing: Connection = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const readGrants = ({ user }: ConsolePersonGrantsQuery) => user?.grantsConnection ?? nothing;

/** The roles of a person: who granted them, and until when. */
export function PersonRoles({ person, onChanged }: { readonly person: PersonFacts; readonly onChanged: () => void }) {
  const words = useTextsOf(texts);
  const { person: said, acts: asked } = words;
  const can = useCan();
  const [isPast, setPast] = useState(false);
  const [open, setOpen] = useState<'grant' | Grant>();
  const pages = usePages(ConsolePersonGrantsDocument, { id: person.id, includeInactive: isPast }, readGrants, {
    size: 20,
  });
  const changed = () => {
    pages.reload();
    onChanged();
  };
  useAfterUndo(changed);
  const mayGrant = can('grant', 'role');
  return (
    <section className="panel" aria-labelledby="person-roles">
      <div className="panel-head">
        <h2 id="person-roles">{said.roles}</h2>
        <label className="tick">
          <input type="checkbox" checked={isPast} onChange={() => setPast(!isPast)} /> {said.earlier}
        </label>
        <ActionButton reason={mayGrant ? undefined : words.may.grant} onPress={() => setOpen('grant')}>
          {asked.grant.verb} …
        </ActionButton>
      </div>
      <PagedTable
        pages={pages}
        label={said.roles}
        empty={said.noGrants}
        columns={[
          { key: 'role', title: said.grants.role, cell: (grant) => <RoleOf grant={grant} /> },
          {
            key: 'by',
            title: said.grants.by,
            cell: ({ grantedByName }) => <Name>{grantedByName ?? said.service}</Name>,
          },
          { key: 'at', title: said.grants.at, cell: ({ grantedAt }) => <Instant at={grantedAt} how="compact" /> },
          { key: 'until', title: said.grants.until, cell: (grant) => <EndOf grant={grant} /> },
          {
            key: 'revoke',
            title: '',
            cell: (grant) =>
              grant.isActive &&
              !grant.role.isSystem && (
                <ActionButton
                  reason={mayGrant ? undefined : words.may.grant}
                  kind="plain"
                  label={`${asked.revoke.verb}: ${grant.role.name}`}
                  onPress={() => setOpen(grant)}
                >
                  {asked.revoke.verb}
                </ActionButton>
              ),
          },
        ]}
      />
      {open === 'grant' && <AskGrant person={person} onClose={() => setOpen(undefined)} onChanged={changed} />}
      {open && open !== 'grant' && (
        <AskRevoke person={person} grant={open} onClose={() => setOpen(undefined)} onChanged={changed} />
      )}
    </section>
  );
}

function RoleOf({ grant: { role, isActive } }: { readonly grant: Grant }) {
  const can = useCan();
  const { person } = useTextsOf(texts);
  const name = <Name>{role.name}</Name>;
  return (
    <>
      {can('read', 'role') ? <Link href={`/console/roles/${role.id}`}>{name}</Link> : name}{' '}
      {!isActive && <span className="badge">{person.ended}</span>}
    </>
  );
}

function EndOf({ grant: { expiresAt, revokedAt, revokedByName } }: { readonly grant: Grant }) {
  const { person } = useTextsOf(texts);
  if (revokedAt)
    return (
      <>
        <Instant at={revokedAt} how="compact" />{' '}
        <span className="quiet">{person.revokedBy(revokedByName ?? person.service)}</span>
      </>
    );
  return expiresAt ? <Instant at={expiresAt} how="compact" /> : <span className="quiet">{person.endless}</span>;
}

interface Asking {
  readonly person: PersonFacts;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

function AskGrant({ person, onClose, onChanged }: Asking) {
  const words = useTextsOf(texts);
  const { grant } = words.acts;
  const { timeZone } = useLanguage();
  const announce = useAnnounce();
  return (
    <Confirm
      title={grant.title}
      verb={grant.verb}
      kind="main"
      onClose={onClose}
      run={async (values) => {
        const expiresAt = endIn(values, timeZone) ?? '';
        const { errors, undo } = await perform('grant', person.id, { ...values, expiresAt });
        if (errors.length > 0) return errors;
        announce(words.did.grant(person.fullName), undo && { run: undo });
        onChanged();
        return [];
      }}
    >
      <p>{grant.does}</p>
      <GrantFields />
    </Confirm>
  );
}

function AskRevoke({ person, grant: { role }, onClose, onChanged }: Asking & { readonly grant: Grant }) {
  const words = useTextsOf(texts);
  const { revoke } = words.acts;
  const announce = useAnnounce();
  return (
    <Confirm
      title={revoke.title(role.name)}
      verb={revoke.verb}
      onClose={onClose}
      run={async () => {
        const { errors, undo } = await perform('revoke', person.id, { roleId: role.id });
        if (errors.length > 0) return errors;
        announce(words.did.revoke(person.fullName, role.name), undo && { run: undo });
        onChanged();
        return [];
      }}
    >
      <p>{revoke.does}</p>
    </Confirm>
  );
}
