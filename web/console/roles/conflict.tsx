import type { ReactNode } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import type { Draft } from './draft';
import type { EditedRole, Permission } from './load-role';
import { texts } from './texts';

/** What somebody else has changed since a draft was begun, beside the draft. */
export function Conflict({
  base,
  now,
  draft,
  onTakeOver,
  onGoOn,
}: {
  readonly base: EditedRole;
  readonly now: EditedRole;
  readonly draft: Draft;
  readonly onTakeOver: () => void;
  readonly onGoOn: () => void;
}) {
  const words = useTextsOf(texts);
  const { what, before, theirs, mine } = words.conflictColumns;
  return (
    <section className="panel conflict" role="alert" aria-labelledby="role-conflict">
      <h2 id="role-conflict">{words.conflict}</h2>
      <p>{words.conflictLead}</p>
      <table className="changes">
        <thead>
          <tr>
            <td>{what}</td>
            <th scope="col">{before}</th>
            <th scope="col">{theirs}</th>
            <th scope="col">{mine}</th>
          </tr>
        </thead>
        <tbody>
          {useRows(base, now, draft).map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have nothing of their own but their place
                <td key={place}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="buttons">
        <button type="button" className="button main" onClick={onGoOn}>
          {words.goOn}
        </button>
        <button type="button" className="button" onClick={onTakeOver}>
          {words.takeOver}
        </button>
      </div>
    </section>
  );
}

interface Row {
  readonly name: string;
  readonly cells: readonly [before: ReactNode, theirs: ReactNode, mine: ReactNode];
}

function useRows(base: EditedRole, now: EditedRole, draft: Draft): Row[] {
  const words = useTextsOf(texts);
  const rows: Row[] = [];
  for (const field of ['name', 'level', 'description'] as const)
    if (base[field] !== now[field] || draft[field] !== undefined)
      rows.push({ name: words[field], cells: [base[field], now[field], draft[field] ?? words.unchanged] });
  const added = draft.addPermissions ?? [];
  const terms = new Set([...base.permissions, ...now.permissions, ...added].map(termOf));
  for (const term of terms) {
    const of = (list: readonly Term[]) => list.find((one) => termOf(one) === term);
    const [before, theirs, mine] = [of(base.permissions), of(now.permissions), of(added)];
    const isRemoved =
      (before as Permission | undefined)?.id !== undefined &&
      draft.removePermissionIds?.includes((before as Permission).id);
    if (said(before) !== said(theirs) || mine || isRemoved)
      rows.push({
        name: term,
        cells: [said(before), said(theirs), mine ? said(mine) : isRemoved ? '–' : words.unchanged],
      });
  }
  return rows;
}

type Term = Pick<Permission, 'resource' | 'action' | 'conditions'>;
const termOf = ({ resource, action }: Term): string => `${resource}:${action}`;
const said = (term: Term | undefined): string =>
  term ? (term.conditions ? JSON.stringify(term.conditions) : '✓') : '–';
