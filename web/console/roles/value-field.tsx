import { useId, useState } from 'react';
import { type Json, parsed } from '../attributes/json';
import { numberIn } from '../attributes/rows';
import { useTextsOf } from '../ui/use-texts-of';
import { placeholders } from './placeholders';
import { texts } from './texts';

type Kind = keyof (typeof texts)['en']['kinds'];

const isOfList = (operator: string): boolean => operator === '$in' || operator === '$nin';

function kindOf(value: Json): Kind {
  const placeholder = Object.entries(placeholders).find(([, text]) => text === value)?.[0];
  if (placeholder) return placeholder as Kind;
  if (value === null) return 'nothing';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && !/,|^\s|\s$|\$/.test(item)))
    return 'text';
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return 'number';
  return 'json';
}

/** Kinds that an operator takes. */
function kindsFor(operator: string): readonly Kind[] {
  if (operator === '$exists') return ['truth'];
  if (operator === '$not') return ['json'];
  if (isOfList(operator)) return ['text', 'number', 'ofRoles', 'json'];
  const plain = ['text', 'number', 'ofUser', 'ofEmail', 'ofNow'] as const;
  return ['is', '$eq', '$ne'].includes(operator) ? [...plain, 'truth', 'nothing'] : plain;
}

/** A value of the kind to begin with. */
function beginning(kind: Kind, operator: string): Json {
  if (kind in placeholders) return placeholders[kind as keyof typeof placeholders];
  if (kind === 'truth') return true;
  if (kind === 'nothing') return null;
  if (kind === 'json') return operator === '$not' ? { $eq: '' } : [];
  const value = kind === 'number' ? 0 : '';
  return isOfList(operator) ? [value] : value;
}

/** @returns a value that the operator takes: the present one where it fits */
export function valueFor(operator: string, value: Json): Json {
  const isList = Array.isArray(value);
  if (isOfList(operator)) return isList || value === placeholders.ofRoles ? value : [value];
  const [first = ''] = isList ? value : [value];
  return kindsFor(operator).includes(kindOf(first)) ? first : beginning(kindsFor(operator)[0] ?? 'text', operator);
}

/** The operand of a comparison: its kind, and its value as text. Give it another `key` for another operator. */
export function ValueField({
  operator,
  value,
  onChange,
}: {
  readonly operator: string;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}) {
  const words = useTextsOf(texts);
  const kinds = kindsFor(operator);
  // What is typed may look like another kind for a while.
  const [kind, setKind] = useState(() => kindOf(value));
  const shown = kinds.includes(kind) ? kinds : [...kinds, kind];
  return (
    <>
      <select
        aria-label={words.kind}
        value={kind}
        onChange={({ currentTarget }) => {
          setKind(currentTarget.value as Kind);
          onChange(currentTarget.value === 'json' ? value : beginning(currentTarget.value as Kind, operator));
        }}
      >
        {shown.map((each) => (
          <option key={each} value={each}>
            {words.kinds[each]}
          </option>
        ))}
      </select>
      <Operand key={`${kind} ${operator}`} kind={kind} isList={isOfList(operator)} value={value} onChange={onChange} />
    </>
  );
}

function Operand({
  kind,
  isList,
  value,
  onChange,
}: {
  readonly kind: Kind;
  readonly isList: boolean;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  // What is typed stays as it is, also while it is no value yet.
  const [text, setText] = useState(() => (kind === 'json' ? JSON.stringify(value) : [value].flat().join(', ')));
  if (kind === 'nothing' || kind in placeholders) return <span />;
  if (kind === 'truth')
    return (
      <select
        aria-label={words.value}
        value={String(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === 'true')}
      >
        <option value="true">{words.yes}</option>
        <option value="false">{words.no}</option>
      </select>
    );
  const type = (typed: string) => {
    setText(typed);
    const read = kind === 'json' ? parsed(typed) : operandIn(typed, kind === 'number', isList);
    if (read !== undefined) onChange(read);
  };
  return (
    <>
      <input
        type="text"
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        aria-label={words.value}
        aria-describedby={isList ? id : undefined}
        value={text}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      {isList && (
        <span id={id} className="hidden">
          {words.listHint}
        </span>
      )}
    </>
  );
}

/** @returns undefined while the text is no value of the kind */
function operandIn(text: string, isNumber: boolean, isList: boolean): Json | undefined {
  const parts = isList ? text.split(',').map((part) => part.trim()) : [text];
  const values = isNumber ? parts.map(numberIn) : parts;
  if (!values.every((value) => value !== undefined)) return undefined;
  if (!isList) return values[0];
  const given = values.filter((value) => value !== '');
  return given.length > 0 ? given : values.slice(0, 1);
}
