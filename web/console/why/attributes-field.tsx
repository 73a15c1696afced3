import { useEffect, useRef, useState } from 'react';
import { AttributesEditor } from '../attributes/editor';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useSuggested } from './suggestions';
import { texts } from './texts';

const settledAfter = 250;

/** The attributes of the question, as a form or as JSON; only what is in order comes into the address. */
export function AttributesField() {
  const words = useTextsOf(texts);
  const { attributes: known } = useSuggested();
  const [url, set] = useUrlState();
  const inAddress = url.get('attributes') ?? '';
  /** What is not in the address yet. */
  const [pending, setPending] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address says now is newer than what was typed before
  useEffect(() => {
    clearTimeout(timer.current);
    setPending(undefined);
  }, [inAddress]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (typed: string) => {
    clearTimeout(timer.current);
    setPending(undefined);
    set({ attributes: typed });
  };
  const change = (typed: string) => {
    setPending(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write(typed), settledAfter);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only what is within it is used; what is pressed next may change the address
    <div onBlur={() => pending !== undefined && write(pending)}>
      <AttributesEditor
        label={words.attributes}
        hint={words.attributesHint}
        text={pending ?? inAddress}
        onText={change}
        known={known}
        isJson={url.get('form') === 'json'}
        onMode={(isJson) => set({ form: isJson ? 'json' : '' })}
      />
    </div>
  );
}
