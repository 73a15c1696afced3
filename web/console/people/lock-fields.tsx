import { useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { serverNow } from '../../server-clock';
import { instantOf } from '../../texts/zoned-time';
import { Checkbox, Field, Labelled } from '../../ui/field';
import type { Values } from '../../use-form';
import { useTextsOf } from '../ui/use-texts-of';
import { ReasonField } from './act-fields';
import { texts } from './texts';

/** How long accounts are locked, in hours. */
const spans = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const;
type Span = keyof typeof spans;

/**
 * For how long an account is locked, why, and whether its sessions end, too.
 * @param props.mayEndSessions whether the viewer may
 */
export function LockFields({ mayEndSessions }: { readonly mayEndSessions: boolean }) {
  const words = useTextsOf(texts);
  const { lock, may } = words;
  const [span, setSpan] = useState<string>('day');
  return (
    <>
      <Labelled name="lockFor" label={lock.for}>
        {(described) => (
          <select {...described} name="lockFor" value={span} onChange={({ target }) => setSpan(target.value)}>
            {Object.keys(spans).map((name) => (
              <option key={name} value={name}>
                {lock.spans[name as Span]}
              </option>
            ))}
            <option value="until">{lock.spans.until}</option>
          </select>
        )}
      </Labelled>
      {span === 'until' && <Field name="until" type="datetime-local" label={words.until} hint={lock.untilHint} />}
      <Checkbox
        name="endSessions"
        label={lock.endSessions}
        hint={mayEndSessions ? lock.endSessionsHint : may.update}
        disabled={!mayEndSessions}
      />
      <ReasonField />
    </>
  );
}

/** That no end was given for a lock. */
export const lacksEnd = (message: string): FieldError => ({
  code: 'INVALID_INPUT',
  field: ['input', 'until'],
  message,
});

/** @returns the end of a lock by the service's clock, RFC 3339; undefined when none was chosen */
export function lockEndIn({ lockFor = 'day', until }: Values, timeZone: string | undefined): string | undefined {
  if (lockFor === 'until') return until ? instantOf(until, timeZone).toISOString() : undefined;
  const hours = spans[lockFor as Span];
  return new Date(serverNow() + hours * 3_600_000).toISOString();
}
