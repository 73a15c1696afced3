import { useEffect, useMemo, useState } from 'react';
import { AttributesEditor } from '../attributes/editor';
import { objectIn } from '../attributes/json';
import { knownIn } from '../attributes/known';
import { useDelayed } from '../ui/use-delayed';
import { useTextsOf } from '../ui/use-texts-of';
import type { Conditions } from './conditions';
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
  const [sample, setSample] = useState('');
  const [isJson, setJson] = useState(false);
  const outcome = useOutcome(conditions, sample, asker);
  const known = useMemo(() => knownIn([conditions], attributes, asker.id), [conditions, attributes, asker.id]);
  return (
    <details className="trial">
      <summary>{words.trial}</summary>
      <AttributesEditor
        label={words.trialLead}
        text={sample}
        onText={setSample}
        known={known}
        isJson={isJson}
        onMode={setJson}
      />
      <p role="status" className={outcome === 'met' || outcome === 'none' ? 'badge good' : 'badge'}>
        {
          { met: words.trialMet, notMet: words.trialNotMet, none: words.trialNone, unknown: words.trialUnknown }[
            outcome
          ]
        }
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
    const attributes = text === '' ? {} : objectIn(text);
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
