import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { PasswordStrengthType } from './password-strength.type.js';

@Resolver()
export class PasswordStrengthResolver {
  @Query(() => PasswordStrengthType, {
    description:
      'Estimates how hard a password is to guess, by the rule that new passwords must meet. BAD_USER_INPUT over ' +
      'GET, since proxies log URLs.',
  })
  passwordStrength(
    @Arg('password', () => String, { description: 'The password to estimate.' }) password: string,
    @Arg('username', () => String, {
      nullable: true,
      description: 'Username of the account: a password made of it is weak.',
    })
    username: string | null,
    @Arg('email', () => String, {
      nullable: true,
      description: 'E-mail address of the account: a password made of it is weak.',
    })
    email: string | null,
    @Ctx() { services }: Context,
  ) {
    return services.passwords.strength(password, { username, email });
  }
}
