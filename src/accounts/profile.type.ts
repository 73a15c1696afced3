import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { expectedVersion, inputOf, payloadOf } from '../graphql/descriptions.js';
import type { Profile } from './profile.js';
import { UserPayload } from './user.type.js';

@InputType(inputOf('updateProfile', 'A field that is left out stays as it is; null clears it.'))
export class UpdateProfileInput implements Profile {
  @Field(() => String, { nullable: true, description: 'First name: at most 100 characters on one line.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Last name: at most 100 characters on one line.' })
  lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Address of a picture: https, at most 2,048 characters. Null: an identicon is shown instead.',
  })
  avatarUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'About the user: at most 1,000 characters of plain text.' })
  bio?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the user is: at most 100 characters on one line.' })
  location?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Address of the user's website: http or https, at most 2,048 characters.",
  })
  website?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name from the IANA time zone database, such as Europe/Berlin.',
  })
  timezone?: string | null;

  @Field(() => String, { nullable: true, description: 'BCP 47 language tag, such as en or pt-BR.' })
  language?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether notices about granted and expiring roles are mailed; null leaves it as it is. Security notices ' +
      'are mailed in any case.',
  })
  emailNotifications?: boolean | null;

  @Field(() => Int, { nullable: true, description: expectedVersion('account') })
  expectedVersion?: number | null;
}

@ObjectType(payloadOf('updateProfile'))
export class UpdateProfilePayload extends UserPayload {}
