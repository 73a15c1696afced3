import { useId } from 'react';
import { useLanguage } from '../../texts/context';
import { InstantInput } from '../ui/instant-input';
import { useTextsOf } from '../ui/use-texts-of';
import type { Json } from './json';
import type { Row } from './rows';
import { texts } from './texts';

/** The value of an attribute, by its kind. */
export function ValueInput({
  row: { kind, text },
  proposed,
  faultId,
  onText,
}: {
  readonly row: Row;
  /** Values that conditions name. */
  readonly proposed: readonly Json[];
  /** Of the element that says what is wrong; undefined while nothing is. */
  readonly faultId: string | undefined;
  readonly onText: (text: string) => void;
}) {
  const words = useTextsOf(texts);
  const { timeZone } = useLanguage();
  const id = useId();
  const common = {
    'aria-label': words.value,
    'aria-invalid': faultId !== undefined,
    'aria-describedby': faultId ?? (kind === 'list' || kind === 'instant' ? `${id}-hint` : undefined),
  };
  if (kind === 'nothing') return <span className="quiet attribute-nothing">null</span>;
  if (kind === 'truth')
    return (
      <select {...common} value={text} onChange={({ currentTarget }) => onText(currentTarget.value)}>
        <option value="true">{words.yes}</option>
        <option value="false">{words.no}</option>
      </select>
    );
  if (kind === 'instant') {
    const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    return (
      <span className="attribute-value">
        <InstantInput {...common} at={text} onInstant={onText} title={text} />
        <span id={`${id}-hint`} className="hint">
          {words.inZone(zone)}
        </span>
      </span>
    );
  }
  return (
    <span className="attribute-value">
      <input
        {...common}
        type="text"
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        spellCheck={false}
        autoComplete="off"
        placeholder={words.value}
        list={`${id}-values`}
        value={text}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      <datalist id={`${id}-values`}>
        {proposed.map((value) => (
          <option key={JSON.stringify(value)} value={typeof value === 'string' ? value : JSON.stringify(value)} />
        ))}
      </datalist>
      {kind === 'list' && (
        <span id={`${id}-hint`} className="hint">
          {words.listHint}
        </span>
      )}
    </span>
  );
}
