import { link, type MailedLink, mail } from './compose.js';

/** Sent to the new address; the link proves that the mailbox belongs to the account's owner. */
export const emailChangeMail = mail(
  'email-change',
  'Confirm your new e-mail address',
  (publicUrl, confirmation: MailedLink) => `
please confirm that this is your new e-mail address by opening this link:

${link(publicUrl, 'confirm-email-change', confirmation)}

If you did not ask for this, ignore this mail.
`,
);

/** Sent to the old address immediately, with a link that undoes the change: whoever asked for it knew the password. */
export const emailChangeNoticeMail = mail(
  'email-change-notice',
  'Your e-mail address is about to change',
  (publicUrl, undoing: MailedLink) => `
somebody who knows your password asked to give your account at ${publicUrl} another e-mail address.

If it was not you, open this link. It keeps or brings back this address and signs everybody out:

${link(publicUrl, 'undo-email-change', undoing)}

If it was you, there is nothing to do.
`,
);

/** Sent to the address that was restored. */
export const emailChangeUndoneMail = mail(
  'email-change-undone',
  'Your e-mail address stays; set a new password',
  (publicUrl, reset: MailedLink) => `
your account keeps this e-mail address, and everybody was signed out. Somebody knew your password, so it is not valid any
more. Set a new one:

${link(publicUrl, 'reset-password', reset)}
`,
);

/** Sent to the previous address after an administrator has replaced it. */
export const addressReplacedMail = mail(
  'address-replaced',
  'The e-mail address of your account was changed',
  (publicUrl) => `
an administrator has set another e-mail address for your account at ${publicUrl}.
Mail to this address will not be about that account any more.

If you did not ask for this, speak to an administrator of the service.
`,
);
