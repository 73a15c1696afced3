import { useId } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import type { Catalogue } from './catalogue';
import { ConditionEditor } from './condition-editor';
import type { AddedPermission, Draft } from './draft';
import { Errors, errorsAt } from './errors';
import type { Permission } from './load-role';
import { texts } from './texts';

interface Props {
  readonly permissions: readonly Permission[];
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly errors: readonly FieldError[];
  readonly change: (changes: Partial<Draft>) => void;
}

/** What the role permits, what is taken out of it, and what is added. To change a permission is to replace it. */
export function Permissions({ permissions, draft, catalogue, errors, change }: Props) {
  const words = useTextsOf(texts);
  const { removePermissionIds: removed = [], addPermissions: added = [] } = draft;
  const remove = (id: string) => change({ removePermissionIds: [...removed, id] });
  const keep = (id: string) => change({ removePermissionIds: removed.filter((each) => each !== id) });
  const add = (permission: AddedPermission) => change({ addPermissions: [...added, permission] });
  const replace = ({ id, resource, action, conditions }: Permission) =>
    change({ removePermissionIds: [...removed, id], addPermissions: [...added, { resource, action, conditions }] });
  return (
    <section className="panel" aria-labelledby="role-permissions">
      <h2 id="role-permissions">{words.permissions}</h2>
      {permissions.length === 0 && <p className="quiet">{words.noPermissions}</p>}
      <ul className="permission-list">
        {permissions.map((permission) => (
          <PermissionRow
            key={permission.id}
            permission={permission}
            isRemoved={removed.includes(permission.id)}
            onRemove={() => remove(permission.id)}
            onKeep={() => keep(permission.id)}
            onChange={() => replace(permission)}
          />
        ))}
      </ul>
      <Errors errors={errorsAt(errors, 'removePermissionIds')} />
      {added.map((permission, place) => (
        <AddedFields
          // biome-ignore lint/suspicious/noArrayIndexKey: it has nothing of its own but its place, and changes under the keyboard
          key={`${place}/${added.length}`}
          place={place}
          permission={permission}
          catalogue={catalogue}
          errors={errorsAt(errors, 'addPermissions', String(place))}
          onChange={(changed) => change({ addPermissions: added.with(place, changed) })}
          onRemove={() => change({ addPermissions: added.toSpliced(place, 1) })}
        />
      ))}
      <button type="button" className="button" onClick={() => add({ resource: '', action: '', conditions: null })}>
        {words.add}
      </button>
    </section>
  );
}

function PermissionRow({
  permission,
  isRemoved,
  onRemove,
  onKeep,
  onChange,
}: {
  readonly permission: Permission;
  readonly isRemoved: boolean;
  readonly onRemove: () => void;
  readonly onKeep: () => void;
  readonly onChange: () => void;
}) {
  const words = useTextsOf(texts);
  const { name, resource, action, conditions } = permission;
  const term = `${resource}:${action}`;
  return (
    <li className={isRemoved ? 'permission-row removed' : 'permission-row'}>
      <span className="permission-term">
        <code>{term}</code> {name !== term && <Name>{name}</Name>}
        {isRemoved && <span className="badge bad">{words.removed}</span>}
      </span>
      <span className="permission-when">
        {conditions ? (
          <code title={JSON.stringify(conditions)}>{JSON.stringify(conditions)}</code>
        ) : (
          <span className="quiet">{words.always}</span>
        )}
      </span>
      <span className="buttons">
        {isRemoved ? (
          <button type="button" className="button plain" aria-label={words.keepPermission(term)} onClick={onKeep}>
            {words.keep}
          </button>
        ) : (
          <>
            <button type="button" className="button plain" aria-label={words.changePermission(term)} onClick={onChange}>
              {words.change}
            </button>
            <button type="button" className="button plain" aria-label={words.removePermission(term)} onClick={onRemove}>
              {words.remove}
            </button>
          </>
        )}
      </span>
    </li>
  );
}

function AddedFields({
  place,
  permission,
  catalogue,
  errors,
  onChange,
  onRemove,
}: {
  readonly place: number;
  readonly permission: AddedPermission;
  readonly catalogue: Catalogue;
  readonly errors: readonly FieldError[];
  readonly onChange: (permission: AddedPermission) => void;
  readonly onRemove: () => void;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  const { resource, action, conditions } = permission;
  const description = catalogue.descriptionOf(resource, action);
  return (
    <fieldset className="permission-added">
      <legend>
        {words.newPermission(String(place + 1))} <span className="badge good">{words.added}</span>
      </legend>
      <div className="permission-names">
        <Suggested
          id={`${id}-resource`}
          label={words.resource}
          value={resource}
          among={catalogue.resources}
          onChange={(value) => onChange({ ...permission, resource: value })}
        />
        <Suggested
          id={`${id}-action`}
          label={words.action}
          value={action}
          among={catalogue.actionsOf(resource)}
          onChange={(value) => onChange({ ...permission, action: value })}
        />
        <button type="button" className="button plain" onClick={onRemove}>
          {words.remove}
        </button>
      </div>
      {description && <p className="quiet">{description}</p>}
      <ConditionEditor
        conditions={conditions}
        attributes={catalogue.attributesOf(resource)}
        asker={catalogue.asker}
        onChange={(changed) => onChange({ ...permission, conditions: changed })}
      />
      <Errors errors={errors} />
    </fieldset>
  );
}

/** A field with suggestions, which takes other words, too. */
function Suggested({
  id,
  label,
  value,
  among,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly among: readonly string[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-list`}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <datalist id={`${id}-list`}>
        {among.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}
