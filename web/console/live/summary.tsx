import { useEffect, useRef, useState } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import type { FeedState } from './feed';
import { texts } from './texts';

/** Time between two summaries, in milliseconds. */
const pause = 5000;

/** Tells screen readers every few seconds how many events are new, instead of each. */
export function Summary({ state: { shown } }: { readonly state: FeedState }) {
  const words = useTextsOf(texts);
  const now = useRef(shown);
  now.current = shown;
  const told = useRef(shown);
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = now.current - told.current;
      told.current = now.current;
      setText(fresh > 0 ? words.newOnes(fresh) : '');
    }, pause);
    return () => clearInterval(timer);
  }, [words]);
  return (
    <p className="hidden live-summary" aria-live="polite">
      {text}
    </p>
  );
}
