import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { gatehouse } from '../session';
import { narrow } from './narrow';
import { savedGroups } from './saved/saved-groups';
import { type Known, type SavedGroup, type SavedOperation, textOf } from './saved/saved-operation';

/** Lists the saved operations in the sidebar. */
export const savedPlugin: GraphiQLPlugin = { title: 'Saved operations', icon: Bookmark, content: SavedOperations };

function Bookmark() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M5 2.5h10v15l-5-4-5 4z" />
    </svg>
  );
}

const day = 24 * 60 * 60 * 1000;

function known(): Known {
  const { state } = gatehouse;
  return {
    me: state.status === 'signedIn' ? state.userId : 'the id of a person',
    daysFromNow: (days) => new Date(Date.now() + days * day).toISOString(),
  };
}

function SavedOperations() {
  const open = useOpen();
  return (
    <section className="saved" aria-label="Saved operations">
      <h2>Saved operations</h2>
      {savedGroups.map((group) => (
        <Group key={group.title} group={group} open={open} />
      ))}
    </section>
  );
}

/** @returns opens an operation in a tab of its own */
function useOpen(): (operation: SavedOperation) => void {
  const { addTab, stop, setVisiblePlugin } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  return (operation) => {
    stop();
    addTab();
    queryEditor?.setValue(textOf(operation));
    const variables = operation.variables?.(known());
    variableEditor?.setValue(variables ? JSON.stringify(variables, null, 2) : '');
    if (narrow.matches) setVisiblePlugin(null);
    queryEditor?.focus();
  };
}

interface GroupProps {
  readonly group: SavedGroup;
  readonly open: (operation: SavedOperation) => void;
}

function Group({ group: { title, operations }, open }: GroupProps) {
  return (
    <details>
      <summary>{title}</summary>
      <ul>
        {operations.map((operation) => (
          <li key={operation.title}>
            <button type="button" onClick={() => open(operation)}>
              <strong>{operation.title}</strong>
              <span>{operation.shows}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
