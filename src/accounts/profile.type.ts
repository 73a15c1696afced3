import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import type { Profile } from './profile.js';
import { UserType } from './user.type.js';

@InputType({ description: 'What is left out stays as it is; null clears it.' })
export class UpdateProfileInput implements Profile {
  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'An https address.' })
  avatarUrl?: string | null;

  @Field(() => String, { nullable: true })
  bio?: string | null;

  @Field(() => String, { nullable: true })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https address.' })
  website?: string | null;

  @Field(() => String, { nullable: true, description: 'A name of the IANA time zone database.' })
  timezone?: string | null;

  @Field(() => String, { nullable: true, description: 'A BCP 47 tag.' })
  language?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Null: unchanged. Security notices are sent in any case.' })
  emailNotifications?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class UpdateProfilePayload extends Payload {
  @Field(() => UserType, { nullable: true })
  user?: UserType;
}
