import { type ChangeEvent, useId, useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { useTextsOf } from '../ui/use-texts-of';
import type { Draft } from './draft';
import { Errors, errorsAt } from './errors';
import type { EditedRole } from './load-role';
import { texts } from './texts';

/** Name, level and description. */
export function DetailFields({
  role,
  draft,
  errors,
  change,
}: {
  readonly role: EditedRole;
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly change: (changes: Partial<Draft>) => void;
}) {
  const words = useTextsOf(texts);
  const { isSystem } = role;
  const text = draft.description === undefined ? role.description : draft.description;
  const set = <Key extends 'name' | 'level' | 'description'>(key: Key, value: Draft[Key]) =>
    change({ [key]: value === role[key] ? undefined : value });
  return (
    <section className="panel" aria-labelledby="role-details">
      <h2 id="role-details">{words.details}</h2>
      <div className="role-details">
        <Text
          label={words.name}
          value={draft.name ?? role.name}
          isDisabled={isSystem}
          onText={(name) => set('name', name)}
        />
        <LevelField
          label={words.level}
          level={draft.level ?? role.level}
          isDisabled={isSystem}
          onLevel={(level) => set('level', level)}
        />
        <Text
          label={words.description}
          value={text ?? ''}
          onText={(description) => set('description', description === '' ? null : description)}
        />
      </div>
      {isSystem && <p className="quiet">{words.fixed}</p>}
      {(['name', 'level', 'description', 'roleId'] as const).map((field) => (
        <Errors key={field} errors={errorsAt(errors, field)} />
      ))}
    </section>
  );
}

function Text({
  label,
  value,
  isDisabled,
  onText,
}: {
  readonly label: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly onText: (text: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        disabled={isDisabled}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
    </div>
  );
}

function LevelField({
  label,
  level,
  isDisabled,
  onLevel,
}: {
  readonly label: string;
  readonly level: number;
  readonly isDisabled: boolean;
  readonly onLevel: (level: number) => void;
}) {
  const id = useId();
  const [text, setText] = useState(String(level));
  const change = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    setText(currentTarget.value);
    if (/^\d{1,4}$/.test(currentTarget.value)) onLevel(Number(currentTarget.value));
  };
  return (
    <div className="field level">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="text" inputMode="numeric" value={text} disabled={isDisabled} onChange={change} />
    </div>
  );
}
