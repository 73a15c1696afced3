import type { FieldError } from '../../../client/gatehouse';
import { useExplain } from '../../texts/explain';

type Errors = readonly FieldError[];

/** The errors whose path in the input begins like this. */
export const errorsAt = (errors: Errors, ...path: readonly string[]): Errors =>
  errors.filter(({ field }) => path.every((segment, place) => field?.[place + 1] === segment));

/** Errors of the API where they belong. */
export function Errors({ errors }: { readonly errors: Errors }) {
  const { sentence } = useExplain();
  if (errors.length === 0) return null;
  return (
    <div className="errors-here" role="status">
      {errors.map(({ code, message, field }) => (
        <p key={`${code} ${field?.join('.')} ${message}`} className="error">
          {sentence(message)}
        </p>
      ))}
    </div>
  );
}
