import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SettingSource } from '../environment/settings.js';
import { describedValues } from '../graphql/descriptions.js';

registerEnumType(SettingSource, {
  name: 'SettingSource',
  description: 'Where the value of a setting comes from.',
  valuesConfig: describedValues<keyof typeof SettingSource>({
    ENVIRONMENT: 'The environment variable of this name.',
    FILE: 'The file that the variable with `_FILE` at its end names.',
    DOT_ENV: 'The file `.env`, which is read in development.',
    DEFAULT: 'It is not set, so the default applies.',
  }),
});

/** Also the values of the GraphQL enum `HealthState`. */
export enum HealthState {
  OK = 'OK',
  WARNING = 'WARNING',
  FAULT = 'FAULT',
}

registerEnumType(HealthState, {
  name: 'HealthState',
  description: 'What a check of the service has found.',
  valuesConfig: describedValues<keyof typeof HealthState>({
    OK: 'All is well.',
    WARNING: 'The service runs, but something is not as it should be.',
    FAULT: 'Something does not work.',
  }),
});

@ObjectType('Setting', {
  simpleResolvers: true,
  description: 'An environment variable, as the process that answers has read it at its start.',
})
export class SettingType {
  @Field(() => String, { description: 'Name of the variable.' })
  name!: string;

  @Field(() => String, { description: 'Topic under which docs/configuration.md has it.' })
  topic!: string;

  @Field(() => String, { description: 'What it is for; names are between backticks.' })
  description!: string;

  @Field(() => String, { description: 'Which values it takes, in words.' })
  type!: string;

  @Field(() => SettingSource, { description: 'Where its value comes from.' })
  source!: SettingSource;

  @Field(() => Boolean, {
    description: 'Whether its value is never shown, because it may hold a secret; `source` tells whether it is set.',
  })
  isHidden!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'The value in force, as it is written in the environment; passwords in URLs are left out. Null when it is hidden, when ' +
      'there is none, and for a default that depends on something: see `otherwise`.',
  })
  value!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The default; null when there is none, and when it depends on something.',
  })
  byDefault!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'In words, a default that depends on something; null for others.',
  })
  otherwise!: string | null;
}

@ObjectType('HealthFinding', { simpleResolvers: true, description: 'What one check of the service has found.' })
export class HealthFindingType {
  @Field(() => String, { description: 'What was looked at, for example `database` or `disk`.' })
  check!: string;

  @Field(() => HealthState, { description: 'How it is.' })
  state!: HealthState;

  @Field(() => String, { description: 'A sentence: what is the case and, unless that is well, what to do.' })
  message!: string;
}

@ObjectType('Settings', {
  simpleResolvers: true,
  description: 'Configuration, version and health of the service, as the process that answers sees them.',
})
export class SettingsType {
  @Field(() => String, { description: 'Version of Gatehouse.' })
  version!: string;

  @Field(() => String, { description: 'Version of Node.' })
  nodeVersion!: string;

  @Field(() => GraphQLDateTime, { description: 'When the process that answers was started.' })
  startedAt!: Date;

  @Field(() => Int, { description: 'For how many seconds that process has been running.' })
  uptime!: number;
}
