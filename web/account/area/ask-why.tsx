import { useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { OwnDecisionDocument, type OwnDecisionQuery, type OwnRightsQuery } from '../../operations';
import { gatehouse } from '../../session';
import { useLanguage, useTexts } from '../../texts/context';
import { instantOf } from '../../texts/zoned-time';
import { Field, Labelled } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import type { Values } from '../../use-form';
import { useAccount } from '../viewer';
import { Decision } from './decision';

type Rights = NonNullable<OwnRightsQuery['viewer']>;
export type AccessDecision = OwnDecisionQuery['accessDecision'];

/** Asks why the account may or may not do something, now or at an earlier time. */
export function AskWhy({ rights }: { readonly rights: Rights }) {
  const { account } = useTexts();
  const texts = account.access;
  const { timeZone } = useLanguage();
  const { viewer } = useAccount();
  const [decision, setDecision] = useState<AccessDecision>();
  const submit = async ({ resource = '', action = '', attributes = '', at = '' }: Values) => {
    setDecision(undefined);
    const parsed = parsedAttributes(attributes);
    if (parsed === 'invalid') return [invalid('attributes', texts.attributesInvalid)];
    const check = { resource, action, attributes: parsed };
    const instant = at ? instantOf(at, timeZone).toISOString() : null;
    const answer = await gatehouse.request(OwnDecisionDocument, { userId: viewer.id, check, at: instant });
    setDecision(answer.accessDecision);
    return [];
  };
  const known = (part: 'resource' | 'action') => [...new Set(rights.permissions.map((one) => one[part]))];
  return (
    <>
      <Form submit={submit} label={texts.ask}>
        <div className="pair">
          <Suggested name="action" label={texts.action} example="update" options={known('action')} />
          <Suggested name="resource" label={texts.resource} example="post" options={known('resource')} />
        </div>
        <Labelled name="attributes" label={texts.attributes} hint={texts.attributesHint} isOptional>
          {(described) => (
            <textarea {...described} name="attributes" rows={2} spellCheck={false} placeholder='{"category": "news"}' />
          )}
        </Labelled>
        <Field name="at" type="datetime-local" label={texts.at} hint={texts.atHint} isOptional />
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
      <div aria-live="polite">{decision && <Decision decision={decision} />}</div>
    </>
  );
}

function Suggested({
  name,
  label,
  example,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly example: string;
  readonly options: readonly string[];
}) {
  return (
    <div>
      <Field
        name={name}
        label={label}
        placeholder={example}
        list={`${name}-options`}
        autoCapitalize="none"
        spellCheck={false}
      />
      <datalist id={`${name}-options`}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </div>
  );
}

function parsedAttributes(text: string): Readonly<Record<string, unknown>> | null | 'invalid' {
  if (!text.trim()) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Readonly<Record<string, unknown>>) : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** An error that the page finds itself, in the form of the API's. */
const invalid = (field: string, message: string): FieldError => ({ code: 'INVALID_INPUT', field: [field], message });
