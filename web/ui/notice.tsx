import type { ReactNode } from 'react';

/** Says what has happened; screen readers read it without the focus moving. */
export const Notice = ({
  children,
  kind = 'good',
}: {
  readonly children: ReactNode;
  readonly kind?: 'good' | 'info';
}) => (
  <div role="status" className={`notice ${kind}`}>
    {children}
  </div>
);
