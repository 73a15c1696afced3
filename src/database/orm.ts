import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Permission } from '../access/permission.entity.js';
import { Role } from '../access/role.entity.js';
import { RoleGrant } from '../access/role-grant.entity.js';
import { RoleName } from '../access/role-name.entity.js';
import { AccountState } from '../accounts/account-state.entity.js';
import { FormerUser } from '../accounts/former-user.entity.js';
import { MailRequest } from '../accounts/mail-request.entity.js';
import { MailedToken } from '../accounts/mailed-token.entity.js';
import { User } from '../accounts/user.entity.js';
import { ApiToken } from '../api-tokens/api-token.entity.js';
import { Attempt } from '../authentication/attempt.entity.js';
import { RecoveryCode } from '../authentication/recovery-code.entity.js';
import { TwoFactor } from '../authentication/two-factor.entity.js';
import { TwoFactorChallenge } from '../authentication/two-factor-challenge.entity.js';
import { Comment } from '../content/comment.entity.js';
import { Post } from '../content/post.entity.js';
import { OutgoingMail } from '../mail/outgoing-mail.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { RefreshToken } from '../sessions/refresh-token.entity.js';
import { Session } from '../sessions/session.entity.js';
import { SigningKey } from '../sessions/signing-key.entity.js';

/** The ORM's options for one database. */
export const ormOptions = (clientUrl: string, poolSize: number): Options =>
  defineConfig({
    clientUrl,
    entities: [
      User,
      FormerUser,
      MailedToken,
      MailRequest,
      Attempt,
      TwoFactor,
      TwoFactorChallenge,
      RecoveryCode,
      ApiToken,
      Role,
      Permission,
      RoleGrant,
      RoleName,
      AccountState,
      Post,
      Comment,
      Session,
      RefreshToken,
      SigningKey,
      SecurityEvent,
      OutgoingMail,
    ],
    pool: { min: 0, max: poolSize },
    forceUtcTimezone: true,
    // A column that the code does not know is none of its business (rate_limits belongs to the limiter).
    schemaGenerator: { skipTables: ['rate_limits'] },
    discovery: { disableDynamicFileAccess: true },
  });
