import { type ReactNode, useEffect, useId, useRef, useSyncExternalStore } from 'react';
import { useTexts } from '../../texts/context';
import { shortened } from './shortened';

/** Those that are open, the topmost last. What is outside of it cannot be reached. */
let opened: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function setOpened(dialogs: typeof opened): void {
  opened = dialogs;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The topmost open dialog, for what must be reachable above everything. */
export const useTopDialog = (): HTMLDialogElement | undefined => useSyncExternalStore(subscribe, () => opened.at(-1));

/**
 * A modal dialog: it keeps the focus inside, and Escape closes it. The focus goes back to where it was.
 * @param props.onClose undefined: it cannot be left by Escape
 */
export function Dialog({
  title,
  children,
  onClose,
  kind = 'normal',
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose?: (() => void) | undefined;
  readonly kind?: 'normal' | 'wide' | 'palette';
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { common } = useTexts();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    if (dialog) setOpened([...opened, dialog]);
    // The browser would choose the button that closes it.
    dialog?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
      setOpened(opened.filter((other) => other !== dialog));
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${kind}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Browsers close a dialog at the second Escape whatever `cancel` says.
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose?.();
      }}
    >
      <header className="dialog-head">
        <h2 id={id} className={kind === 'palette' ? 'hidden' : undefined}>
          {shortened(title)}
        </h2>
        {onClose && kind !== 'palette' && (
          <button type="button" className="icon-button" aria-label={common.close} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
