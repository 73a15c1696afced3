import type { ReactNode } from 'react';
import { useAnnounce } from './announce';

/**
 * A button of something that the viewer may not be allowed to do. With a reason it does nothing: it stays where it is, can be
 * focused, and says why.
 */
export function ActionButton({
  children,
  label,
  reason,
  kind = '',
  onPress,
}: {
  readonly children: ReactNode;
  /** Accessible name, where the text alone does not say what it is about. */
  readonly label?: string;
  /** Why it cannot be done; undefined: it can. */
  readonly reason?: string | undefined;
  readonly kind?: '' | 'plain' | 'danger' | 'main';
  readonly onPress: () => void;
}) {
  const announce = useAnnounce();
  return (
    <button
      type="button"
      className={`button ${kind}`}
      aria-label={label && (reason ? `${label}. ${reason}` : label)}
      title={reason}
      aria-disabled={reason !== undefined}
      onClick={() => (reason === undefined ? onPress() : announce(reason, 'notice'))}
    >
      {children}
    </button>
  );
}
