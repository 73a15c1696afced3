import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { RegisterDocument } from '../../operations';
import { keepingReturn } from '../../return-to';
import { gatehouse } from '../../session';
import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { NewPasswordField } from '../../ui/new-password-field';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';
import { VerificationSent } from './verification-sent';

export function RegisterPage() {
  const { register: texts, common } = useTexts();
  const search = useSearch();
  const [sentTo, setSentTo] = useState<string>();
  const [person, setPerson] = useState({ username: '', email: '' });
  const submit = async ({ username = '', email = '', password = '', firstName, lastName }: Values) => {
    const input = { username, email, password, firstName: firstName || null, lastName: lastName || null };
    const { errors } = (await gatehouse.request(RegisterDocument, { input })).register;
    if (errors.length === 0) setSentTo(email);
    return errors;
  };
  if (sentTo !== undefined) return <VerificationSent email={sentTo} onOtherAddress={() => setSentTo(undefined)} />;
  return (
    <Page title={texts.title}>
      <Form submit={submit}>
        <Field
          name="username"
          label={common.username}
          hint={texts.usernameHint}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          defaultValue={person.username}
          onInput={({ currentTarget: { value } }) => setPerson((before) => ({ ...before, username: value }))}
        />
        <Field
          name="email"
          type="email"
          label={common.email}
          autoComplete="email"
          inputMode="email"
          autoCapitalize="none"
          defaultValue={person.email}
          onInput={({ currentTarget: { value } }) => setPerson((before) => ({ ...before, email: value }))}
        />
        <NewPasswordField name="password" label={common.password} about={person} />
        <div className="pair">
          <Field name="firstName" label={common.firstName} autoComplete="given-name" isOptional />
          <Field name="lastName" label={common.lastName} autoComplete="family-name" isOptional />
        </div>
        <Agreement />
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
      <p>
        {texts.haveAccount} <Link href={keepingReturn('/login', search)}>{common.signIn}</Link>
      </p>
    </Page>
  );
}

/** What the operator wants people to read, if anything. */
function Agreement() {
  const { register: texts, common } = useTexts();
  const { terms, privacy } = settings;
  if (!terms) return null;
  return (
    <p className="hint">
      {texts.agree} <a href={terms}>{common.terms}</a>
      {privacy && (
        <>
          {' '}
          {texts.agreeAnd} <a href={privacy}>{common.privacy}</a>
        </>
      )}
      .
    </p>
  );
}
