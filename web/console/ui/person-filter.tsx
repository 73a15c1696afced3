import { useCallback } from 'react';
import { Name } from './name';
import { ConsolePersonNameDocument, type ConsolePersonNameQuery } from './operations';
import { PersonPicker } from './person-picker';
import { texts } from './texts';
import { useFound } from './use-found';
import { useTextsOf } from './use-texts-of';
import { useUrlState } from './use-url-state';
import { useCan } from './viewer';

const readPerson = ({ user }: ConsolePersonNameQuery) => (user ? [user] : []);

/**
 * A filter by somebody, who is found by name; whoever is chosen is shown until they are taken away again. Nothing for viewers who
 * may not find people, unless the address has somebody.
 * @param props.name of the value in the address: an id
 */
export function PersonFilter({ name, label }: { readonly name: string; readonly label: string }) {
  const { removeFilter } = useTextsOf(texts);
  const [url, set] = useUrlState();
  const can = useCan();
  const id = url.get(name);
  const [found] = useFound(ConsolePersonNameDocument, id ? { id } : undefined, readPerson) ?? [];
  const choose = useCallback((person: { readonly id: string }) => set({ [name]: person.id }), [name, set]);
  if (!id) return can('read', 'user') ? <PersonPicker label={label} onChoose={choose} /> : null;
  return (
    <div className="field">
      <span className="label">{label}</span>
      <span className="chosen">
        <Name>{found?.fullName ?? id}</Name>
        <button
          type="button"
          className="icon-button"
          aria-label={removeFilter(label)}
          onClick={() => set({ [name]: '' })}
        >
          <span aria-hidden="true">×</span>
        </button>
      </span>
    </div>
  );
}
