import { useEffect, useId, useRef } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import type { Known } from './known';
import { faultOf, type Kind, kindOf, kinds, newRow, ofKind, type Row, typed } from './rows';
import { texts } from './texts';
import { ValueInput } from './value-input';

/** Rows of name, kind and value, checked while one types. */
export function AttributeRows({
  rows,
  known,
  onChange,
}: {
  readonly rows: readonly Row[];
  readonly known: readonly Known[];
  readonly onChange: (rows: readonly Row[]) => void;
}) {
  const words = useTextsOf(texts);
  const list = useRef<HTMLDivElement>(null);
  const added = useRef<number>(undefined);
  // The keyboard goes on in the row that has just been added: at its name, or at its value if it has one.
  useEffect(() => {
    const fields = list.current?.querySelectorAll<HTMLElement>(`[data-row="${added.current}"] :is(input, textarea)`);
    [...(fields ?? [])].find((field) => (field as HTMLInputElement).value === '')?.focus();
    added.current = undefined;
  });
  const add = (row: Row) => {
    added.current = row.id;
    onChange([...rows, row]);
  };
  const rest = known.filter(({ name }) => !rows.some((row) => row.name === name));
  return (
    <div className="attribute-rows" ref={list}>
      {rows.map((row, place) => (
        <AttributeRow
          key={row.id}
          row={row}
          rows={rows}
          known={known}
          onChange={(changed) => onChange(rows.with(place, changed))}
          onRemove={() => onChange(rows.toSpliced(place, 1))}
        />
      ))}
      <div className="attributes-add">
        <button type="button" className="button" onClick={() => add(newRow())}>
          {words.add}
        </button>
        {rest.length > 0 && (
          <span className="attributes-known">
            <span className="quiet">{words.suggested}</span>
            {rest.slice(0, mostProposed).map((one) => (
              <button
                key={one.name}
                type="button"
                className="button plain"
                onClick={() => add(newRow(one.name, kindOfKnown(one)))}
              >
                {one.name}
              </button>
            ))}
          </span>
        )}
      </div>
    </div>
  );
}

/** Further names are proposed while one types. */
const mostProposed = 8;

/** The kind of the values that conditions name. */
function kindOfKnown({ values: [first = ''] }: Known): Kind {
  const kind = kindOf(first);
  return kind === 'json' || kind === 'nothing' ? 'text' : kind;
}

function AttributeRow({
  row,
  rows,
  known,
  onChange,
  onRemove,
}: {
  readonly row: Row;
  readonly rows: readonly Row[];
  readonly known: readonly Known[];
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  const fault = faultOf(row, rows);
  const wrongName = fault === 'unnamed' || fault === 'twice';
  const own = known.find(({ name }) => name === row.name);
  const rename = (name: string) => {
    const found = known.find((one) => one.name === name);
    // A name that is known brings its kind with it, as long as there is no value.
    onChange(found && row.text === '' ? ofKind({ ...row, name }, kindOfKnown(found)) : { ...row, name });
  };
  const told = fault === undefined ? '' : wrongName ? words.faults[fault] : wrong(words.wrong, row.kind);
  return (
    <div className="attribute-row" data-row={row.id}>
      <input
        type="text"
        aria-label={words.name}
        placeholder={words.nameShort}
        list={`${id}-names`}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        aria-invalid={wrongName}
        aria-describedby={wrongName ? `${id}-fault` : undefined}
        value={row.name}
        onChange={({ currentTarget }) => rename(currentTarget.value)}
      />
      <datalist id={`${id}-names`}>
        {known.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <select
        aria-label={words.kind}
        value={row.kind}
        onChange={({ currentTarget }) => onChange(ofKind(row, currentTarget.value as Kind))}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {words.kinds[kind]}
          </option>
        ))}
      </select>
      <ValueInput
        row={row}
        proposed={own?.values ?? []}
        faultId={fault === 'value' ? `${id}-fault` : undefined}
        onText={(text) => onChange(typed(row, text))}
      />
      <button
        type="button"
        className="icon-button"
        aria-label={words.remove(row.name)}
        title={words.remove(row.name)}
        onClick={onRemove}
      >
        <span aria-hidden="true">×</span>
      </button>
      <div id={`${id}-fault`} className="error" aria-live="polite">
        {told}
      </div>
    </div>
  );
}

const wrong = (words: (typeof texts)['en']['wrong'], kind: Kind): string =>
  (words as Readonly<Record<string, string>>)[kind] ?? words.other;
