import type { FieldError, GatehouseError } from '../../client/gatehouse';
import { settings } from '../settings';
import { useTexts } from './context';
import { en } from './en';
import { useFormat } from './format';

/** Says in the reader's language what went wrong. */
export function useExplain() {
  const { errors, failures, sentences } = useTexts();
  const { duration } = useFormat();
  const { passwordMinLength } = settings;
  /** A sentence of the API, translated where the catalogue knows it. */
  const sentence = (english: string): string =>
    // The one sentence that names a number of the configuration; `passwordStrength` sends it without its code.
    english === en.errors.PASSWORD_TOO_SHORT(passwordMinLength)
      ? errors.PASSWORD_TOO_SHORT(passwordMinLength)
      : (sentences[english] ?? english);
  return {
    sentence,
    refusal: ({ code, message }: FieldError): string => {
      const text = errors[code as keyof typeof errors];
      return typeof text === 'function' ? text(passwordMinLength) : (text ?? sentence(message));
    },
    failure: (error: GatehouseError): string => {
      const { code, retryAfter, errors: all } = error;
      if (code === 'RATE_LIMITED') return failures.RATE_LIMITED(duration(retryAfter ?? 60));
      const known = failures[code as 'SERVICE_UNAVAILABLE' | 'NETWORK_ERROR' | 'UNAUTHENTICATED' | 'FORBIDDEN'];
      const id = all[0]?.extensions?.requestId;
      return known ?? (id ? `${failures.other} ${failures.reference(id)}` : failures.other);
    },
  };
}
