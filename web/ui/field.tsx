import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { useTexts } from '../texts/context';
import { useExplain } from '../texts/explain';
import { useFormState } from './form';

export interface FieldProps {
  /** That of the input of the API: errors of the API find their field by it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly isOptional?: boolean;
}

type Input = Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'id' | 'children'>;

/** A labelled input with its hint and the error that the API has given for it. */
export function Field({ name, label, hint, isOptional = false, ...input }: FieldProps & Input) {
  return (
    <Labelled name={name} label={label} hint={hint} isOptional={isOptional}>
      {(described) => <input type="text" {...input} {...described} name={name} required={!isOptional} />}
    </Labelled>
  );
}

interface Described {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** @param props.children makes the control from what connects it to its label, hint and error */
export function Labelled({
  name,
  label,
  hint,
  isOptional = false,
  children,
}: FieldProps & { readonly children: (described: Described) => ReactNode }) {
  const id = useId();
  const texts = useTexts();
  const { errors } = useFormState();
  const { refusal } = useExplain();
  const error = errors[name];
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const described = [hint ? hintId : '', error ? errorId : ''].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {isOptional && <span className="quiet">({texts.common.optional})</span>}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error !== undefined })}
      {error && (
        <p className="error" id={errorId}>
          {refusal(error)}
        </p>
      )}
      {hint && (
        <div className="hint" id={hintId}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** A box to tick. Its value is sent as `on`. */
export function Checkbox({ name, label, hint, ...input }: FieldProps & Input) {
  const id = useId();
  return (
    <div className="field check">
      <input {...input} type="checkbox" id={id} name={name} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
