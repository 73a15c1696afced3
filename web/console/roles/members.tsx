import { useCallback } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { useLanguage } from '../../texts/context';
import { Name } from '../ui/name';
import { numberOf } from '../ui/number-of';
import { PersonPicker } from '../ui/person-picker';
import { Failed } from '../ui/states';
import { useFound } from '../ui/use-found';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import type { Draft } from './draft';
import { Errors, errorsAt } from './errors';
import {
  ConsoleRoleMembersDocument,
  type ConsoleRoleMembersQuery,
  ConsoleRolePersonDocument,
  type ConsoleRolePersonQuery,
} from './operations';
import { texts } from './texts';

const none = { nodes: [], totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } };
const readMembers = ({ role }: ConsoleRoleMembersQuery) => role?.users ?? none;

/** Who holds the role, who would get it and who would lose it. */
export function Members({
  roleId,
  draft,
  errors,
  change,
}: {
  readonly roleId: string;
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly change: (changes: Partial<Draft>) => void;
}) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const mayRead = useCan()('read', 'user');
  const { grantTo = [], revokeFrom = [] } = draft;
  const pages = usePages(ConsoleRoleMembersDocument, { id: roleId }, readMembers, { size: 20 });
  if (!mayRead) return null;
  const { rows, total, hasMore, loadMore, error, reload } = pages;
  const undo = (list: 'grantTo' | 'revokeFrom', id: string) =>
    change({ [list]: (draft[list] ?? []).filter((each) => each !== id) });
  return (
    <section className="panel" aria-labelledby="role-members">
      <h2 id="role-members">{words.members}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      {total !== undefined && <p className="quiet">{words.membersCount(numberOf(total, language))}</p>}
      <PersonPicker
        label={words.grant}
        onChoose={({ id }) => {
          if (!grantTo.includes(id)) change({ grantTo: [...grantTo, id] });
        }}
      />
      <Errors errors={[...errorsAt(errors, 'grantTo'), ...errorsAt(errors, 'revokeFrom')]} />
      <ul className="member-list">
        {grantTo.map((id) => (
          <Pending key={id} id={id} what={words.isGranted} kind="good" onUndo={() => undo('grantTo', id)} />
        ))}
        {revokeFrom
          .filter((id) => !rows.some((row) => row.id === id))
          .map((id) => (
            <Pending key={id} id={id} what={words.isRevoked} kind="bad" onUndo={() => undo('revokeFrom', id)} />
          ))}
        {rows.map(({ id, fullName, username }) =>
          revokeFrom.includes(id) ? (
            <Pending
              key={id}
              id={id}
              name={fullName}
              what={words.isRevoked}
              kind="bad"
              onUndo={() => undo('revokeFrom', id)}
            />
          ) : (
            <li key={id}>
              <span>
                <Name>{fullName}</Name> <span className="quiet">{username}</span>
              </span>
              <button
                type="button"
                className="icon-button"
                aria-label={words.revoke(fullName)}
                title={words.revoke(fullName)}
                onClick={() => change({ revokeFrom: [...revokeFrom, id] })}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ),
        )}
      </ul>
      {hasMore && rows.length > 0 && (
        <button type="button" className="button plain" onClick={loadMore}>
          {words.moreMembers}
        </button>
      )}
    </section>
  );
}

function Pending({
  id,
  name,
  what,
  kind,
  onUndo,
}: {
  readonly id: string;
  readonly name?: string;
  readonly what: string;
  readonly kind: 'good' | 'bad';
  readonly onUndo: () => void;
}) {
  const words = useTextsOf(texts);
  const read = useCallback(({ user }: ConsoleRolePersonQuery) => (user ? [user] : []), []);
  const [found] = useFound(ConsoleRolePersonDocument, name === undefined ? { id } : undefined, read) ?? [];
  const shown = name ?? found?.fullName ?? id;
  return (
    <li>
      <span>
        <Name>{shown}</Name> <span className={`badge ${kind}`}>{what}</span>
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={words.undo(shown)}
        title={words.undo(shown)}
        onClick={onUndo}
      >
        <span aria-hidden="true">↺</span>
      </button>
    </li>
  );
}
