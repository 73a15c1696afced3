import { useId } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import { type Clause, type Group, newId, type Part } from './conditions';
import { texts } from './texts';
import { ValueField, valueFor } from './value-field';

const newClause = (): Clause => ({ id: newId(), kind: 'clause', attribute: '', operator: 'is', value: '' });
const newGroup = (): Group => ({ id: newId(), kind: 'any', isListed: true, children: [newClause()] });

/** A group of conditions, with its comparisons and further groups. */
export function GroupFields({
  group,
  attributes,
  onChange,
  onRemove,
}: {
  readonly group: Group;
  /** Known attributes of the resource, as suggestions. */
  readonly attributes: readonly string[];
  readonly onChange: (group: Group) => void;
  readonly onRemove?: () => void;
}) {
  const words = useTextsOf(texts);
  const { children } = group;
  const replace = (place: number, ...parts: readonly Part[]) =>
    onChange({ ...group, children: children.toSpliced(place, 1, ...parts) });
  return (
    <fieldset className={`condition-group ${group.kind}`}>
      <legend className="hidden">{words.conditions}</legend>
      <div className="condition-head">
        <label>
          {words.joined}{' '}
          <select
            value={group.kind}
            onChange={({ currentTarget }) => onChange({ ...group, kind: currentTarget.value as Group['kind'] })}
          >
            {(['all', 'any', 'not'] as const).map((kind) => (
              <option key={kind} value={kind}>
                {words.groups[kind]}
              </option>
            ))}
          </select>
        </label>
        {onRemove && <Remove onRemove={onRemove} />}
      </div>
      {children.map((part, place) => {
        const fields = {
          attributes,
          onChange: (changed: Part) => replace(place, changed),
          onRemove: () => replace(place),
        };
        if (part.kind === 'clause') return <ClauseFields key={part.id} clause={part} {...fields} />;
        return <GroupFields key={part.id} group={part} {...fields} />;
      })}
      <div className="buttons">
        <button
          type="button"
          className="button plain"
          onClick={() => onChange({ ...group, children: [...children, newClause()] })}
        >
          {words.addClause}
        </button>
        <button
          type="button"
          className="button plain"
          onClick={() => onChange({ ...group, children: [...children, newGroup()] })}
        >
          {words.addGroup}
        </button>
      </div>
    </fieldset>
  );
}

function ClauseFields({
  clause,
  attributes,
  onChange,
  onRemove,
}: {
  readonly clause: Clause;
  readonly attributes: readonly string[];
  readonly onChange: (clause: Clause) => void;
  readonly onRemove: () => void;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  const { attribute, operator, value } = clause;
  const known = Object.keys(words.operators);
  const operators = known.includes(operator) ? known : [...known, operator];
  return (
    <div className="condition-clause">
      <input
        type="text"
        aria-label={words.attribute}
        placeholder={words.attribute}
        list={`${id}-attributes`}
        spellCheck={false}
        value={attribute}
        onChange={({ currentTarget }) => onChange({ ...clause, attribute: currentTarget.value })}
      />
      <datalist id={`${id}-attributes`}>
        {attributes.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <select
        aria-label={words.operator}
        value={operator}
        onChange={({ currentTarget }) =>
          onChange({ ...clause, operator: currentTarget.value, value: valueFor(currentTarget.value, value) })
        }
      >
        {operators.map((each) => (
          <option key={each} value={each}>
            {(words.operators as Readonly<Record<string, string>>)[each] ?? each}
          </option>
        ))}
      </select>
      <ValueField
        key={operator}
        operator={operator}
        value={value}
        onChange={(changed) => onChange({ ...clause, value: changed })}
      />
      <Remove onRemove={onRemove} />
    </div>
  );
}

function Remove({ onRemove }: { readonly onRemove: () => void }) {
  const { removePart } = useTextsOf(texts);
  return (
    <button type="button" className="icon-button" aria-label={removePart} title={removePart} onClick={onRemove}>
      <span aria-hidden="true">×</span>
    </button>
  );
}
