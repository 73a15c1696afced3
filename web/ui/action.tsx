import { type ReactNode, useState } from 'react';
import type { FieldError, GatehouseError } from '../../client/gatehouse';
import { asGatehouseError } from '../use-loaded';
import { Problems } from './form';

/**
 * A button that does something at once.
 * @param props.run returns what the API refused
 * @param props.label accessible name, where the visible one needs its surroundings to be understood
 */
export function Action({
  run,
  children,
  label,
  kind = 'danger',
}: {
  readonly run: () => Promise<readonly FieldError[]>;
  readonly children: ReactNode;
  readonly label?: string;
  readonly kind?: 'danger' | 'plain';
}) {
  const [isBusy, setBusy] = useState(false);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [failure, setFailure] = useState<GatehouseError>();
  const act = async () => {
    if (isBusy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      setErrors(await run());
    } catch (reason) {
      setFailure(asGatehouseError(reason));
    }
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        className={`button ${kind}`}
        aria-label={label}
        aria-busy={isBusy}
        aria-disabled={isBusy}
        onClick={() => void act()}
      >
        {children}
      </button>
      <Problems errors={errors} failure={failure} />
    </>
  );
}
