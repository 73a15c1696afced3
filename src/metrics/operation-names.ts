/**
 * Names of the operations that the pages and the client send: those in web/operations.graphql and client/operations.graphql,
 * which a test compares. Other names come from clients, who could make up any number of them.
 */
export const ownOperations: readonly string[] = [
  'Ability',
  'ApiTokens',
  'BeginTwoFactorEnrollment',
  'ChangePassword',
  'CompleteSignIn',
  'ConfirmEmailChange',
  'ConfirmTwoFactorEnrollment',
  'CreateApiToken',
  'DeleteOwnAccount',
  'DisableTwoFactor',
  'DisownRegistration',
  'OwnDecision',
  'OwnEvents',
  'OwnRights',
  'PasswordStrength',
  'RefreshSession',
  'RegenerateRecoveryCodes',
  'Register',
  'RequestEmailChange',
  'RequestPasswordReset',
  'ResendVerificationEmail',
  'ResetPassword',
  'RevokeApiToken',
  'RevokeOtherSessions',
  'RevokeSession',
  'SessionEvents',
  'Sessions',
  'SignIn',
  'SignOut',
  'UndoEmailChange',
  'UpdateProfile',
  'VerifyEmail',
  'Viewer',
];

/** Label of every name that is not told apart. */
export const otherName = 'other';
/** Label of operations without a name. */
export const noName = 'unnamed';
