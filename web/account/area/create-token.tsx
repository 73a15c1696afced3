import { useId, useState } from 'react';
import { asksForProof } from '../../../client/gatehouse';
import { type ApiTokensQuery, CreateApiTokenDocument } from '../../operations';
import { serverNow } from '../../server-clock';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { Field, Labelled } from '../../ui/field';
import { Form, SubmitButton, useFormState } from '../../ui/form';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';

type Scope = NonNullable<ApiTokensQuery['viewer']>['availableScopes'][number];

const day = 24 * 60 * 60 * 1000;
/** In days; 0: until it is revoked. */
const lifetimes = [7, 30, 90, 365, 0] as const;

/** Makes an API token of chosen scopes, offered from what the account may do. Some scopes ask for the password. */
export function CreateToken({
  scopes,
  onCreated,
}: {
  readonly scopes: readonly Scope[];
  readonly onCreated: (token: string) => void;
}) {
  const { account, common } = useTexts();
  const texts = account.tokens;
  const [isAsked, setAsked] = useState(false);
  const submit = async ({ name = '', expiresAt = '0', otherScopes = '', password }: Values, data: FormData) => {
    const proof = password === undefined ? undefined : await gatehouse.reauthenticate({ password });
    if (proof?.status === 'refused') return proof.errors;
    const days = Number(expiresAt);
    const input = {
      name,
      scopes: [...data.getAll('scopes').map(String), ...otherScopes.split(/[\s,]+/).filter(Boolean)],
      expiresAt: days > 0 ? new Date(serverNow() + days * day).toISOString() : null,
    };
    const answer = await gatehouse.request(CreateApiTokenDocument, { input });
    const { token, errors } = answer.createApiToken;
    setAsked(asksForProof(answer));
    if (token) onCreated(token);
    return errors;
  };
  return (
    <Form submit={submit} label={texts.create}>
      <Field name="name" label={texts.name} hint={texts.nameHint} maxLength={100} autoComplete="off" />
      <Labelled name="expiresAt" label={texts.expires}>
        {(described) => (
          <select {...described} name="expiresAt" defaultValue="90">
            {lifetimes.map((days) => (
              <option key={days} value={days}>
                {days === 0 ? texts.endless : texts.days(days)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Scopes scopes={scopes} />
      <Field
        name="otherScopes"
        label={texts.otherScopes}
        hint={texts.otherScopesHint}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        isOptional
      />
      {isAsked && <PasswordField name="password" label={common.currentPassword} autoComplete="current-password" />}
      <SubmitButton>{texts.create}</SubmitButton>
    </Form>
  );
}

function Scopes({ scopes }: { readonly scopes: readonly Scope[] }) {
  const { account } = useTexts();
  const { sentence, refusal } = useExplain();
  const { errors } = useFormState();
  const id = useId();
  const error = errors['scopes'];
  return (
    <fieldset
      className="choices many"
      aria-describedby={error ? id : undefined}
      aria-invalid={error !== undefined}
      tabIndex={-1}
    >
      <legend>{account.tokens.scopes}</legend>
      {error && (
        <p className="error" id={id}>
          {refusal(error)}
        </p>
      )}
      {scopes.map(({ resource, action, description }) => (
        <label className="choice" key={`${resource}:${action}`}>
          <input type="checkbox" name="scopes" value={`${resource}:${action}`} />
          <span>
            <code>{`${resource}:${action}`}</code>
            <span className="hint">{sentence(description)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
