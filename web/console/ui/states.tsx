import type { ReactNode } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { texts } from './texts';
import { useTextsOf } from './use-texts-of';

/** In place of something that is being loaded. Shown late by its style, so that quick answers do not flicker. */
export function Busy() {
  const { common } = useTexts();
  return (
    <p className="state busy" role="status">
      {common.loading}
    </p>
  );
}

/** In place of a list without rows. @param props.children what to do about it */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children}
    </div>
  );
}

/** In place of something that could not be loaded: a right that is missing is told apart from a fault. */
export function Failed({ error, onRetry }: { readonly error: GatehouseError; readonly onRetry?: () => void }) {
  const { common } = useTexts();
  const { failure } = useExplain();
  if (error.code === 'FORBIDDEN') return <NoRight />;
  return (
    <div className="state" role="alert">
      <p className="state-title">{failure(error)}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {common.tryAgain}
        </button>
      )}
    </div>
  );
}

/** In place of something that the viewer may not see. @param props.right such as `role:read` */
export function NoRight({ right }: { readonly right?: string }) {
  const { noRight, noRightNamed } = useTextsOf(texts);
  return (
    <div className="state">
      <p className="state-title">{noRight}</p>
      {right && <p className="quiet">{noRightNamed(right)}</p>}
    </div>
  );
}
