/** Where somebody works at the Harbour Courier, the newspaper of the demo. */
type Desk =
  | 'editors'
  | 'news'
  | 'local'
  | 'sport'
  | 'culture'
  | 'community'
  | 'it'
  | 'personnel'
  | 'finance'
  | 'legal'
  | 'external';

export interface Employee {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly desk: Desk;
  readonly city: string;
  /** Days before the first start of the demo; absent: from the beginning. */
  readonly joined?: number;
  /** Days before the first start of the demo. */
  readonly left?: number;
}

type Row = readonly [username: string, firstName: string, lastName: string, desk: Desk, city: string];

const longStanding: readonly Row[] = [
  ['ines.duarte', 'Inês', 'Duarte', 'it', 'Lisbon'],
  ['marta.lindqvist', 'Marta', 'Lindqvist', 'sport', 'Gothenburg'],
  ['kwame.mensah', 'Kwame', 'Mensah', 'editors', 'Accra'],
  ['yuki.tanaka', 'Yuki', 'Tanaka', 'news', 'Osaka'],
  ['priya.raman', 'Priya', 'Raman', 'it', 'Rotterdam'],
  ['samuel.okafor', 'Samuel', 'Okafor', 'news', 'Lagos'],
  ['hana.novakova', 'Hana', 'Nováková', 'finance', 'Brno'],
  ['tomasz.zielinski', 'Tomasz', 'Zieliński', 'it', 'Gdańsk'],
  ['oluwaseun.adeyemi', 'Oluwaseun', 'Adeyemi', 'sport', 'Lagos'],
  ['nadia.haddad', 'Nadia', 'Haddad', 'it', 'Rotterdam'],
  ['arjun.mehta', 'Arjun', 'Mehta', 'it', 'Bengaluru'],
  ['liam.oconnor', 'Liam', 'O’Connor', 'news', 'Cork'],
  ['aroha.ngata', 'Aroha', 'Ngata', 'news', 'Auckland'],
  ['mateus.silva', 'Mateus', 'Silva', 'local', 'Lisbon'],
  ['ingrid.solberg', 'Ingrid', 'Solberg', 'local', 'Bergen'],
  ['chidi.eze', 'Chidi', 'Eze', 'local', 'Lagos'],
  ['leila.rahimi', 'Leila', 'Rahimi', 'local', 'Rotterdam'],
  ['noah.vandenberg', 'Noah', 'van den Berg', 'local', 'Rotterdam'],
  ['bruno.costa', 'Bruno', 'Costa', 'sport', 'Lisbon'],
  ['mele.tuipulotu', 'Mele', 'Tuipulotu', 'sport', 'Auckland'],
  ['jakub.horvath', 'Jakub', 'Horváth', 'sport', 'Brno'],
  ['chloe.martin', 'Chloé', 'Martin', 'culture', 'Marseille'],
  ['anahit.petrosyan', 'Anahit', 'Petrosyan', 'culture', 'Yerevan'],
  ['rafael.moreno', 'Rafael', 'Moreno', 'culture', 'Bogotá'],
  ['sinead.byrne', 'Sinéad', 'Byrne', 'culture', 'Cork'],
  ['minh.tran', 'Minh', 'Trần', 'culture', 'Da Nang'],
  ['fatima.zahra', 'Fatima', 'Zahra', 'community', 'Tangier'],
  ['pedro.alonso', 'Pedro', 'Alonso', 'community', 'Bogotá'],
  ['grace.wanjiru', 'Grace', 'Wanjiru', 'community', 'Mombasa'],
  ['ayesha.khan', 'Ayesha', 'Khan', 'personnel', 'Rotterdam'],
  ['henrik.dahl', 'Henrik', 'Dahl', 'personnel', 'Bergen'],
  ['jonas.weber', 'Jonas', 'Weber', 'finance', 'Hamburg'],
  ['diego.alvarez', 'Diego', 'Álvarez', 'finance', 'Bogotá'],
  ['wei.zhang', 'Wei', 'Zhang', 'finance', 'Hamburg'],
  ['giulia.ferrari', 'Giulia', 'Ferrari', 'legal', 'Genoa'],
  ['daniel.cohen', 'Daniel', 'Cohen', 'legal', 'Haifa'],
];

const employee = ([username, firstName, lastName, desk, city]: Row): Employee => ({
  username,
  firstName,
  lastName,
  desk,
  city,
});

/** Everybody with an account in the demo. The first ones are introduced to visitors; see `visitors.ts`. */
export const staff: readonly Employee[] = [
  ...longStanding.map(employee),
  { ...employee(['elif.demir', 'Elif', 'Demir', 'external', 'Izmir']), joined: 22 },
  { ...employee(['amara.diallo', 'Amara', 'Diallo', 'news', 'Marseille']), joined: 12 },
  { ...employee(['lukas.brandt', 'Lukas', 'Brandt', 'local', 'Hamburg']), joined: 12 },
  { ...employee(['viktor.petrov', 'Viktor', 'Petrov', 'news', 'Varna']), left: 9 },
];

/** Top-level domain reserved for examples (RFC 2606): no mail can reach anybody. */
export const emailOf = (username: string): string => `${username}@harbour-courier.example`;

/** Time zone and language of the cities. */
export const places: Readonly<Record<string, readonly [timezone: string, language: string]>> = {
  Accra: ['Africa/Accra', 'en'],
  Auckland: ['Pacific/Auckland', 'en'],
  Bengaluru: ['Asia/Kolkata', 'en'],
  Bergen: ['Europe/Oslo', 'nb'],
  Bogotá: ['America/Bogota', 'es'],
  Brno: ['Europe/Prague', 'cs'],
  Cork: ['Europe/Dublin', 'en'],
  'Da Nang': ['Asia/Ho_Chi_Minh', 'vi'],
  Gdańsk: ['Europe/Warsaw', 'pl'],
  Genoa: ['Europe/Rome', 'it'],
  Gothenburg: ['Europe/Stockholm', 'sv'],
  Haifa: ['Asia/Jerusalem', 'he'],
  Hamburg: ['Europe/Berlin', 'de'],
  Izmir: ['Europe/Istanbul', 'tr'],
  Lagos: ['Africa/Lagos', 'en'],
  Lisbon: ['Europe/Lisbon', 'pt'],
  Marseille: ['Europe/Paris', 'fr'],
  Mombasa: ['Africa/Nairobi', 'sw'],
  Osaka: ['Asia/Tokyo', 'ja'],
  Rotterdam: ['Europe/Amsterdam', 'nl'],
  Tangier: ['Africa/Casablanca', 'ar'],
  Varna: ['Europe/Sofia', 'bg'],
  Yerevan: ['Asia/Yerevan', 'hy'],
};
