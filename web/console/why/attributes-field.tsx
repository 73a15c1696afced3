import { useEffect, useId, useRef, useState } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { attributesIn } from './question';
import { texts } from './texts';

const settledAfter = 250;

/** The attributes as JSON, checked while they are typed; only valid ones come into the address. */
export function AttributesField() {
  const id = useId();
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const inAddress = url.get('attributes') ?? '';
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const isValid = attributesIn(text) !== undefined;
  const change = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    if (attributesIn(typed) === undefined) return;
    timer.current = setTimeout(() => {
      written.current = typed.trim();
      set({ attributes: typed.trim() });
    }, settledAfter);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{words.attributes}</label>
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        value={text}
        placeholder='{"category": "news"}'
        aria-invalid={!isValid}
        aria-describedby={`${id}-hint`}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <div id={`${id}-hint`} className={isValid ? 'hint' : 'error'} aria-live="polite">
        {isValid ? words.attributesHint : words.attributesInvalid}
      </div>
    </div>
  );
}
