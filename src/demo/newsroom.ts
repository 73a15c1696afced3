/** A post of the demo. */
export interface Article {
  readonly daysAgo: number;
  readonly hour: number;
  readonly author: string;
  readonly category: string;
  readonly title: string;
  readonly body: string;
  /** Who publishes it, three hours later; absent: it is a draft still. */
  readonly publisher?: string;
}

type Row = readonly [daysAgo: number, hour: number, author: string, title: string, body: string, publisher?: string];

const of = (category: string, rows: readonly Row[]): Article[] =>
  rows.map(([daysAgo, hour, author, title, body, publisher]) => ({
    ...{ daysAgo, hour, author, category, title, body },
    ...(publisher && { publisher }),
  }));

const [yuki, liam, kwame] = ['yuki.tanaka', 'liam.oconnor', 'kwame.mensah'];

const news = of('news', [
  [
    26,
    9,
    'viktor.petrov',
    'Port authority presents its budget',
    'Dredging takes the largest share for the third year.',
    yuki,
  ],
  [
    24,
    8,
    'samuel.okafor',
    'Ferry line to the islands doubles its trips',
    'From spring on, boats leave every hour.',
    yuki,
  ],
  [22, 10, 'aroha.ngata', 'Storm barrier passes its yearly test', 'All twelve gates closed in under an hour.', liam],
  [18, 9, 'samuel.okafor', 'Council votes for shore power', 'Ships at the quay are to switch their engines off.', yuki],
  [15, 11, 'aroha.ngata', 'Customs finds rare orchids in a container', 'The plants go to the botanical garden.', liam],
  [
    11,
    9,
    'samuel.okafor',
    'Night trains return after ten years',
    'The first sleeper leaves on a Friday.',
    'samuel.okafor',
  ],
  [8, 10, 'amara.diallo', 'What the new timetable changes', 'Three lines run more often, one is given up.', yuki],
  [4, 9, 'aroha.ngata', 'Harbour bridge closes for two weekends', 'Cyclists get a shuttle, lorries a detour.', liam],
  [1, 9, 'samuel.okafor', 'Who pays for the new quay wall', 'Two offers are on the table, one is incomplete.'],
  [1, 13, 'amara.diallo', 'A day on the pilot boat', 'Notes from a shift that began at four.'],
]);

const local = of('local', [
  [25, 9, 'mateus.silva', 'Fish market stays open in the evening', 'Stall holders try Thursdays first.', liam],
  [23, 12, 'ingrid.solberg', 'School choir sings at the lighthouse', 'Two hundred listeners stood in the rain.', yuki],
  [19, 9, 'chidi.eze', 'Old customs house becomes a library', 'The reading room will face the water.', liam],
  [16, 10, 'leila.rahimi', 'Residents count swifts for a week', 'They found more nests than in any year before.', yuki],
  [
    12,
    9,
    'noah.vandenberg',
    'A bakery that opens at three in the morning',
    'Its first customers come from the night shift.',
    liam,
  ],
  [5, 10, 'lukas.brandt', 'Playground at Mill Street reopens', 'The slide is longer, the queue as well.', yuki],
  [2, 11, 'chidi.eze', 'Allotments by the railway may stay', 'The lease is to be renewed, says the city.'],
]);

const sport = of('sport', [
  [24, 15, 'bruno.costa', 'Rowers win the harbour regatta', 'The eight was ahead from the first buoy.', 'bruno.costa'],
  [
    20,
    15,
    'mele.tuipulotu',
    'Rugby: a try in the last minute',
    'The home side had been behind for an hour.',
    'mele.tuipulotu',
  ],
  [14, 16, 'marta.lindqvist', 'Ice hockey for beginners', 'First training of a club founded in summer.'],
  [
    10,
    15,
    'jakub.horvath',
    'Chess league starts with a surprise',
    'The youngest player beats the champion.',
    'jakub.horvath',
  ],
  [
    6,
    16,
    'oluwaseun.adeyemi',
    'Marathon route goes along the docks',
    'Runners pass the cranes at kilometre thirty.',
    'oluwaseun.adeyemi',
  ],
  [
    3,
    15,
    'mele.tuipulotu',
    'Swimming pool gets its roof',
    'The team trains indoors from next month.',
    'mele.tuipulotu',
  ],
]);

const culture = of('culture', [
  [25, 14, 'anahit.petrosyan', 'A festival of silent films', 'A pianist plays to each of them.', kwame],
  [21, 14, 'rafael.moreno', 'Murals along the tram line', 'Nine walls, nine painters, one summer.', kwame],
  [17, 13, 'sinead.byrne', 'Sea songs, collected again', 'An archive puts three hundred recordings online.', kwame],
  [
    13,
    14,
    'minh.tran',
    'The puppet theatre moves into the dry dock',
    'The stage floats, the audience does not.',
    kwame,
  ],
  [7, 14, 'chloe.martin', 'What the museum keeps in its cellar', 'Figureheads, mostly, and one stuffed seal.', kwame],
  [2, 14, 'anahit.petrosyan', 'Programme of the spring concerts', 'The choir is still looking for two basses.'],
]);

const house = of('house', [
  [
    27,
    9,
    'kwame.mensah',
    'House rules for comments',
    'Be brief, be kind, no names of people who are not public.',
    kwame,
  ],
  [
    17,
    11,
    'ayesha.khan',
    'Marta Lindqvist joins the sport desk',
    'She leaves Personnel today. Henrik takes over her work.',
    kwame,
  ],
  [
    9,
    9,
    'priya.raman',
    'Choose a device you know',
    'If a mail says that you signed in elsewhere and you did not, call Support.',
    kwame,
  ],
]);

export const articles: readonly Article[] = [...news, ...local, ...sport, ...culture, ...house];

/** Comments, which are spread over the published posts. */
export const remarks: readonly string[] = [
  'I was there. It was even better than it reads.',
  'Is there a source for the second number?',
  'Thank you for writing about this.',
  'My neighbours say the opposite.',
  'Good picture, by the way.',
  'When does it start?',
  'The headline promises more than the text has.',
  'We should follow this up in a month.',
  'Finally somebody asks.',
  'Small correction: the street is called Mole Road now.',
  'Could we have a map with this?',
  'My grandfather worked there.',
  'I would like to read more about the people behind it.',
];
