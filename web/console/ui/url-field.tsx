import { type InputHTMLAttributes, useEffect, useId, useRef, useState } from 'react';
import { useUrlState } from './use-url-state';

const settledAfter = 150;

/**
 * A field whose text is kept in the address: the first letter at once, what is typed quickly behind it when it has settled. What
 * the address says otherwise is shown.
 */
export function UrlField({
  name,
  label,
  className = 'field',
  ...input
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'value' | 'onChange'> & {
  readonly name: string;
  readonly label: string;
}) {
  const id = useId();
  const [url, set] = useUrlState();
  const inAddress = url.get(name) ?? '';
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // Changed by something else, such as a link or the back button.
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (typed: string) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (written.current === typed.trim()) return;
    written.current = typed.trim();
    set({ [name]: typed.trim() });
  };
  const change = (typed: string) => {
    setText(typed);
    if (timer.current === undefined) write(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write(typed), settledAfter);
  };
  // Before what is pressed next does something to the address.
  const onBlur = () => timer.current !== undefined && write(text);
  return (
    <div className={className}>
      <label htmlFor={id}>{label}</label>
      <input
        type="text"
        {...input}
        id={id}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onBlur={onBlur}
      />
    </div>
  );
}
