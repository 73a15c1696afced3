import { useTexts } from '../../texts/context';
import { useFormat } from '../../texts/format';
import { useAccount } from '../viewer';
import { AreaPage } from './area-page';
import { ChangeEmail } from './change-email';
import { ChangePassword } from './change-password';
import { TwoFactor } from './two-factor';

export function SecurityPage() {
  const { account } = useTexts();
  const { viewer } = useAccount();
  const { date } = useFormat();
  return (
    <AreaPage title={account.security.title}>
      <section aria-labelledby="email">
        <h2 id="email">{account.security.email}</h2>
        <p>{viewer.email}</p>
        <ChangeEmail />
      </section>
      <section aria-labelledby="password">
        <h2 id="password">{account.security.password}</h2>
        {viewer.passwordChangedAt && <p>{account.security.passwordSince(date(viewer.passwordChangedAt))}</p>}
        <ChangePassword />
      </section>
      <section aria-labelledby="second-factor">
        <h2 id="second-factor">{account.security.twoFactor}</h2>
        <TwoFactor />
      </section>
    </AreaPage>
  );
}
