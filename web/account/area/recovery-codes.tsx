import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { CopyButton } from '../../ui/copy-button';
import { Notice } from '../../ui/notice';

/** Recovery codes, which the API shows once: to copy, to keep as a file, or to print. */
export function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { account } = useTexts();
  const texts = account.twoFactor;
  return (
    <div className="for-print">
      <h3>{texts.recoveryCodes}</h3>
      <Notice kind="info" takesFocus>
        {texts.recoveryLead}
      </Notice>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="row">
        <CopyButton text={codes.join('\n')} />
        <button type="button" className="button" onClick={() => download(codes)}>
          {texts.download}
        </button>
        <button type="button" className="button" onClick={() => window.print()}>
          {texts.print}
        </button>
        <button type="button" className="button main" onClick={onKept}>
          {texts.kept}
        </button>
      </p>
    </div>
  );
}

function download(codes: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), {
    href: address,
    download: `${settings.serviceName} recovery codes.txt`,
  });
  link.click();
  // Some browsers read it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
