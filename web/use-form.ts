import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { FieldError, GatehouseError } from '../client/gatehouse';
import { asGatehouseError } from './use-loaded';

/** What a form sends: the values of its inputs by their names; a checkbox that is not ticked is absent. */
export type Values = Readonly<Record<string, string>>;

/**
 * @param data for inputs of the same name
 * @returns what the API refused; nothing when it succeeded
 * @throws GatehouseError
 */
export type Submit = (values: Values, data: FormData) => Promise<readonly FieldError[] | undefined>;

export interface FormState {
  readonly isBusy: boolean;
  /** Errors of the API by the name of the field that they are shown at. */
  readonly errors: Readonly<Record<string, FieldError>>;
  /** Errors that belong to no field of the form. */
  readonly others: readonly FieldError[];
  /** Why there is no answer. What was typed is still there. */
  readonly failure: GatehouseError | undefined;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** Takes back the error of a field that is being changed. */
  readonly onInput: (event: FormEvent<HTMLFormElement>) => void;
}

const untouched = { errors: {}, others: [], failure: undefined };

/** Sends a form, once at a time, and puts the errors of the API at the fields that they are about. */
export function useForm(submit: Submit): FormState {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Pick<FormState, 'errors' | 'others' | 'failure'>>(untouched);
  const [answered, setAnswered] = useState<HTMLFormElement>();
  const isSending = useRef(false);
  const send = async (form: HTMLFormElement) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(true);
    const result = await outcomeOf(submit, form);
    isSending.current = false;
    setBusy(false);
    setOutcome(result);
    setAnswered(form);
  };
  // Once the errors are there, the first field at fault takes the focus.
  useEffect(() => {
    answered?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
    setAnswered(undefined);
  }, [answered]);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void send(event.currentTarget);
  };
  const onInput = ({ target }: FormEvent<HTMLFormElement>) => {
    const name = target instanceof Element ? target.getAttribute('name') : null;
    if (name === null || !Object.hasOwn(outcome.errors, name)) return;
    const { [name]: _changed, ...errors } = outcome.errors;
    setOutcome({ ...outcome, errors });
  };
  return { isBusy, ...outcome, onSubmit, onInput };
}

async function outcomeOf(submit: Submit, form: HTMLFormElement) {
  const data = new FormData(form);
  const values = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
  try {
    return placed((await submit(values, data)) ?? [], form);
  } catch (reason) {
    return { ...untouched, failure: asGatehouseError(reason) };
  }
}

/** A path such as `["input", "email"]` ends with the name of the field. */
function placed(errors: readonly FieldError[], form: HTMLFormElement) {
  const nameOf = ({ field }: FieldError) => field?.at(-1) ?? '';
  const isHere = (error: FieldError) => nameOf(error) !== '' && form.elements.namedItem(nameOf(error)) !== null;
  return {
    errors: Object.fromEntries(errors.filter(isHere).map((error) => [nameOf(error), error])),
    others: errors.filter((error) => !isHere(error)),
    failure: undefined,
  };
}
