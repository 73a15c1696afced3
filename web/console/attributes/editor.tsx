import { useId, useState } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import '../styles/attributes.css';
import { AttributeRows } from './attribute-rows';
import { objectIn } from './json';
import type { Known } from './known';
import { asText, attributesOf, type Row, rowsOf } from './rows';
import { texts } from './texts';

interface Props {
  readonly label: string;
  readonly hint?: string;
  /** JSON, or empty; what is no object counts as empty. */
  readonly text: string;
  /** Gets JSON whenever what is typed is in order; empty for no attributes. */
  readonly onText: (text: string) => void;
  /** Names and values to propose. */
  readonly known: readonly Known[];
  /** By default a form. */
  readonly isJson?: boolean;
  readonly onMode: (isJson: boolean) => void;
}

/** Attributes of something, as rows of name, kind and value or as JSON, whichever one prefers; both say the same. */
export function AttributesEditor(props: Props) {
  const words = useTextsOf(texts);
  const id = useId();
  const [isInOrder, setInOrder] = useState(true);
  const { label, hint, isJson = false, onMode } = props;
  const choice = (json: boolean, name: string) => (
    <button
      type="button"
      className="button plain"
      aria-pressed={isJson === json}
      aria-disabled={!isInOrder}
      aria-describedby={isInOrder ? undefined : `${id}-mend`}
      onClick={() => isInOrder && onMode(json)}
    >
      {name}
    </button>
  );
  const parts = { ...props, describedBy: `${id}-hint`, onOrder: setInOrder };
  return (
    <fieldset className="attributes">
      <legend>{label}</legend>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be announced as a part of the form */}
      <div className="attributes-ways" role="group" aria-label={words.ways}>
        {choice(false, words.asForm)}
        {choice(true, words.asJson)}
        {!isInOrder && (
          <span id={`${id}-mend`} className="quiet">
            {words.mendFirst}
          </span>
        )}
      </div>
      {isJson ? <AsJson {...parts} /> : <AsForm {...parts} />}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </fieldset>
  );
}

interface Part extends Props {
  readonly describedBy: string;
  readonly onOrder: (isInOrder: boolean) => void;
}

/** What is typed, which begins anew when the text is changed from elsewhere. */
function useTyped<Typed>(text: string, read: (text: string) => Typed) {
  const [typed, setTyped] = useState(() => read(text));
  const [written, setWritten] = useState(text);
  if (written !== text) {
    setWritten(text);
    setTyped(() => read(text));
  }
  /** @param saying the text that says the same; undefined while it says nothing */
  const type = (next: Typed, saying: string | undefined) => {
    setTyped(() => next);
    if (saying !== undefined) setWritten(saying);
  };
  return [typed, type] as const;
}

const readRows = (text: string) => rowsOf(objectIn(text) ?? {});

function AsForm({ text, onText, onOrder, known }: Part) {
  const [rows, type] = useTyped(text, readRows);
  const change = (changed: readonly Row[]) => {
    const attributes = attributesOf(changed);
    const saying = attributes && asText(attributes);
    type(changed, saying);
    onOrder(saying !== undefined);
    if (saying !== undefined) onText(saying);
  };
  return <AttributeRows rows={rows} known={known} onChange={change} />;
}

const asTyped = (text: string) => text;
const isValid = (text: string) => text.trim() === '' || objectIn(text) !== undefined;

function AsJson({ label, text, onText, onOrder, describedBy }: Part) {
  const words = useTextsOf(texts);
  const id = useId();
  const [shown, type] = useTyped(text, asTyped);
  const change = (typed: string) => {
    const isObject = isValid(typed);
    type(typed, isObject ? typed.trim() : undefined);
    onOrder(isObject);
    if (isObject) onText(typed.trim());
  };
  return (
    <>
      <textarea
        aria-label={label}
        rows={3}
        spellCheck={false}
        className="code"
        value={shown}
        placeholder='{"category": "news"}'
        aria-invalid={!isValid(shown)}
        aria-describedby={isValid(shown) ? describedBy : id}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
      <div id={id} className="error" aria-live="polite">
        {!isValid(shown) && words.noJson}
      </div>
    </>
  );
}
