import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';

export interface Option<Value> {
  readonly key: string;
  readonly value: Value;
  readonly content: ReactNode;
  /** Heading above the first option of a group. */
  readonly group?: string;
}

/**
 * A text field with a list of suggestions, by the combobox pattern of WAI-ARIA: arrows move, Enter chooses, Escape closes.
 * @param props.options for what is typed now; the caller searches
 * @param props.isListAlways the list is shown also before anything is typed, as in a palette
 */
export function Combobox<Value>({
  label,
  text,
  onText,
  options,
  onChoose,
  isListAlways = false,
  isLabelHidden = false,
  autoFocus = false,
  empty,
  placeholder,
}: {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly options: readonly Option<Value>[];
  readonly onChoose: (value: Value) => void;
  readonly isListAlways?: boolean;
  readonly isLabelHidden?: boolean;
  readonly autoFocus?: boolean;
  /** Shown while nothing fits. */
  readonly empty?: ReactNode;
  readonly placeholder?: string;
}) {
  const id = useId();
  const [isOpen, setOpen] = useState(isListAlways);
  const [at, setAt] = useState(0);
  const active = Math.min(at, options.length - 1);
  const close = () => setOpen(isListAlways);
  const choose = (option: Option<Value> | undefined) => {
    if (!option) return;
    close();
    setAt(0);
    onChoose(option.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen && !isListAlways) {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && isOpen && options.length > 0) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setAt((active + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % Math.max(options.length, 1));
    }
  };
  const isShown = isOpen && (options.length > 0 || empty !== undefined);
  return (
    <div className="combobox field">
      <label htmlFor={id} className={isLabelHidden ? 'hidden' : undefined}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        role="combobox"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown && options[active] ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: only in a dialog that has just been opened for it
        autoFocus={autoFocus}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setOpen(true);
          setAt(0);
          onText(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} className="options" hidden={!isShown}>
        {options.map((option, place) => (
          <OptionRow
            key={option.key}
            id={`${id}-${place}`}
            isActive={place === active}
            heading={option.group === options[place - 1]?.group ? undefined : option.group}
            onChoose={() => choose(option)}
          >
            {option.content}
          </OptionRow>
        ))}
      </div>
      {isShown && options.length === 0 && <p className="options-empty quiet">{empty}</p>}
    </div>
  );
}

function OptionRow({
  id,
  isActive,
  heading,
  onChoose,
  children,
}: {
  readonly id: string;
  readonly isActive: boolean;
  readonly heading: string | undefined;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <>
      {heading && (
        <div className="option-group" role="presentation">
          {heading}
        </div>
      )}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isActive}
        className="option"
        ref={(element) => {
          if (isActive) element?.scrollIntoView({ block: 'nearest' });
        }}
        // Before the field loses the focus.
        onMouseDown={(event) => {
          event.preventDefault();
          onChoose();
        }}
      >
        {children}
      </div>
    </>
  );
}
