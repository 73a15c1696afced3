import { useEffect, useState } from 'react';
import { PasswordStrengthDocument, type PasswordStrengthQuery } from '../operations';
import { gatehouse } from '../session';
import { settings } from '../settings';
import { useTexts } from '../texts/context';
import { useExplain } from '../texts/explain';
import { PasswordField } from './password-field';

type Strength = PasswordStrengthQuery['passwordStrength'];

/** Before the API is asked, in milliseconds: it answers a bounded number of questions a minute. */
const typingPause = 350;

/**
 * A password to set, with what the API thinks of it while it is typed.
 * @param props.about what the password should not be made of, where it is known
 */
export function NewPasswordField({
  name,
  label,
  about = {},
}: {
  readonly name: string;
  readonly label: string;
  readonly about?: { readonly username?: string; readonly email?: string };
}) {
  const [password, setPassword] = useState('');
  return (
    <PasswordField
      name={name}
      label={label}
      autoComplete="new-password"
      onInput={setPassword}
      below={<StrengthMeter password={password} {...about} />}
    />
  );
}

function StrengthMeter({
  password,
  username = '',
  email = '',
}: {
  readonly password: string;
  readonly username?: string;
  readonly email?: string;
}) {
  const { strength: texts } = useTexts();
  const { sentence } = useExplain();
  const strength = useStrength(password, username, email);
  if (!password || strength === undefined) return <p>{texts.rule(settings.passwordMinLength)}</p>;
  if (strength === 'unknown') return <p>{texts.unknown}</p>;
  return (
    <div className="strength" data-score={strength.score}>
      <div className="bars" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
      <div role="status">
        <p>
          {texts.label}: <strong>{texts.scores[strength.score]}</strong>
        </p>
        {!strength.isStrong && strength.feedback.map((text) => <p key={text}>{sentence(text)}</p>)}
      </div>
    </div>
  );
}

function useStrength(password: string, username: string, email: string): Strength | 'unknown' | undefined {
  const [strength, setStrength] = useState<Strength | 'unknown'>();
  useEffect(() => {
    if (!password) return setStrength(undefined);
    let isCurrent = true;
    const ask = () =>
      gatehouse
        .request(PasswordStrengthDocument, { password, username: username || null, email: email || null })
        .then(({ passwordStrength }) => isCurrent && setStrength(passwordStrength))
        .catch(() => isCurrent && setStrength('unknown'));
    const timer = setTimeout(ask, typingPause);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [password, username, email]);
  return strength;
}
