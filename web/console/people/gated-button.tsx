import type { ReactNode } from 'react';
import { useAnnounce } from '../ui/announce';

/**
 * A button of something that the viewer may not be allowed to do. Then it stays where it is, can be focused, and says why.
 * @param props.why why not; undefined: it is allowed
 */
export function GatedButton({
  why,
  onClick,
  kind = '',
  label,
  children,
}: {
  readonly why: string | undefined;
  readonly onClick: () => void;
  readonly kind?: '' | 'main' | 'danger' | 'plain';
  /** Accessible name, where the visible one needs its surroundings to be understood. */
  readonly label?: string;
  readonly children: ReactNode;
}) {
  const announce = useAnnounce();
  return (
    <button
      type="button"
      className={`button ${kind}`}
      aria-label={label}
      aria-disabled={why !== undefined}
      title={why}
      onClick={() => (why === undefined ? onClick() : announce(why))}
    >
      {children}
    </button>
  );
}
