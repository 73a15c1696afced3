import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { PasswordStrengthType } from './password-strength.type.js';

@Resolver()
export class PasswordStrengthResolver {
  @Query(() => PasswordStrengthType, {
    description: 'How hard a password is to guess. Not over GET: the URL would hold the password, and proxies log it.',
  })
  passwordStrength(
    @Arg('password', () => String) password: string,
    @Arg('username', () => String, { nullable: true }) username: string | null,
    @Arg('email', () => String, { nullable: true }) email: string | null,
    @Ctx() { services }: Context,
  ) {
    return services.passwords.strength(password, { username, email });
  }
}
