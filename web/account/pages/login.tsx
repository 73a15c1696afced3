import { useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Challenge, FieldError, SignInResult } from '../../../client/gatehouse';
import { keepingReturn, returnAddress } from '../../return-to';
import { gatehouse, useSession } from '../../session';
import { useTexts } from '../../texts/context';
import { Checkbox, Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';
import { ResendByAddress } from './resend-by-address';
import { SecondStep } from './second-step';

export function LoginPage() {
  const { login: texts } = useTexts();
  const session = useSession();
  const [challenge, setChallenge] = useState<Challenge>();
  const [hasExpired, setExpired] = useState(false);
  if (session.status === 'signedIn') return <GoOn />;
  if (challenge)
    return (
      <SecondStep
        challenge={challenge}
        onEnd={(reason) => {
          setExpired(reason === 'expired');
          setChallenge(undefined);
        }}
      />
    );
  return (
    <Page title={texts.title}>
      {hasExpired && <Notice kind="info">{texts.expired}</Notice>}
      <PasswordStep onChallenge={setChallenge} />
    </Page>
  );
}

function PasswordStep({ onChallenge }: { readonly onChallenge: (challenge: Challenge) => void }) {
  const { login: texts, common } = useTexts();
  const search = useSearch();
  const [isUnverified, setUnverified] = useState(false);
  const submit = async ({ identifier = '', password = '', rememberMe }: Values) => {
    const result = await gatehouse.signIn({ identifier, password, rememberMe: rememberMe === 'on' });
    if (result.status === 'secondFactor') onChallenge(result.challenge);
    const errors = errorsOf(result);
    setUnverified(errors.some(({ code }) => code === 'EMAIL_NOT_VERIFIED'));
    return errors;
  };
  return (
    <>
      <Form submit={submit}>
        <Field
          name="identifier"
          label={texts.identifier}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
        <PasswordField name="password" label={common.password} autoComplete="current-password" />
        <Checkbox name="rememberMe" label={texts.rememberMe} />
        <SubmitButton>{common.signIn}</SubmitButton>
      </Form>
      {isUnverified && <ResendByAddress />}
      <p>
        <Link href={keepingReturn('/forgot-password', search)}>{texts.forgot}</Link>
      </p>
      <p>
        {texts.noAccount} <Link href={keepingReturn('/register', search)}>{common.register}</Link>
      </p>
    </>
  );
}

const errorsOf = (result: SignInResult): readonly FieldError[] => (result.status === 'refused' ? result.errors : []);

/** Leaves for where the person wanted to go. */
function GoOn() {
  const { login: texts } = useTexts();
  const address = returnAddress(useSearch());
  const [, navigate] = useLocation();
  useEffect(() => {
    const isHere = address.origin === window.location.origin;
    if (isHere && address.pathname.startsWith('/account'))
      navigate(address.pathname + address.search + address.hash, { replace: true });
    else window.location.replace(address.href);
  }, [address.origin, address.href, address.pathname, address.search, address.hash, navigate]);
  return (
    <Page title={texts.title}>
      <Notice kind="info">{texts.goingOn}</Notice>
    </Page>
  );
}
