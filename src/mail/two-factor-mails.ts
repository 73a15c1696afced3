import { mail } from './compose.js';

export const twoFactorEnabledMail = mail(
  'two-factor-enabled',
  'Sign-in now asks for a second factor',
  (publicUrl) => `
an authenticator app was set up for your account at ${publicUrl}: from now on signing in takes a code from it.
Keep the recovery codes you were shown where you find them without your phone.
Sessions that were open before stay open; you can end them in your account.

If this was not you, end all sessions and reset your password, and tell your administrator.
`,
);

export const twoFactorDisabledMail = mail(
  'two-factor-disabled',
  'Sign-in no longer asks for a second factor',
  (publicUrl) => `
the second factor of your account at ${publicUrl} was switched off, with your password and a code.
The authenticator entry and all recovery codes are dead.

If this was not you, reset your password and tell your administrator.
`,
);

export const recoveryCodesRegeneratedMail = mail(
  'recovery-codes-regenerated',
  'You have new recovery codes',
  (publicUrl) => `
new recovery codes were made for your account at ${publicUrl}. All older ones are dead.

If this was not you, reset your password and tell your administrator.
`,
);

export const recoveryCodeUsedMail = mail(
  'recovery-code-used',
  'A recovery code was used',
  (publicUrl, left: number) => `
somebody has used one of the recovery codes of your account at ${publicUrl}.
Unused codes left: ${left}. You can make new ones in your account.

If this was not you, reset your password and make new recovery codes.
`,
);
