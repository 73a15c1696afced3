import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../../texts/context';
import { shortened } from './shortened';

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
    // The browser would choose the button that closes it.
    dialog?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
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
