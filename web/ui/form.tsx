import { createContext, type ReactNode, useContext } from 'react';
import type { FieldError, GatehouseError } from '../../client/gatehouse';
import { useExplain } from '../texts/explain';
import { type FormState, type Submit, useForm } from '../use-form';

const FormContext = createContext<Pick<FormState, 'errors' | 'isBusy'>>({ errors: {}, isBusy: false });

/** Gives fields their errors, and buttons whether the form is being sent. */
export const useFormState = () => useContext(FormContext);

/**
 * A form that is sent by script only: its method keeps a browser whose script has failed from putting a password into an
 * address.
 */
export function Form({
  submit,
  children,
  label,
}: {
  readonly submit: Submit;
  readonly children: ReactNode;
  /** Accessible name, where a page has several forms. */
  readonly label?: string;
}) {
  const { errors, others, failure, isBusy, onSubmit, onInput } = useForm(submit);
  return (
    <FormContext value={{ errors, isBusy }}>
      <form className="form" method="post" noValidate onSubmit={onSubmit} onInput={onInput} aria-label={label}>
        <Problems errors={others} failure={failure} />
        {children}
      </form>
    </FormContext>
  );
}

/** Errors that belong to no field. */
export function Problems({
  errors = [],
  failure,
}: {
  readonly errors?: readonly FieldError[];
  readonly failure: GatehouseError | undefined;
}) {
  const explain = useExplain();
  if (errors.length === 0 && !failure) return null;
  return (
    <div role="alert" tabIndex={-1} className="notice bad">
      {errors.map((error) => (
        <p key={`${error.code}${error.message}`}>{explain.refusal(error)}</p>
      ))}
      {failure && <p>{explain.failure(failure)}</p>}
    </div>
  );
}

export function SubmitButton({
  children,
  kind = 'main',
}: {
  readonly children: ReactNode;
  readonly kind?: 'main' | 'danger';
}) {
  const { isBusy } = useFormState();
  return (
    <button type="submit" className={`button ${kind}`} aria-disabled={isBusy} aria-busy={isBusy}>
      {children}
    </button>
  );
}
