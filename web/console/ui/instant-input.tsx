import { type InputHTMLAttributes, useState } from 'react';
import { useLanguage } from '../../texts/context';
import { instantOf, localOf } from '../../texts/zoned-time';

/**
 * A field for an instant, in the viewer's time zone. As long as nothing else is typed the instant stays exactly what it is:
 * its milliseconds, and which of two equal hours it is in when clocks are put back.
 * @param props.at RFC 3339, or empty
 * @param props.onInstant gets RFC 3339 in UTC when the field is left or Enter is pressed; empty for an emptied field
 */
export function InstantInput({
  at,
  onInstant,
  ...input
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'type'> & {
  readonly at: string;
  readonly onInstant: (at: string) => void;
}) {
  const { timeZone } = useLanguage();
  const shown = at ? localOf(at, timeZone) : '';
  const [text, setText] = useState(shown);
  const [from, setFrom] = useState(shown);
  if (from !== shown) {
    // Changed from elsewhere, or by what was typed itself.
    setFrom(shown);
    setText(shown);
  }
  const give = (local: string) => {
    if (local === shown) return;
    const instant = local ? instantOf(local, timeZone) : undefined;
    if (!instant || !Number.isNaN(instant.getTime())) onInstant(instant?.toISOString() ?? '');
  };
  return (
    <input
      {...input}
      type="datetime-local"
      step="1"
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={() => give(text)}
      onKeyDown={(event) => event.key === 'Enter' && give(text)}
    />
  );
}
