import { useId, useState } from 'react';
import { objectIn } from '../attributes/json';
import { useTextsOf } from '../ui/use-texts-of';
import { GroupFields } from './condition-builder';
import { asConditions, asTree, type Conditions, newId } from './conditions';
import { texts } from './texts';
import type { Asker } from './trial';
import { Trial } from './trial-panel';

interface Props {
  readonly conditions: Conditions | null;
  readonly attributes: readonly string[];
  readonly asker: Asker;
  readonly onChange: (conditions: Conditions | null) => void;
}

/** Conditions by a builder or as JSON, whichever one prefers, and a trial of them. */
export function ConditionEditor(props: Props) {
  const words = useTextsOf(texts);
  const [mode, setMode] = useState<'builder' | 'json'>('builder');
  const { conditions, asker, attributes } = props;
  return (
    <div className="conditions">
      <fieldset className="condition-modes">
        <legend className="hidden">{words.conditions}</legend>
        {(['builder', 'json'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className="button plain"
            aria-pressed={mode === each}
            onClick={() => setMode(each)}
          >
            {each === 'builder' ? words.asBuilder : words.asJson}
          </button>
        ))}
      </fieldset>
      {mode === 'builder' ? <Builder {...props} /> : <AsJson {...props} />}
      <Trial conditions={conditions} attributes={attributes} asker={asker} />
    </div>
  );
}

function Builder({ conditions, attributes, onChange }: Props) {
  const [tree, setTree] = useState(() => asTree(conditions));
  return (
    <GroupFields
      group={tree}
      attributes={attributes}
      onChange={(changed) => {
        // Other kinds of the outermost group are one group in it.
        const outer =
          changed.kind === 'all'
            ? changed
            : { id: newId(), kind: 'all' as const, isListed: false, children: [changed] };
        setTree(outer);
        onChange(asConditions(outer));
      }}
    />
  );
}

function AsJson({ conditions, onChange }: Props) {
  const words = useTextsOf(texts);
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(conditions ?? {}, null, 2));
  const isObject = objectIn(text) !== undefined;
  return (
    <div className="field">
      <textarea
        aria-label={words.conditions}
        aria-invalid={!isObject}
        aria-describedby={isObject ? undefined : id}
        spellCheck={false}
        rows={6}
        className="code"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          const read = objectIn(currentTarget.value);
          if (read) onChange(Object.keys(read).length === 0 ? null : read);
        }}
      />
      {!isObject && (
        <p id={id} className="error">
          {words.noJson}
        </p>
      )}
    </div>
  );
}
