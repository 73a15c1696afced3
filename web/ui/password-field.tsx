import { type ReactNode, useState } from 'react';
import { useTexts } from '../texts/context';
import { type FieldProps, Labelled } from './field';
import { useFormState } from './form';

interface PasswordFieldProps extends FieldProps {
  readonly autoComplete: 'current-password' | 'new-password';
  readonly onInput?: (password: string) => void;
  readonly below?: ReactNode;
}

/** A password that can be shown while it is typed. */
export function PasswordField({ autoComplete, onInput, below, ...field }: PasswordFieldProps) {
  const { common } = useTexts();
  const { isBusy } = useFormState();
  const [isShown, setShown] = useState(false);
  return (
    <Labelled {...field} hint={below ?? field.hint}>
      {(described) => (
        <div className="with-button">
          <input
            {...described}
            name={field.name}
            // Browsers keep what was sent as text.
            type={isShown && !isBusy ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            maxLength={1024}
            onInput={(event) => onInput?.(event.currentTarget.value)}
          />
          <button
            type="button"
            className="button plain"
            aria-pressed={isShown}
            aria-label={isShown ? common.hidePassword : common.showPassword}
            onClick={() => setShown(!isShown)}
          >
            <EyeIcon isCrossed={isShown} />
          </button>
        </div>
      )}
    </Labelled>
  );
}

const EyeIcon = ({ isCrossed }: { readonly isCrossed: boolean }) => (
  <svg
    aria-hidden="true"
    viewBox="0 0 24 24"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
  >
    <path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z" />
    <circle cx="12" cy="12" r="3" />
    {isCrossed && <path d="M4 20 20 4" />}
  </svg>
);
