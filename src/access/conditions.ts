export type Conditions = Readonly<Record<string, unknown>>;
