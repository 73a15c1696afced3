import { useId } from 'react';
import { UrlField } from '../ui/url-field';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { RoleSearch } from './act-fields';
import { filterNames } from './filter';
import { texts } from './texts';
import { useRoles } from './use-roles';

/** Search, filters and order of the list. */
export function Filters() {
  const words = useTextsOf(texts);
  const { filters } = words;
  const [url, set] = useUrlState();
  const isFiltered = filterNames.some((name) => url.get(name));
  return (
    <div className="toolbar people-filters">
      <UrlField name="search" label={words.search} type="search" className="field grow" />
      <Choice name="state" label={filters.state} options={filters.states} />
      <Choice name="locked" label={filters.locked} options={filters.lockeds} />
      <Choice name="verified" label={filters.verified} options={filters.verifieds} />
      <Choice name="admin" label={filters.admin} options={filters.admins} />
      <RoleChoice />
      <Choice name="sort" label={filters.sort} options={filters.sorts} />
      {isFiltered && (
        <button
          type="button"
          className="button plain"
          onClick={() => set(Object.fromEntries(filterNames.map((name) => [name, ''])))}
        >
          {words.clear}
        </button>
      )}
    </div>
  );
}

/** A choice that is kept in the address; the first option stands for leaving it out. */
function Choice({
  name,
  label,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}) {
  const id = useId();
  const [url, set] = useUrlState();
  const [[first = '', firstText] = ['', ''], ...others] = Object.entries(options);
  const chosen = url.get(name) ?? '';
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={chosen in options && chosen !== first ? chosen : ''}
        onChange={(event) => set({ [name]: event.currentTarget.value })}
      >
        <option value="">{firstText}</option>
        {others.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function RoleChoice() {
  const { filters } = useTextsOf(texts);
  const id = useId();
  const [url, set] = useUrlState();
  const can = useCan();
  const { roles, isLong, text, setText } = useRoles(can('read', 'role'));
  const chosen = url.get('role') ?? '';
  if (roles.length === 0 && !chosen && !isLong) return null;
  return (
    <>
      {isLong && <RoleSearch text={text} onText={setText} />}
      <div className="field">
        <label htmlFor={id}>{filters.role}</label>
        <select id={id} value={chosen} onChange={(event) => set({ role: event.currentTarget.value })}>
          <option value="">{filters.anyRole}</option>
          {chosen && !roles.some(({ name }) => name === chosen) && <option value={chosen}>{chosen}</option>}
          {roles.map(({ id: roleId, name }) => (
            <option key={roleId} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}
