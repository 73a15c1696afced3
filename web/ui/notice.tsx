import { type ReactNode, useEffect, useRef } from 'react';

/**
 * Says what has happened.
 * @param props.takesFocus in place of a form that was just sent, where the focus would be lost; otherwise screen readers read it
 *   without the focus moving
 */
export function Notice({
  children,
  kind = 'good',
  takesFocus = false,
}: {
  readonly children: ReactNode;
  readonly kind?: 'good' | 'info';
  readonly takesFocus?: boolean;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) element.current?.focus();
  }, [takesFocus]);
  return (
    <div role="status" tabIndex={takesFocus ? -1 : undefined} className={`notice ${kind}`} ref={element}>
      {children}
    </div>
  );
}
