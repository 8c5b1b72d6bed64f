export interface Good {
  handle: string;
  title: string;
  description: string;
  /** In dollars: Medusa 2 counts in major units. */
  price: number;
}

export const STOCK = 50;

/** What a new shop sells until its owner adds goods of their own. The pictures are in `pictures/`. */
export const GOODS: Good[] = [
  {
    handle: 'stoneware-mug',
    title: 'Stoneware Mug',
    description:
      'A sturdy mug with a soft matte glaze. Holds 350 ml, keeps warm for long, and goes into the dishwasher.',
    price: 18,
  },
  {
    handle: 'canvas-tote',
    title: 'Canvas Tote',
    description: 'A roomy bag of heavy organic cotton with long handles, for the market, the library or the beach.',
    price: 24,
  },
  {
    handle: 'dotted-notebook',
    title: 'Dotted Notebook',
    description: '160 dotted pages of smooth paper that lie flat, in a cloth cover with a ribbon to mark your place.',
    price: 14.5,
  },
  {
    handle: 'cast-iron-teapot',
    title: 'Cast Iron Teapot',
    description:
      "A small teapot for two with a steel strainer inside. Enamelled, so that it never keeps yesterday's taste.",
    price: 49,
  },
  {
    handle: 'beeswax-candle',
    title: 'Beeswax Candle',
    description: 'Hand-poured from pure beeswax, with a gentle smell of honey. Burns for about forty hours.',
    price: 21,
  },
  {
    handle: 'wool-scarf',
    title: 'Wool Scarf',
    description:
      'A long, light scarf woven from fine merino wool. Warm enough for winter and soft enough for bare skin.',
    price: 39.9,
  },
];
