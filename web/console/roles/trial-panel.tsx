import { useEffect, useId, useState } from 'react';
import { useDelayed } from '../ui/use-delayed';
import { useTextsOf } from '../ui/use-texts-of';
import { asTree, attributesIn, type Conditions } from './conditions';
import { objectIn } from './json';
import { texts } from './texts';
import { type Asker, wouldAllow } from './trial';

/** Tries conditions on attributes that are typed in. */
export function Trial({
  conditions,
  attributes,
  asker,
}: {
  readonly conditions: Conditions | null;
  readonly attributes: readonly string[];
  readonly asker: Asker;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  const [sample, setSample] = useState('');
  const outcome = useOutcome(conditions, sample, asker);
  const begin = () => {
    const names = attributes.length > 0 ? attributes : attributesIn(asTree(conditions));
    if (sample === '') setSample(JSON.stringify(Object.fromEntries(names.map((each) => [each, ''])), null, 2));
  };
  return (
    <details className="trial" onToggle={begin}>
      <summary>{words.trial}</summary>
      <div className="field">
        <label htmlFor={id}>{words.trialLead}</label>
        <textarea
          id={id}
          rows={4}
          spellCheck={false}
          className="code"
          value={sample}
          onChange={({ currentTarget }) => setSample(currentTarget.value)}
        />
      </div>
      <p role="status" className={outcome === 'met' || outcome === 'none' ? 'badge good' : 'badge'}>
        {{ met: words.trialMet, notMet: words.trialNotMet, none: words.trialNone, unknown: words.noJson }[outcome]}
      </p>
    </details>
  );
}

function useOutcome(conditions: Conditions | null, sample: string, asker: Asker) {
  const [outcome, setOutcome] = useState<'met' | 'notMet' | 'none' | 'unknown'>('unknown');
  const key = useDelayed(JSON.stringify([conditions, sample, asker]));
  useEffect(() => {
    let isNewest = true;
    const [tried, text, who] = JSON.parse(key) as [Conditions | null, string, Asker];
    const attributes = objectIn(text);
    const tell = (found: typeof outcome) => isNewest && setOutcome(found);
    if (tried === null) tell('none');
    else if (!attributes) tell('unknown');
    else
      wouldAllow(tried, attributes, who).then(
        (isMet) => tell(isMet ? 'met' : 'notMet'),
        () => tell('unknown'),
      );
    return () => {
      isNewest = false;
    };
  }, [key]);
  return outcome;
}
