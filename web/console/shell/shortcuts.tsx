import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Dialog } from '../ui/dialog';
import { useTextsOf } from '../ui/use-texts-of';
import { storedAppearance } from './appearance';
import { texts } from './texts';

/** A key, or two pressed one after the other (`g p`); `Ctrl+k` means Command on a Mac, too. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
}

type Registered = Map<symbol, Shortcut>;
const Context = createContext<Registered>(new Map());
/** Between two keys of a sequence, in milliseconds. */
const longestPause = 1500;

/** Listens while the component is shown, and lists the key in the help. */
export function useShortcut({ keys, label, run }: Shortcut): void {
  const registered = useContext(Context);
  const newest = useRef(run);
  newest.current = run;
  useEffect(() => {
    const id = Symbol(keys);
    registered.set(id, { keys, label, run: () => newest.current() });
    return () => void registered.delete(id);
  }, [registered, keys, label]);
}

/** Listens to keys for all screens. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const registered = useMemo<Registered>(() => new Map(), []);
  useEffect(() => {
    let first = { key: '', at: 0 };
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isMeant(event)) return;
      const key = nameOf(event);
      const isSequel = event.timeStamp - first.at < longestPause;
      const found = [...registered.values()].reverse();
      const shortcut = found.find(({ keys }) => keys === (isSequel ? `${first.key} ${key}` : key) || keys === key);
      first = { key, at: event.timeStamp };
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [registered]);
  return <Context value={registered}>{children}</Context>;
}

const nameOf = ({ key, ctrlKey, metaKey }: KeyboardEvent): string => (ctrlKey || metaKey ? `Ctrl+${key}` : key);

/** Keys with Ctrl work everywhere; single ones where nothing is typed, unless they are switched off. */
function isMeant({ target, defaultPrevented, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (defaultPrevented || altKey || document.querySelector('dialog[open]')) return false;
  if (ctrlKey || metaKey) return true;
  const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]');
  return !isTyping && storedAppearance().keys === 'on';
}

/** Opens the list of keys by `?`. */
export function ShortcutHelp() {
  const [isOpen, setOpen] = useState(false);
  const { keys, shortcuts } = useTextsOf(texts);
  useShortcut({ keys: '?', label: keys.help, run: () => setOpen(true) });
  if (!isOpen) return null;
  return (
    <Dialog title={shortcuts} onClose={() => setOpen(false)}>
      <ShortcutList />
    </Dialog>
  );
}

function ShortcutList() {
  const registered = useContext(Context);
  const { keys, shortcutsLead, pressedAfter, or } = useTextsOf(texts);
  const ofLists = [
    ['j k', keys.move],
    ['Home End', keys.ends],
    ['Enter', keys.row],
    ['x Ctrl+a', keys.choose],
  ] as const;
  const own = [...registered.values()].map(({ keys: pressed, label }) => [pressed, label, pressedAfter] as const);
  const all = [...own, ...ofLists.map(([pressed, label]) => [pressed, label, or] as const)];
  return (
    <>
      <p className="quiet">{shortcutsLead}</p>
      <dl className="keys">
        {all.map(([pressed, label, between]) => (
          <div key={`${pressed} ${label}`}>
            <dt>
              {pressed.split(' ').map((key, place) => (
                <span key={key}>
                  {place > 0 && <span className="quiet"> {between} </span>}
                  <kbd>{key.replace('Ctrl+', 'Ctrl ')}</kbd>
                </span>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
