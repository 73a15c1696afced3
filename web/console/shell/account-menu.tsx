import { type RefObject, useEffect, useRef, useState } from 'react';
import { gatehouse } from '../../session';
import { useLanguage, useTexts } from '../../texts/context';
import { languages } from '../../texts/languages';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { useViewer } from '../ui/viewer';
import { type Appearance, chooseAppearance, storedAppearance } from './appearance';
import { texts } from './texts';

/** Who uses the console, how it looks, and the way out. */
export function AccountMenu() {
  const { fullName } = useViewer();
  const words = useTextsOf(texts);
  const { common } = useTexts();
  const leave = async () => {
    await gatehouse.signOut();
    window.location.assign('/login?return_to=/console');
  };
  const element = useRef<HTMLDetailsElement>(null);
  useClosing(element);
  return (
    <details className="menu" ref={element}>
      <summary>
        <span className="hidden">{words.menu}: </span>
        <Name>{fullName}</Name>
      </summary>
      <div className="menu-content">
        <a href="/account">{words.account}</a>
        <Look />
        <button type="button" className="button" onClick={() => void leave()}>
          {common.signOut}
        </button>
      </div>
    </details>
  );
}

/** Closes it by Escape, and when something else is pressed. */
function useClosing(element: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = (event: Event) => {
      const menu = element.current;
      const isMeant = event instanceof KeyboardEvent ? event.key === 'Escape' : !menu?.contains(event.target as Node);
      if (!menu?.open || !isMeant) return;
      menu.open = false;
      if (event instanceof KeyboardEvent) menu.querySelector('summary')?.focus();
    };
    document.addEventListener('keydown', close);
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('pointerdown', close);
    };
  }, [element]);
}

function Look() {
  const words = useTextsOf(texts);
  const { common } = useTexts();
  const { language, choose } = useLanguage();
  const [look, setLook] = useState(storedAppearance);
  const change = (changes: Partial<Appearance>) => {
    const next = { ...look, ...changes };
    setLook(next);
    chooseAppearance(next);
  };
  return (
    <>
      <Choice label={words.theme} value={look.theme} names={words.themes} onChange={(theme) => change({ theme })} />
      <Choice
        label={words.contrast}
        value={look.contrast}
        names={words.contrasts}
        onChange={(contrast) => change({ contrast })}
      />
      <label>
        {common.language}
        <select value={language} onChange={(event) => choose(event.currentTarget.value)}>
          {Object.entries(languages).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={look.keys === 'on'}
          onChange={(event) => change({ keys: event.currentTarget.checked ? 'on' : 'off' })}
        />
        {words.singleKeys}
      </label>
    </>
  );
}

function Choice<Value extends string>({
  label,
  value,
  names,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly names: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {Object.entries<string>(names).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
