import { useTexts } from '../texts/context';
import { asGatehouseError } from '../use-loaded';
import { Problems } from './form';

/** In place of something that is not there yet, or did not come. */
export function Loading({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { common } = useTexts();
  if (error === undefined)
    return (
      <p className="loading" role="status">
        {common.loading}
      </p>
    );
  return (
    <div className="page">
      <Problems failure={asGatehouseError(error)} />
      <button type="button" className="button" onClick={onRetry}>
        {common.tryAgain}
      </button>
    </div>
  );
}
